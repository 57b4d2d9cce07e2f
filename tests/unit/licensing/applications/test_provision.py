"""What precedes a provision, what follows a misuse, opening, development, sharing outside, lists."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications import acceptance, decisions, outside, provision, records, service
from licensing.applications.listing import cases_about, list_cases, show
from licensing.applications.models import Case
from licensing.applications.views import as_dict
from licensing.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from licensing.core.store.clocks import clocks_of
from licensing.core.store.events import history
from licensing.local.models import LocalNotice
from licensing.parties import standing
from licensing.parties.standing import PartnerNotEligible
from licensing.ports import Context
from tests.factories.cases import (
    accepted,
    as_,
    draft,
    new_case,
    prepared,
    provided,
    signed_agreement,
    submitted,
)


def reviewed(session: Session, ctx: Context, case: Case) -> Context:
    provider = as_(session, ctx, "u-provider")
    provision.review_confidentiality(session, provider, case.id, passed=True, opinion="可以提供")
    return provider


@pytest.mark.article("QD-18")
@pytest.mark.article("JS-19")
def test_nothing_is_provided_before_the_confidentiality_review_is_passed(
    session: Session, ctx: Context
) -> None:
    case = prepared(session, ctx)
    provider = as_(session, ctx, "u-provider")
    with pytest.raises(TransitionRefused, match="review"):
        provision.provide(session, provider, case.id)
    provision.review_confidentiality(session, provider, case.id, passed=False, opinion="含内部信息")
    with pytest.raises(TransitionRefused, match="review"):
        provision.provide(session, provider, case.id)
    with pytest.raises(NotPermitted):
        provision.review_confidentiality(
            session, as_(session, ctx, "u-applicant"), case.id, passed=True, opinion="没问题"
        )
    with pytest.raises(InvalidInput):
        provision.review_confidentiality(session, provider, case.id, passed=True, opinion=" ")
    reviewed(session, ctx, case)
    assert provision.provide(session, provider, case.id).status == "provided"
    reviews = records.records_of(session, case.id, records.REVIEW)
    assert [row.outcome for row in reviews] == ["failed", "passed"]


@pytest.mark.article("JS-19")
@pytest.mark.article("QD-18")
def test_protected_data_need_a_confidentiality_agreement_signed_by_both_sides(
    session: Session, ctx: Context
) -> None:
    case = prepared(session, ctx, content=draft("records", sensitive=("personal",)))
    provider = reviewed(session, ctx, case)
    with pytest.raises(TransitionRefused, match="confidentiality agreement"):
        provision.provide(session, provider, case.id)
    other = accepted(session, ctx)
    for wrong in (
        {"document_state": "part_signed"}, {"applicant_id": "p-river"}, {"case_id": other.id},
        {"kind": "cooperation"},
    ):  # fmt: skip
        signed_agreement(session, ctx, case, **{"kind": "confidentiality", **wrong})
    with pytest.raises(TransitionRefused, match="confidentiality agreement"):
        provision.provide(session, provider, case.id)
    signed_agreement(session, ctx, case, "confidentiality")
    assert provision.provide(session, provider, case.id).status == "provided"


@pytest.mark.article("JS-19")
def test_state_secrets_pass_no_review_on_this_platform(session: Session, ctx: Context) -> None:
    case = prepared(session, ctx, content=draft("records", sensitive=("secret",)))
    with pytest.raises(TransitionRefused):
        reviewed(session, ctx, case)


@pytest.mark.article("HB-16")
def test_files_are_handed_over_off_line_only_with_an_approval_on_record(
    session: Session, ctx: Context
) -> None:
    case = prepared(session, ctx, content=draft("records", mode="offline"))
    provider = reviewed(session, ctx, case)
    with pytest.raises(TransitionRefused, match="off line"):
        provision.provide(session, provider, case.id)
    with pytest.raises(NotPermitted):
        provision.approve_offline(session, provider, case.id, reason="条件不具备")
    provision.approve_offline(session, as_(session, ctx, "u-administrator"), case.id, reason="网络尚未联通")
    assert provision.provide(session, provider, case.id).status == "provided"
    (approval,) = records.records_of(session, case.id, records.OFFLINE_APPROVAL)
    assert (approval.actor, approval.text) == ("u-administrator", "网络尚未联通")
    online = prepared(session, ctx)
    with pytest.raises(TransitionRefused):
        provision.approve_offline(session, as_(session, ctx, "u-administrator"), online.id, reason="x")


@pytest.mark.article("HB-24")
@pytest.mark.article("TZ-14")
@pytest.mark.article("QD-16")
@pytest.mark.article("JS-17")
@pytest.mark.parametrize("what", sorted(provision.VIOLATIONS))
def test_a_use_beyond_purpose_is_recorded_and_the_access_revoked(
    session: Session, ctx: Context, what: str
) -> None:
    case = provided(session, ctx)
    access = provision.access_of(session, ctx, case.id)
    assert (access.open, access.purpose, access.system) == (True, draft().purpose, draft().system)
    provider = as_(session, ctx, "u-provider")
    provision.report_violation(session, provider, case.id, what=what, reason="检查发现")
    (row,) = records.records_of(session, case.id, records.VIOLATION)
    assert (row.outcome, row.text) == (what, "检查发现")
    with pytest.raises(NotPermitted):
        provision.revoke(session, as_(session, ctx, "u-other-provider"), case.id, reason="x")
    with pytest.raises(TransitionRefused):
        provision.revoke(session, provider, case.id, reason=" ")
    provision.revoke(session, provider, case.id, reason="违规使用")
    ended = provision.access_of(session, ctx, case.id)
    assert (ended.open, ended.fields) == (False, {})
    told = session.scalars(select(LocalNotice).where(LocalNotice.kind == "application.violation")).one()
    assert set(told.roles) == {"applicant", "provider", "administrator"}


def test_a_violation_is_of_a_known_kind(session: Session, ctx: Context) -> None:
    case = provided(session, ctx)
    with pytest.raises(InvalidInput):
        provision.report_violation(
            session, as_(session, ctx, "u-provider"), case.id, what="rumour", reason="x"
        )


@pytest.mark.article("HB-13")
@pytest.mark.article("HB-24")
def test_only_granted_fields_are_had(session: Session, ctx: Context) -> None:
    case = accepted(session, ctx)
    provider = as_(session, ctx, "u-provider")
    decisions.approve(session, provider, case.id, granted={"records": ["time"]}, reason="其余不必要")
    decisions.notify(session, as_(session, ctx, "u-platform"), case.id)
    reviewed(session, ctx, case)
    provision.provide(session, provider, case.id)
    assert provision.access_of(session, ctx, case.id).fields == {"records": ("time",)}
    provision.finish(session, as_(session, ctx, "u-applicant"), case.id)
    assert not provision.access_of(session, ctx, case.id).open


def test_a_failed_review_leads_back_to_a_refusal_with_its_notice(session: Session, ctx: Context) -> None:
    from tests.factories.cases import LAW

    case = prepared(session, ctx)
    decisions.refuse(session, as_(session, ctx, "u-provider"), case.id, reason="审查未通过", basis=LAW)
    (clock,) = clocks_of(session, case.id, open_only=True)
    assert (case.status, clock.rule_id) == ("refused", "application.notify")


@pytest.mark.article("SX-14")
def test_conditionally_open_data_are_applied_for_by_partners_who_are_verified(
    session: Session, ctx: Context
) -> None:
    case = accepted(session, ctx, "opening")
    decisions.approve(session, as_(session, ctx, "u-provider"), case.id)
    for name in ("free", "closed"):
        wrong = new_case(session, ctx, "opening", draft(name))
        with pytest.raises(InvalidInput):
            service.submit(session, as_(session, ctx, "u-partner"), wrong.id)


@pytest.mark.article("SX-14")
def test_an_interested_party_applies_for_data_not_public_and_is_decided_on_the_merits(
    session: Session, ctx: Context
) -> None:
    unsaid = new_case(session, ctx, "interested_party", draft("closed", statement=""))
    with pytest.raises(InvalidInput, match="interest"):
        service.submit(session, as_(session, ctx, "u-partner"), unsaid.id)
    case = accepted(session, ctx, "interested_party")
    provider = as_(session, ctx, "u-provider")
    with pytest.raises(TransitionRefused):
        decisions.approve(session, provider, case.id)
    decisions.approve(session, provider, case.id, reason="申请人与该数据有重大利害关系")
    assert history(session, case.id)[-1].reason == "申请人与该数据有重大利害关系"


@pytest.mark.article("SX-17")
@pytest.mark.article("SX-18")
@pytest.mark.parametrize("kind", ["development", "co_development"])
def test_an_authorisation_to_develop_needs_a_plan_and_a_signed_agreement_before_any_access(
    session: Session, ctx: Context, kind: str
) -> None:
    unplanned = new_case(session, ctx, kind, draft("records", statement=" "))
    with pytest.raises(InvalidInput, match="plan"):
        service.submit(session, as_(session, ctx, "u-partner"), unplanned.id)
    case = prepared(session, ctx, kind)
    provider = reviewed(session, ctx, case)
    with pytest.raises(TransitionRefused, match="cooperation"):
        provision.provide(session, provider, case.id)
    assert not provision.access_of(session, ctx, case.id).open
    signed_agreement(session, ctx, case, "cooperation", applicant_id="p-hill")
    with pytest.raises(TransitionRefused, match="cooperation"):
        provision.provide(session, provider, case.id)
    signed_agreement(session, ctx, case, "cooperation")
    assert provision.provide(session, provider, case.id).status == "provided"
    assert provision.access_of(session, ctx, case.id).open


@pytest.mark.article("SX-17")
def test_a_partner_that_is_blacklisted_on_the_way_gets_nothing(session: Session, ctx: Context) -> None:
    case = submitted(session, ctx, "opening")
    standing.blacklist(session, ctx, "p-river", reason="违规转供")
    with pytest.raises(PartnerNotEligible):
        acceptance.accept(session, as_(session, ctx, "u-platform"), case.id)


def outside_case(session: Session, ctx: Context, channel: str = "off_catalogue") -> Case:
    applicant = as_(session, ctx, "u-applicant")
    case = outside.create(
        session, applicant, department_id="d-health", provider_id="d-transport", channel=channel,
        draft=draft(items=(), statement="目录以外的线路客流数据"),
    )  # fmt: skip
    return outside.propose(session, applicant, case.id)


@pytest.mark.article("JS-13")
@pytest.mark.article("JS-14")
@pytest.mark.parametrize("channel", sorted(outside.CHANNELS))
def test_sharing_outside_is_agreed_filed_and_counted(session: Session, ctx: Context, channel: str) -> None:
    case = outside_case(session, ctx, channel)
    with pytest.raises(NotPermitted):
        outside.agree(session, as_(session, ctx, "u-applicant"), case.id)
    provider = as_(session, ctx, "u-provider")
    outside.agree(session, provider, case.id, conditions="按月提供")
    with pytest.raises(NotPermitted):
        outside.file(session, provider, case.id)
    outside.file(session, as_(session, ctx, "u-administrator"), case.id, opinion="予以备案")
    january = {"first": date(2026, 1, 1), "last": date(2026, 1, 31)}
    outside.count(session, provider, case.id, rows=1200, calls=30, **january)
    for wrong in (
        {**january, "rows": 1, "calls": 1},
        {"first": date(2026, 1, 31), "last": date(2026, 2, 28), "rows": 1, "calls": 1},
        {"first": date(2026, 3, 2), "last": date(2026, 3, 1), "rows": 1, "calls": 1},
        {"first": date(2026, 3, 1), "last": date(2026, 3, 2), "rows": -1, "calls": 1},
    ):
        with pytest.raises(InvalidInput):
            outside.count(session, provider, case.id, **wrong)  # type: ignore[arg-type]
    second = {"first": date(2026, 2, 1), "last": date(2026, 2, 28)}
    outside.count(session, provider, case.id, rows=800, calls=20, **second)
    found = {each.channel: (each.cases, each.rows, each.calls) for each in outside.figures(session)}
    assert found.pop(channel) == (1, 2000, 50)
    assert set(found.values()) == {(0, 0, 0)}


@pytest.mark.article("JS-13")
def test_without_agreement_the_government_determines_sharing_outside_the_catalogue(
    session: Session, ctx: Context
) -> None:
    case = outside_case(session, ctx)
    outside.disagree(session, as_(session, ctx, "u-provider"), case.id, reason="尚未治理")
    outside.escalate(session, as_(session, ctx, "u-applicant"), case.id, reason="协商未取得一致")
    outside.escalate(session, as_(session, ctx, "u-administrator"), case.id, reason="报请确定")
    with pytest.raises(NotPermitted):
        outside.determine(
            session, as_(session, ctx, "u-administrator"), case.id, share=True, reason="应当共享"
        )
    outside.determine(session, as_(session, ctx, "u-government"), case.id, share=True, reason="应当共享")
    assert case.status == "agreed"
    stages = [(row.data["stage"], row.outcome) for row in records.records_of(session, case.id, records.STAGE)]
    assert stages[0] == ("negotiation", "opened")
    assert stages[-1] == ("government", "agreed")


def test_lists_go_back_in_time_page_by_page_and_leave_nothing_out(session: Session, ctx: Context) -> None:
    made = [submitted(session, ctx).id for _ in range(5)]
    made.append(submitted(session, ctx, "opening").id)
    hidden = new_case(session, ctx).id
    platform = as_(session, ctx, "u-platform")
    seen: list[str] = []
    after: str | None = None
    while True:
        page = list_cases(session, platform, after=after, limit=2)
        seen += [case.id for case in page.cases]
        after = page.after
        if after is None:
            break
    assert seen == made[::-1]
    own = [case.id for case in list_cases(session, as_(session, ctx, "u-applicant"), view="applied").cases]
    assert own == [hidden, *made[4::-1]]
    received = list_cases(session, as_(session, ctx, "u-provider"), view="received", kind="opening")
    assert [case.id for case in received.cases] == made[5:]
    assert list_cases(session, as_(session, ctx, "u-other-provider"), view="received").cases == ()
    assert len(list_cases(session, platform, status="submitted", kind="sharing").cases) == 5
    with pytest.raises(NotPermitted):
        list_cases(session, as_(session, ctx, "u-provider"))
    about = cases_about(session, "records", limit=4)
    assert [case.id for case in about.cases] == made[:1:-1]
    assert about.after == made[2]


def test_a_draft_is_its_applicants_alone_and_a_case_is_its_sides_and_the_offices(
    session: Session, ctx: Context
) -> None:
    hidden, open_case = new_case(session, ctx), accepted(session, ctx)
    for who in ("u-platform", "u-provider", "u-other-provider"):
        with pytest.raises(NotFound):
            show(session, as_(session, ctx, who), hidden.id)
    assert show(session, as_(session, ctx, "u-applicant"), hidden.id) is hidden
    with pytest.raises(NotFound):
        show(session, as_(session, ctx, "u-partner"), open_case.id)
    assert show(session, as_(session, ctx, "u-supervisor"), open_case.id) is open_case


def test_a_case_as_data_shows_lamps_and_what_the_caller_may_do(session: Session, ctx: Context) -> None:
    case = accepted(session, ctx, content=draft("records", "shared-in"))
    shown = as_dict(session, as_(session, ctx, "u-provider"), case)
    assert {each["action"] for each in shown["actions"]} == {
        "approve", "refuse", "review_confidentiality", "say",
    }  # fmt: skip
    assert [(each["rule"], each["lamp"]) for each in shown["clocks"]] == [
        ("application.conformity", "done"),
        ("application.decide", "green"),
    ]
    assert shown["clocks"][1]["source"] == "HB-20"
    assert shown["consents"][0]["department"] == "d-police"
    assert as_dict(session, as_(session, ctx, "u-supervisor"), case)["actions"] == []
