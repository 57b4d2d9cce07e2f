"""People are told of steps and of periods: once, on the page, by mail, by webhook, and nobody of a draft."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ckan import model

from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.model import Notice, NoticeWish
from ckanext.govdata.notices import delivery, due, gather, wishes
from tests.ckan.licensing.test_in_the_portal import apply, departments, shared_entry, step
from tests.ckan.readers.conftest import ckan_app, in_process, mails, program, site
from tests.stack import Stack, csrf_token

__all__ = ["ckan_app", "departments", "in_process", "mails", "program", "site"]

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)


@pytest.fixture
def submitted(stack: Stack, departments: dict[str, str], ckan_app: Any) -> Iterator[str]:
    """A case that 交通 has handed in for data of 民政."""
    case = apply(stack, departments, shared_entry(stack))
    step(stack, "compiler2", case, "submit")
    with ckan_app.test_request_context("/"):
        yield case
        model.Session.remove()


def told(case: str) -> dict[str, bool]:
    """Account → whether it is its turn, of the newest step of the case."""
    model.Session.rollback()
    rows = model.Session.query(Notice).filter(Notice.subject_id == case).order_by(Notice.at).all()
    last = max((row.at for row in rows), default=None)
    names = {row.user_id: row.mine for row in rows if row.at == last}
    return {model.User.get(user).name: mine for user, mine in names.items()}


def everything_told() -> None:
    while gather.run(setup()):
        pass


def test_whose_turn_it_is_learns_it_and_who_acted_does_not(
    stack: Stack, submitted: str, departments: dict[str, str]
) -> None:
    everything_told()
    after = told(submitted)
    assert after["demo-administrator"] is True
    assert "jiaotong-compiler" not in after
    assert after["jiaotong-reviewer"] is False
    step(stack, "administrator", submitted, "accept", {"sensitive": [], "controlled": False})
    everything_told()
    after = told(submitted)
    assert after["minzheng-reviewer"] is True
    assert "demo-administrator" not in after
    assert "minzheng-compiler" not in after
    count = model.Session.query(Notice).filter(Notice.subject_id == submitted).count()
    assert gather.run(setup()) == 0
    assert model.Session.query(Notice).filter(Notice.subject_id == submitted).count() == count


def test_nobody_is_told_of_a_draft(stack: Stack, departments: dict[str, str], ckan_app: Any) -> None:
    draft = apply(stack, departments, shared_entry(stack))
    with ckan_app.test_request_context("/"):
        everything_told()
        assert told(draft) == {}


def test_a_notice_is_read_on_the_page_and_says_no_purpose(stack: Stack, submitted: str) -> None:
    everything_told()
    with closing(stack.browser("administrator")) as browser:
        shown = browser.get("/licensing/notices").text
        assert f"/licensing/cases/{submitted}" in shown
        assert "核对公交优惠资格" not in shown
        browser.post(
            "/licensing/notices/read", data={"_csrf_token": csrf_token(shown)},
            headers={"Referer": f"{stack.base_url}/licensing/notices"},
        )  # fmt: skip
        assert "is-unread" not in browser.get("/licensing/notices").text


@pytest.mark.article("JS-32")
def test_one_mail_a_working_day_says_what_happened_and_what_falls_due(
    submitted: str, mails: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    everything_told()
    administrator = model.User.by_name("demo-administrator")
    model.Session.query(NoticeWish).delete()
    model.Session.commit()
    assert delivery.digests(setup(), MONDAY.replace(hour=8, minute=0)) == 0
    assert delivery.digests(setup(), MONDAY.replace(day=22)) == 0
    assert delivery.digests(setup(), MONDAY) > 0
    mine = [mail for mail in mails if mail["To"] == administrator.email]
    assert len(mine) == 1
    text = mine[0].get_content()
    assert f"/licensing/cases/{submitted}" in text
    assert delivery.digests(setup(), MONDAY.replace(hour=15)) == 0


def test_what_falls_due_is_told_to_whose_turn_it_is(submitted: str) -> None:
    found = due.by_person(setup(), MONDAY.date().replace(year=2027))
    administrator = model.User.by_name("demo-administrator").id
    assert any(f"/licensing/cases/{submitted}" == each.path for each in found[administrator])
    late = next(each for each in found[administrator] if each.path.endswith(submitted))
    assert "已超期" in late.zh
    compiler = model.User.by_name("minzheng-compiler").id
    assert not any(each.path.endswith(submitted) for each in found.get(compiler, []))


def test_a_webhook_is_called_with_a_signature_and_given_up_after_failures(
    submitted: str, program: Any
) -> None:
    user = model.User.by_name("demo-administrator").id
    key = wishes.set_hook(model.Session, user, program.url)
    wish = model.Session.get(NoticeWish, user)
    wish.hook_since = datetime(2026, 1, 1, tzinfo=CHINA)
    model.Session.commit()
    assert program.url.encode() not in bytes(wish.hook)
    everything_told()
    while delivery.calls():
        pass
    assert program.came
    assert key
    model.Session.query(Notice).filter(Notice.user_id == user).update({"called_at": None})
    program.status = 500
    now = datetime.now(CHINA)
    for _ in range(delivery.MOST_FAILURES):
        wish = model.Session.get(NoticeWish, user)
        wish.hook_due = None
        model.Session.commit()
        assert delivery.calls(now) == 0
    assert model.Session.get(NoticeWish, user).hook is None
