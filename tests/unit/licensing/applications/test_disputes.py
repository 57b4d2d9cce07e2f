"""Protected data, consents, disagreements and disputes on secrecy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications import acceptance, consents, decisions, disputes, provision, secrecy
from licensing.applications.models import Case
from licensing.applications.records import digest
from licensing.core.errors import Conflict, InvalidInput, NotPermitted, TransitionRefused
from licensing.core.rules import load_rule_set
from licensing.core.store.clocks import clocks_of
from licensing.core.store.events import history
from licensing.local.models import LocalNotice
from licensing.ports import Context
from tests.factories.cases import LAW, accepted, as_, draft, prepared, provided, refused, submitted


@pytest.mark.article("JS-18")
def test_protected_data_are_answered_in_fifteen_working_days_and_a_refusal_is_written_and_filed(
    session: Session, ctx: Context
) -> None:
    here = replace(ctx, rules=load_rule_set("jiangsu"))
    case = submitted(session, here)
    acceptance.accept(session, as_(session, here, "u-platform"), case.id, sensitive=["personal"])
    (clock,) = clocks_of(session, case.id, open_only=True)
    assert (clock.rule_id, clock.due_day) == ("sensitive.answer", date(2026, 3, 23))
    assert here.rules.clock("sensitive.answer").source == "JS-18"
    decisions.refuse(
        session, as_(session, here, "u-provider"), case.id, reason="涉及个人隐私且无法脱敏", basis=LAW
    )
    (filed,) = decisions.filed_refusals(session)
    assert filed.case_id == case.id
    assert "涉及个人隐私且无法脱敏" in filed.text
    assert LAW[0].title in filed.text
    assert filed.sha256 == digest(filed.text)
    told = session.scalars(select(LocalNotice).where(LocalNotice.kind == "application.refusal_filed")).one()
    assert told.roles == ["administrator"]
    assert decisions.filed_refusals(session, after=filed.id) == []


@pytest.mark.article("JS-18")
def test_a_refusal_of_plain_data_is_not_filed(session: Session, ctx: Context) -> None:
    refused(session, ctx)
    assert decisions.filed_refusals(session) == []


@pytest.mark.article("JS-17")
@pytest.mark.article("HB-14")
def test_shared_in_data_need_the_original_providers_consent(session: Session, ctx: Context) -> None:
    case = accepted(session, ctx, content=draft("records", "shared-in"))
    (consent,) = consents.consents_of(session, case.id)
    assert consent.department_id == "d-police"
    assert consents.waiting(session, "d-police") == [consent]
    provider, original = as_(session, ctx, "u-provider"), as_(session, ctx, "u-other-provider")
    with pytest.raises(TransitionRefused, match="shared-in"):
        decisions.approve(session, provider, case.id)
    with pytest.raises(NotPermitted):
        consents.give(session, provider, consent.id)
    with pytest.raises(TransitionRefused):
        consents.deny(session, original, consent.id, reason="")
    consents.give(session, original, consent.id)
    assert decisions.approve(session, provider, case.id).status == "approved"
    assert [event.action for event in history(session, consent.id)] == ["create", "give"]


@pytest.mark.article("JS-17")
@pytest.mark.article("HB-14")
def test_without_consent_the_rest_can_be_granted_and_a_consent_taken_back_ends_the_access(
    session: Session, ctx: Context
) -> None:
    original = as_(session, ctx, "u-other-provider")
    denied = accepted(session, ctx, content=draft("records", "shared-in"))
    consents.deny(session, original, consents.consents_of(session, denied.id)[0].id, reason="不宜转供")
    provider = as_(session, ctx, "u-provider")
    decisions.approve(session, provider, denied.id, granted={"records": ["place"]}, reason="另一项未获同意")
    case = accepted(session, ctx, content=draft("records", "shared-in"))
    (consent,) = consents.consents_of(session, case.id)
    consents.give(session, original, consent.id)
    decisions.approve(session, provider, case.id)
    decisions.notify(session, as_(session, ctx, "u-platform"), case.id)
    provision.review_confidentiality(session, provider, case.id, passed=True, opinion="可以提供")
    provision.provide(session, provider, case.id)
    assert set(provision.access_of(session, ctx, case.id).fields) == {"records", "shared-in"}
    consents.take_back(session, original, consent.id, reason="来源部门停止授权")
    assert set(provision.access_of(session, ctx, case.id).fields) == {"records"}


def test_a_consent_to_a_case_that_has_ended_is_not_given(session: Session, ctx: Context) -> None:
    from licensing.applications import service

    case = accepted(session, ctx, content=draft("shared-in"))
    service.withdraw(session, as_(session, ctx, "u-applicant"), case.id)
    (consent,) = consents.consents_of(session, case.id)
    with pytest.raises(Conflict):
        consents.give(session, as_(session, ctx, "u-other-provider"), consent.id)


@pytest.mark.article("TZ-12")
@pytest.mark.article("QD-15")
@pytest.mark.article("HB-25")
@pytest.mark.article("JS-13")
@pytest.mark.parametrize("rules", ["tengzhou", "qidong", "hubei", "jiangsu"])
def test_a_disagreement_climbs_from_negotiation_to_the_centre_to_the_government(
    session: Session, ctx: Context, rules: str
) -> None:
    here = replace(ctx, rules=load_rule_set(rules))
    case = refused(session, here)
    with pytest.raises(TransitionRefused):
        disputes.escalate(session, as_(session, here, "u-applicant"), case.id, reason="越级")
    disputes.negotiate(session, as_(session, here, "u-applicant"), case.id, reason="履职确需")
    disputes.escalate(session, as_(session, here, "u-provider"), case.id, reason="协商未果")
    with pytest.raises(NotPermitted):
        decisions.approve(session, as_(session, here, "u-provider"), case.id, reason="改为同意")
    disputes.uphold(session, as_(session, here, "u-platform"), case.id, reason="理由成立")
    disputes.escalate(session, as_(session, here, "u-applicant"), case.id, reason="不服协调意见")
    with pytest.raises(NotPermitted):
        decisions.approve(session, as_(session, here, "u-administrator"), case.id, reason="同意")
    decisions.approve(session, as_(session, here, "u-government"), case.id, reason="履职确需，应当共享")
    assert case.status == "approved"
    stages = [(row.data["stage"], row.outcome) for row in disputes.stages_of(session, case.id)]
    assert stages == [
        ("negotiation", "opened"), ("negotiation", "failed"), ("centre", "opened"), ("centre", "upheld"),
        ("government", "opened"), ("government", "agreed"),
    ]  # fmt: skip
    opened = [row.data["source"] for row in disputes.stages_of(session, case.id) if row.outcome == "opened"]
    assert opened == [stage.source for stage in here.rules.escalation]
    (clock,) = clocks_of(session, case.id, open_only=True)
    assert clock.rule_id == "application.notify"


@pytest.mark.article("HB-25")
def test_the_two_can_agree_and_the_governments_refusal_is_final(session: Session, ctx: Context) -> None:
    settled = refused(session, ctx)
    applicant = as_(session, ctx, "u-applicant")
    disputes.negotiate(session, applicant, settled.id, reason="范围可以缩小")
    decisions.approve(
        session,
        as_(session, ctx, "u-provider"),
        settled.id,
        granted={"records": ["place"]},
        reason="同意缩小后提供",
    )
    assert [row.outcome for row in disputes.stages_of(session, settled.id)] == ["opened", "agreed"]
    case = refused(session, ctx)
    disputes.negotiate(session, applicant, case.id, reason="确需")
    disputes.escalate(session, applicant, case.id, reason="未果")
    disputes.escalate(session, as_(session, ctx, "u-administrator"), case.id, reason="协调未果，报请政府")
    disputes.uphold(session, as_(session, ctx, "u-government"), case.id, reason="不予共享")
    assert case.status == "final_refused"
    with pytest.raises(Conflict):
        disputes.close(session, applicant, case.id)


@pytest.mark.article("QD-15")
@pytest.mark.article("TZ-12")
def test_data_that_are_not_shared_go_straight_to_the_negotiation(session: Session, ctx: Context) -> None:
    case = submitted(session, ctx, content=draft("closed"))
    platform = as_(session, ctx, "u-platform")
    with pytest.raises(Conflict, match="accept_for_negotiation"):
        acceptance.accept(session, platform, case.id)
    acceptance.accept_for_negotiation(session, platform, case.id)
    assert case.status == "negotiating"
    assert clocks_of(session, case.id, open_only=True) == []
    decisions.approve(session, as_(session, ctx, "u-provider"), case.id, reason="协商一致")
    assert case.status == "approved"


def test_a_rule_set_without_a_stage_has_no_way_there(session: Session, ctx: Context) -> None:
    short = msgspec.structs.replace(ctx.rules, escalation=ctx.rules.escalation[:1])
    here = replace(ctx, rules=short)
    case = refused(session, here)
    disputes.negotiate(session, as_(session, here, "u-applicant"), case.id, reason="确需")
    with pytest.raises(TransitionRefused, match="no such stage"):
        disputes.escalate(session, as_(session, here, "u-applicant"), case.id, reason="未果")
    assert disputes.close(session, as_(session, here, "u-applicant"), case.id).status == "closed"


@pytest.mark.article("JS-19")
def test_a_dispute_on_state_secrecy_goes_to_the_authority_and_nothing_is_provided_meanwhile(
    session: Session, ctx: Context
) -> None:
    case = prepared(session, ctx)
    provider, authority = as_(session, ctx, "u-provider"), as_(session, ctx, "u-secrecy")
    provision.review_confidentiality(session, provider, case.id, passed=True, opinion="可以提供")
    dispute = secrecy.raise_dispute(
        session, as_(session, ctx, "u-applicant"), case.id, matter="secret", grounds="对密级认识不一"
    )
    with pytest.raises(Conflict):
        secrecy.raise_dispute(session, provider, case.id, matter="secret", grounds="再提")
    with pytest.raises(TransitionRefused, match="not settled"):
        provision.provide(session, provider, case.id)
    secrecy.refer(session, provider, dispute.id, reason="双方无法达成一致")
    for who in ("u-provider", "u-applicant", "u-platform", "u-administrator"):
        with pytest.raises(NotPermitted):
            secrecy.rule(session, as_(session, ctx, who), dispute.id, secret=False, reason="不属于")
    secrecy.rule(session, authority, dispute.id, secret=False, reason="不属于国家秘密")
    assert provision.provide(session, provider, case.id).status == "provided"
    assert [event.action for event in history(session, dispute.id)] == ["create", "refer", "rule"]
    assert "secrecy_ruling" in [event.action for event in history(session, case.id)]


@pytest.mark.article("JS-19")
def test_what_is_ruled_a_state_secret_never_leaves_by_this_platform(session: Session, ctx: Context) -> None:
    case = provided(session, ctx)
    assert provision.access_of(session, ctx, case.id).open
    dispute = secrecy.raise_dispute(
        session, as_(session, ctx, "u-provider"), case.id, matter="secret", grounds="疑似涉密"
    )
    assert not provision.access_of(session, ctx, case.id).open
    secrecy.refer(session, as_(session, ctx, "u-provider"), dispute.id, reason="提请确定")
    secrecy.rule(session, as_(session, ctx, "u-secrecy"), dispute.id, secret=True, reason="属于国家秘密")
    session.expire_all()
    assert session.get_one(Case, case.id).sensitive == ["secret"]
    assert not provision.access_of(session, ctx, case.id).open


@pytest.mark.article("JS-19")
def test_trade_secrets_and_privacy_are_for_another_organ_whose_word_is_recorded(
    session: Session, ctx: Context
) -> None:
    case = accepted(session, ctx)
    provider, administrator = as_(session, ctx, "u-provider"), as_(session, ctx, "u-administrator")
    dispute = secrecy.raise_dispute(session, provider, case.id, matter="commercial", grounds="企业主张")
    secrecy.refer(session, provider, dispute.id, reason="提请处理")
    with pytest.raises(TransitionRefused):
        secrecy.rule(session, as_(session, ctx, "u-secrecy"), dispute.id, secret=True, reason="属于")
    with pytest.raises(InvalidInput):
        secrecy.record_ruling(session, administrator, dispute.id, secret=True, organ=" ", reason="属于")
    secrecy.record_ruling(
        session, administrator, dispute.id, secret=True, organ="市中级人民法院", reason="判决属于商业秘密"
    )
    session.expire_all()
    assert case.sensitive == ["commercial"]


def test_outsiders_raise_no_dispute(session: Session, ctx: Context) -> None:
    case = accepted(session, ctx)
    for who in ("u-other-provider", "u-partner", "u-platform"):
        with pytest.raises(NotPermitted):
            secrecy.raise_dispute(session, as_(session, ctx, who), case.id, matter="secret", grounds="x")
    for matter, grounds in (("rumour", "x"), ("secret", " ")):
        with pytest.raises(InvalidInput):
            secrecy.raise_dispute(
                session, as_(session, ctx, "u-provider"), case.id, matter=matter, grounds=grounds
            )
