"""Whoever subscribes is told of what happens, after a confirmation, until they stop; and nobody else is."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.model import Subscription
from ckanext.govdata.model.columns import new_id, utc_now
from ckanext.govdata.subscriptions import delivery, service
from tests.stack import Stack, csrf_token

DATASET = "parking-lots"
LINK = re.compile(r"/subscription/(confirm|end)\?key=([\w-]+)")


def address() -> str:
    return f"reader-{new_id()[:8]}@example.org"


def call(step: str, **data: Any) -> Any:
    return tk.get_action(f"govdata_subscription_{step}")({"user": ""}, data)


def subscribe(target: str, kind: str = "mail", **changes: Any) -> Any:
    about = {"scope": "dataset", "scope_id": DATASET, "language": "zh", **changes}
    return call("create", kind=kind, target=target, **about)


def body(mail: EmailMessage) -> str:
    return str(mail.get_content())


def secret(mail: EmailMessage, step: str) -> str:
    found = LINK.search(body(mail))
    assert found
    assert found[1] == step
    return found[2]


def row(end: str) -> Subscription:
    return service.by_end(model.Session, end)


def long_ago(subscription: Subscription) -> None:
    """As if it had begun before anything was released."""
    model.Session.execute(
        sa.update(Subscription)
        .where(Subscription.id == subscription.id)
        .values(told_until=utc_now() - timedelta(days=3650), due_at=utc_now() - timedelta(seconds=1))
    )
    model.Session.commit()


def deliver(subscription_id: str) -> None:
    """Rounds until this subscription has been looked at: others of the stack may be due too."""
    for _ in range(20):
        delivery.round_of(model.Session)
        found = model.Session.get(Subscription, subscription_id, populate_existing=True)
        if found.due_at is None or found.due_at > utc_now():
            return
    raise AssertionError("never due")


def test_a_mail_address_is_told_after_it_has_confirmed_and_until_it_stops(mails: list[EmailMessage]) -> None:
    target = address()
    assert subscribe(target)["status"] == "pending"
    assert [mail["To"] for mail in mails] == [target]
    link = secret(mails[0], "confirm")
    assert "公共停车场" in body(mails[0])
    assert call("confirm", secret=link)["status"] == "active"
    with pytest.raises(tk.ObjectNotFound):
        call("confirm", secret=link)
    held = (
        model.Session.execute(
            sa.select(Subscription)
            .where(Subscription.status == "active", Subscription.kind == "mail")
            .order_by(Subscription.created_at.desc())
        )
        .scalars()
        .first()
    )
    assert target.encode() not in held.target
    long_ago(held)
    deliver(held.id)
    assert len(mails) == 2
    assert "第 1 次发布" in body(mails[1])
    assert "/dataset/parking-lots" in body(mails[1])
    end = secret(mails[1], "end")
    assert end in mails[1]["List-Unsubscribe"]
    deliver_again = model.Session.get(Subscription, held.id, populate_existing=True)
    assert deliver_again.due_at > utc_now() + timedelta(hours=23)
    assert call("end", secret=end)["status"] == "ended"
    gone = row(end)
    assert (gone.target, gone.secret, gone.target_mark) == (None, None, None)


def test_asking_twice_tells_nobody_who_reads_what(mails: list[EmailMessage]) -> None:
    target = address()
    first = subscribe(target)
    call("confirm", secret=secret(mails[0], "confirm"))
    assert subscribe(target.upper().replace("EXAMPLE.ORG", "example.org")) == first
    assert len(mails) == 1


def test_an_unconfirmed_address_is_told_nothing_and_forgotten(mails: list[EmailMessage]) -> None:
    subscribe(address())
    link = secret(mails[0], "confirm")
    held = service.by_confirm(model.Session, link)
    model.Session.execute(
        sa.update(Subscription)
        .where(Subscription.id == held.id)
        .values(created_at=utc_now() - timedelta(hours=49))
    )
    model.Session.commit()
    with pytest.raises(tk.ObjectNotFound):
        call("confirm", secret=link)
    delivery.round_of(model.Session)
    gone = model.Session.get(Subscription, held.id, populate_existing=True)
    assert (gone.status, gone.target) == ("ended", None)
    assert len(mails) == 1


@pytest.mark.parametrize(
    "target", ["nobody", "a@b", "a b@example.org", "a@example.org\nBcc: x@example.org", "@example.org"]
)
def test_what_is_no_mail_address_is_refused(mails: list[EmailMessage], target: str) -> None:
    with pytest.raises(tk.ValidationError):
        subscribe(target)
    assert mails == []


@pytest.mark.parametrize(
    ("scope", "scope_id"),
    [("dataset", "nowhere"), ("department", "parking-lots"), ("theme", "none"), ("else", "")],
)
def test_only_what_is_public_can_be_subscribed_to(
    mails: list[EmailMessage], scope: str, scope_id: str
) -> None:
    with pytest.raises(tk.ValidationError):
        subscribe(address(), scope=scope, scope_id=scope_id)


def test_a_program_answers_the_challenge_and_is_told_signed(program: Any) -> None:
    program.obedient = True
    told = subscribe(program.url, "webhook")
    assert told["status"] == "active"
    with pytest.raises(tk.ValidationError):
        subscribe(program.url, "webhook")
    held = row(told["end"])
    long_ago(held)
    deliver(held.id)
    _path, headers, sent = program.came[-1]
    seconds, mark = re.fullmatch(r"t=(\d+),v1=(\w+)", headers["X-Govdata-Signature"]).groups()  # type: ignore[union-attr]
    expected = hmac.new(told["signing_key"].encode(), f"{seconds}.".encode() + sent, hashlib.sha256)
    assert hmac.compare_digest(mark, expected.hexdigest())
    change = json.loads(sent)["changes"][0]
    assert change["event"] == "release.published"
    assert change["dataset"]["name"] == DATASET
    assert call("end", secret=told["end"])["status"] == "ended"


def test_a_program_that_does_not_repeat_the_challenge_is_not_subscribed(program: Any) -> None:
    with pytest.raises(tk.ValidationError, match="challenge"):
        subscribe(program.url, "webhook", language="en")
    assert len(program.came) == 1
    program.obedient = True
    subscribe(program.url, "webhook")


def test_a_program_that_fails_is_tried_later_each_time_and_given_up_at_last(program: Any) -> None:
    program.obedient = True
    told = subscribe(program.url, "webhook")
    held = row(told["end"])
    program.status = 500
    waits = []
    for _ in range(delivery.MOST_FAILURES):
        long_ago(held)
        deliver(held.id)
        held = model.Session.get(Subscription, held.id, populate_existing=True)
        waits.append(held.due_at - utc_now() if held.due_at else None)
    assert waits[-1] is None
    assert held.status == "ended"
    assert held.target is None
    assert all(later > sooner for sooner, later in itertools.pairwise(waits[:-1]))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost:8443/",
        "https://169.254.169.254/latest/",
        "http://example.com/",
    ],
)
def test_the_running_portal_calls_nobody_within_its_network(stack: Stack, url: str) -> None:
    with stack.client() as client:
        answer = client.post(
            "/api/3/action/govdata_subscription_create",
            json={"kind": "webhook", "target": url, "scope": "all"},
        )
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "unsafe_address"


def test_the_form_says_what_is_wrong_beside_its_field_and_needs_its_token(stack: Stack) -> None:
    with httpx.Client(base_url=stack.base_url, timeout=60) as client:
        page = client.get("/subscribe", params={"scope": "dataset", "id": DATASET})
        assert "no-store" in page.headers["Cache-Control"]
        assert f"/feed/dataset/{DATASET}.atom" in page.text
        about = {"scope": "dataset", "id": DATASET, "kind": "webhook", "target": "https://127.0.0.1/"}
        assert client.post("/subscribe", data=about).status_code == 400
        sent = client.post(
            "/subscribe",
            data={**about, "_csrf_token": csrf_token(page.text)},
            headers={"Referer": f"{stack.base_url}/subscribe"},
        )
        assert client.get("/subscription/end?key=nothing").status_code == 404
        assert client.get("/subscribe", params={"scope": "dataset", "id": "nowhere"}).status_code == 404
    assert sent.status_code == 422
    assert 'id="hook-fault"' in sent.text
    assert "指向内部网络或保留地址" in sent.text
