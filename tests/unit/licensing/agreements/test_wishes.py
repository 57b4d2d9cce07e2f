"""What a side wants of an agreement in force: other terms, a renewal, an end after notice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from licensing.agreements import signing
from licensing.agreements.errors import AgreementRefused
from licensing.agreements.models import Agreement
from licensing.signatures import service as signatures
from tests.factories.filed_fixtures import filed_http, http, made
from tests.factories.filed_world import PARTNER_SIDE, PROVIDER_SIDE, Filed
from tests.factories.granted_http import act, ask, granted, token
from tests.factories.licensing_flow import Flow
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import make_context, principal
from tests.unit.licensing.agreements.agreements_contract import system

__all__ = ["filed_http", "http", "made"]


def agreement(http: HttpWorld, made: Filed) -> Agreement:
    with Session(http.engine, expire_on_commit=False) as session:
        return session.get_one(Agreement, made.agreement_id)


def run_machine(http: HttpWorld) -> list[str]:
    with Session(http.engine, expire_on_commit=False) as session, session.begin():
        ctx = system(make_context(session, http.folder, http.time))
        return [each.status for each in signing.expire_due(session, ctx)]


def sign(http: HttpWorld, agreement_id: str) -> None:
    """Open it for signing, and both sides sign."""
    trust = http.signing.trust
    with Session(http.engine, expire_on_commit=False) as session, session.begin():
        office = make_context(session, http.folder, http.time)
        who = {name: office.acting_as(principal(session, name)) for name in ("u-provider", "u-partner")}
        opened = signing.open_for_signing(
            session, who["u-provider"], agreement_id, address="https://x.invalid"
        )
        for side, name in ((PROVIDER_SIDE, "u-provider"), (PARTNER_SIDE, "u-partner")):
            signer = http.signing.signer(side)
            asked = signatures.request_signature(
                session, who[name], trust, opened.document_id or "", chain=signer.chain
            )
            signing.add_signature(session, who[name], trust, asked.id, signer.key.sign(asked.to_sign))


def test_the_applicant_asks_and_the_department_drafts(http: HttpWorld, made: Filed) -> None:
    here = f"/agreements/{made.agreement_id}"
    asked = act(http, f"{here}/ask-renewal", "u-partner", {"reason": "项目延续两年"})
    assert asked["status"] == "in_force"
    act(http, f"{here}/ask-amendment", "u-partner", {"reason": "每日限额不够"})
    for who, status in (("u-provider", 403), ("u-administrator", 403), ("u-other-partner", 404)):
        act(http, f"{here}/ask-renewal", who, {"reason": "x"}, status=status)
    assert http.call("POST", f"{here}/renew", "u-partner", {}).status_code == 403
    assert http.call("POST", f"{here}/renew", "u-provider", {}).status_code == 201
    told = http.call("GET", f"/subjects/agreement/{made.agreement_id}/history", "u-provider").get_json()
    assert [(each["action"], each["reason"]) for each in told][-2:] == [
        ("ask_renewal", "项目延续两年"), ("ask_amendment", "每日限额不够"),
    ]  # fmt: skip


def test_access_ends_with_the_last_day_of_the_notice_and_not_before(http: HttpWorld, made: Filed) -> None:
    grant = granted(http, made)
    secret = token(http, grant, expires_in=86400 * 90)["secret"]
    here = f"/agreements/{made.agreement_id}"
    noticed = act(http, f"{here}/give-notice", "u-partner", {"reason": "产品下线"})
    assert noticed["status"] == "in_force"
    days = noticed["terms"]["termination"]["notice_days"]
    assert days > 0
    act(http, f"{here}/give-notice", "u-provider", {"reason": "再通知"}, status=409)
    act(http, f"{here}/ask-renewal", "u-partner", {"reason": "续"}, status=409)
    assert http.call("POST", f"{here}/renew", "u-provider", {}).status_code == 409
    last = date(2026, 3, 3) + timedelta(days=days)
    http.time.set(f"{last} 23:59")
    assert ask(http, made, secret)["allowed"]
    assert run_machine(http) == []
    http.time.set(f"{last + timedelta(days=1)} 00:00")
    assert not ask(http, made, secret)["allowed"]
    assert run_machine(http) == ["terminated"]


def test_a_notice_is_not_longer_than_the_term(http: HttpWorld, made: Filed) -> None:
    end = agreement(http, made).last_day
    assert end is not None
    http.time.set(f"{end - timedelta(days=3)} 09:00")
    act(http, f"/agreements/{made.agreement_id}/give-notice", "u-partner", {"reason": "x"}, status=409)
    assert agreement(http, made).ended_at is None
    http.time.set(f"{end + timedelta(days=1)} 09:00")
    assert run_machine(http) == ["expired"]


def test_a_renewed_agreement_gives_access_to_its_last_day(http: HttpWorld, made: Filed) -> None:
    """The renewal is signed before the term ends, and the old agreement holds until then."""
    grant = granted(http, made)
    secret = token(http, grant, expires_in=86400 * 90)["secret"]
    renewal = act(http, f"/agreements/{made.agreement_id}/renew", "u-provider", {}, status=201)
    Flow(http).agreed(renewal["id"])
    sign(http, renewal["id"])
    assert agreement(http, made).status == "renewed"
    assert ask(http, made, secret)["allowed"]


def test_a_renewal_drafted_before_the_notice_never_takes_effect(http: HttpWorld, made: Filed) -> None:
    renewal = act(http, f"/agreements/{made.agreement_id}/renew", "u-provider", {}, status=201)
    Flow(http).agreed(renewal["id"])
    act(http, f"/agreements/{made.agreement_id}/give-notice", "u-provider", {"reason": "政策调整"})
    with pytest.raises(AgreementRefused):
        sign(http, renewal["id"])
    assert agreement(http, made).status == "in_force"
