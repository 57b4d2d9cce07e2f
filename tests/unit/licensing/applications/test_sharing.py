"""Sharing between departments: intake, platform, provider, notice, clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications import acceptance, decisions, provision, service
from licensing.applications.drafts import Draft, Item
from licensing.applications.lifecycle import LIFECYCLES, STATE_NAMES
from licensing.applications.models import Case
from licensing.applications.provision import access_of
from licensing.applications.steps import items_of
from licensing.core.errors import Conflict, InvalidInput, NotPermitted, TransitionRefused
from licensing.core.ledger.models import PendingEntry
from licensing.core.lifecycle_clocks import clock_faults
from licensing.core.rules import load_rule_set
from licensing.core.store.clocks import clocks_of
from licensing.core.store.events import history
from licensing.local.models import LocalNotice
from licensing.ports import Context
from tests.factories.cases import LAW, accepted, as_, draft, new_case, provided, submitted
from tests.factories.licensing_world import SettableTime


def due(session: Session, case: Case) -> dict[str, date | None]:
    return {row.rule_id: row.due_day for row in clocks_of(session, case.id, open_only=True)}


def told(session: Session, case: Case, kind: str) -> set[str]:
    rows = session.scalars(select(LocalNotice).where(LocalNotice.subject == case.id))
    return {role for row in rows if row.kind == kind for role in row.roles}


@pytest.mark.parametrize("name", sorted(LIFECYCLES))
def test_no_clock_of_any_kind_is_lost_and_every_state_and_step_has_its_name(name: str) -> None:
    lifecycle = LIFECYCLES[name]
    assert clock_faults(lifecycle) == []
    assert set(lifecycle.states) <= set(STATE_NAMES)
    assert all(each.zh and each.en for each in lifecycle.transitions)
    ends = {"not_accepted", "final_refused", "closed", "withdrawn", "revoked", "finished", "ruled"}
    assert lifecycle.dead_ends() <= ends | {"refused_told"}


@pytest.mark.parametrize("name", sorted(LIFECYCLES))
def test_every_refusal_and_every_step_up_needs_a_reason(name: str) -> None:
    for each in LIFECYCLES[name].transitions:
        if each.action in {"refuse", "reject", "uphold", "escalate", "ask_supplement", "revoke", "disagree"}:
            assert each.needs_reason, each


@pytest.mark.article("HB-13")
@pytest.mark.article("HB-18")
@pytest.mark.parametrize("lacking", ["purpose", "grounds", "system", "items"])
def test_an_application_states_purpose_and_reason_before_it_is_taken(
    session: Session, ctx: Context, lacking: str
) -> None:
    case = new_case(session, ctx, content=draft(**{lacking: () if lacking == "items" else " "}))
    with pytest.raises(InvalidInput):
        service.submit(session, as_(session, ctx, "u-applicant"), case.id)
    service.save(session, as_(session, ctx, "u-applicant"), case.id, draft())
    assert service.submit(session, as_(session, ctx, "u-applicant"), case.id).status == "submitted"


@pytest.mark.article("HB-18")
def test_an_application_is_made_accepted_and_decided_on_line_by_three_parties(
    session: Session, ctx: Context
) -> None:
    case = accepted(session, ctx)
    decisions.approve(session, as_(session, ctx, "u-provider"), case.id)
    decisions.notify(session, as_(session, ctx, "u-platform"), case.id)
    events = history(session, case.id)
    assert [(event.action, event.actor) for event in events] == [
        ("create", "u-applicant"), ("submit", "u-applicant"), ("accept", "u-platform"),
        ("approve", "u-provider"), ("notify", "u-platform"),
    ]  # fmt: skip
    kept = set(session.scalars(select(PendingEntry.commitment)))
    assert {event.commitment for event in events} <= kept


@pytest.mark.article("HB-19")
def test_conformity_is_checked_in_three_working_days_and_a_refusal_states_reasons(
    session: Session, ctx: Context
) -> None:
    case = submitted(session, ctx)
    assert due(session, case) == {"application.conformity": date(2026, 3, 5)}
    platform = as_(session, ctx, "u-platform")
    with pytest.raises(TransitionRefused):
        acceptance.reject(session, platform, case.id, reason=" ")
    acceptance.reject(session, platform, case.id, reason="用途与部门职责无关")
    assert case.status == "not_accepted"
    assert history(session, case.id)[-1].reason == "用途与部门职责无关"
    assert due(session, case) == {}
    assert told(session, case, "application.not_accepted") == {"applicant"}


@pytest.mark.article("HB-20")
@pytest.mark.article("TZ-12")
@pytest.mark.article("QD-15")
def test_the_provider_decides_within_ten_working_days_and_the_applicant_is_told_in_one(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    for rules, article in (("hubei", "HB-20"), ("tengzhou", "TZ-12"), ("qidong", "QD-15")):
        time.set("2026-03-02 09:00")
        here = replace(ctx, rules=load_rule_set(rules))
        case = accepted(session, here)
        assert due(session, case) == {"application.decide": date(2026, 3, 16)}
        assert here.rules.clock("application.decide").source == article
        time.set("2026-03-06 15:00")
        decisions.refuse(session, as_(session, here, "u-provider"), case.id, reason="超出范围", basis=LAW)
        assert due(session, case) == {"application.notify": date(2026, 3, 9)}
        decisions.notify(session, as_(session, here, "u-platform"), case.id)
        assert case.status == "refused_told"
        assert told(session, case, "application.decided") == {"applicant"}
        assert due(session, case) == {}


@pytest.mark.article("HB-20")
@pytest.mark.article("QD-15")
@pytest.mark.article("TZ-12")
@pytest.mark.article("JS-13")
@pytest.mark.parametrize("rules", ["hubei", "qidong", "tengzhou", "jiangsu"])
def test_a_refusal_without_reason_or_law_is_no_refusal(session: Session, ctx: Context, rules: str) -> None:
    here = replace(ctx, rules=load_rule_set(rules))
    case = accepted(session, here)
    provider = as_(session, here, "u-provider")
    with pytest.raises(TransitionRefused):
        decisions.refuse(session, provider, case.id, reason="", basis=LAW)
    for basis in (
        (),
        (decisions.Citation("law", " ", "第一条"),),
        (decisions.Citation("habit", "惯例", "一"),),
    ):
        with pytest.raises(InvalidInput):
            decisions.refuse(session, provider, case.id, reason="不便提供", basis=basis)
    assert case.status == "accepted"


def test_a_ministry_rule_justifies_a_refusal_where_the_rule_set_accepts_it(
    session: Session, ctx: Context
) -> None:
    basis = (decisions.Citation("ministry_rule", "某部门规章", "第五条"),)
    qidong = replace(ctx, rules=load_rule_set("qidong"))
    case = accepted(session, qidong)
    with pytest.raises(InvalidInput, match="qidong"):
        decisions.refuse(session, as_(session, qidong, "u-provider"), case.id, reason="不宜", basis=basis)
    other = accepted(session, ctx)
    decisions.refuse(session, as_(session, ctx, "u-provider"), other.id, reason="不宜", basis=basis)
    assert other.status == "refused"


@pytest.mark.article("HB-21")
@pytest.mark.article("HB-11")
def test_the_platform_authorises_uncontrolled_data_in_three_working_days_and_tells_the_provider(
    session: Session, ctx: Context
) -> None:
    case = submitted(session, ctx, content=draft("free"))
    platform = as_(session, ctx, "u-platform")
    with pytest.raises(Conflict, match="accept_for_platform"):
        acceptance.accept(session, platform, case.id)
    acceptance.accept_for_platform(session, platform, case.id)
    assert due(session, case) == {"platform.decide": date(2026, 3, 5)}
    with pytest.raises(NotPermitted):
        decisions.approve(session, as_(session, ctx, "u-provider"), case.id)
    decisions.approve(session, platform, case.id)
    assert told(session, case, "application.platform_decided") == {"provider"}
    assert case.status == "approved"


@pytest.mark.article("HB-21")
def test_a_refusal_of_the_platform_states_reasons_and_the_provider_is_told_at_once(
    session: Session, ctx: Context
) -> None:
    case = submitted(session, ctx, content=draft("free"))
    platform = as_(session, ctx, "u-platform")
    acceptance.accept_for_platform(session, platform, case.id)
    with pytest.raises(TransitionRefused):
        decisions.refuse(session, platform, case.id, reason=" ", basis=LAW)
    assert told(session, case, "application.platform_decided") == set()
    decisions.refuse(session, platform, case.id, reason="超出履职范围", basis=LAW)
    assert history(session, case.id)[-1].reason == "超出履职范围"
    assert told(session, case, "application.platform_decided") == {"provider"}
    assert due(session, case) == {"application.notify": date(2026, 3, 3)}


@pytest.mark.article("HB-11")
def test_the_provider_authorises_unconditional_data_whose_parameters_need_control(
    session: Session, ctx: Context
) -> None:
    case = submitted(session, ctx, content=draft("free"))
    acceptance.accept(session, as_(session, ctx, "u-platform"), case.id, controlled=True)
    assert due(session, case) == {"application.decide": date(2026, 3, 16)}
    with pytest.raises(NotPermitted):
        decisions.approve(session, as_(session, ctx, "u-platform"), case.id)
    assert decisions.approve(session, as_(session, ctx, "u-provider"), case.id).status == "approved"


@pytest.mark.article("HB-11")
def test_conditional_data_are_not_for_the_platform_to_give(session: Session, ctx: Context) -> None:
    case = submitted(session, ctx)
    with pytest.raises(Conflict):
        acceptance.accept_for_platform(session, as_(session, ctx, "u-platform"), case.id)


@pytest.mark.article("SX-13")
@pytest.mark.article("TZ-12")
@pytest.mark.article("QD-15")
@pytest.mark.parametrize("rules", ["shanxi", "tengzhou", "qidong"])
def test_unconditional_data_are_taken_directly_with_need_and_purpose_on_record_free_of_charge(
    session: Session, ctx: Context, rules: str
) -> None:
    here = replace(ctx, rules=load_rule_set(rules))
    applicant = as_(session, here, "u-applicant")
    unsaid = new_case(session, here, content=draft("free", purpose=""))
    with pytest.raises(InvalidInput):
        service.take(session, applicant, unsaid.id)
    case = new_case(session, here, content=draft("free"))
    service.take(session, applicant, case.id)
    access = access_of(session, here, case.id)
    assert access.open
    assert access.fields == {"free": ("place", "owner", "time")}
    assert (case.purpose, case.grounds) == (draft().purpose, draft().grounds)
    entry = session.scalars(select(PendingEntry).where(PendingEntry.kind == "sharing.take")).one()
    assert entry.payload is not None
    assert entry.payload["data"]["fee"] == 0
    assert told(session, case, "application.taken") == {"provider"}


@pytest.mark.article("SX-13")
def test_only_what_is_unconditional_and_nobody_elses_is_taken_directly(
    session: Session, ctx: Context
) -> None:
    here = replace(ctx, rules=load_rule_set("shanxi"))
    for content in (draft("records"), draft("free", "records"), draft("free-shared-in"), draft("closed")):
        case = new_case(session, here, content=content)
        with pytest.raises(TransitionRefused):
            service.take(session, as_(session, here, "u-applicant"), case.id)
    case = new_case(session, ctx, content=draft("free"))
    with pytest.raises(TransitionRefused):  # Hubei: the platform authorises
        service.take(session, as_(session, ctx, "u-applicant"), case.id)


@pytest.mark.article("SX-13")
def test_conditional_data_are_had_only_after_their_provider_has_agreed(
    session: Session, ctx: Context
) -> None:
    here = replace(ctx, rules=load_rule_set("shanxi"))
    case = accepted(session, here)
    provider = as_(session, here, "u-provider")
    with pytest.raises(TransitionRefused):
        provision.provide(session, provider, case.id)
    assert not access_of(session, here, case.id).open
    decisions.refuse(session, provider, case.id, reason="超出范围", basis=LAW)
    with pytest.raises(TransitionRefused):
        provision.provide(session, provider, case.id)
    assert access_of(session, here, case.id).fields == {}
    assert access_of(session, here, provided(session, here).id).open


@pytest.mark.article("HB-22")
def test_the_platforms_own_record_is_the_time_of_every_period(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    time.set("2026-04-03 23:59")
    case = submitted(session, ctx)
    (clock,) = clocks_of(session, case.id)
    assert clock.started == time.now()
    # Friday before Qingming: Monday the 6th is a holiday.
    assert clock.due_day == date(2026, 4, 9)
    assert history(session, case.id)[-1].at == time.now()


def test_a_supplement_is_asked_for_once_and_the_clock_stands_meanwhile(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    case = submitted(session, ctx)
    platform, applicant = as_(session, ctx, "u-platform"), as_(session, ctx, "u-applicant")
    time.set("2026-03-03 10:00")
    acceptance_due = due(session, case)
    service.ask_supplement(session, platform, case.id, reason="请补充职责依据")
    assert due(session, case) == {"application.conformity": None}
    time.set("2026-03-10 10:00")
    service.supplement(session, applicant, case.id, draft("records", grounds="依据职责清单第 3 项"))
    assert due(session, case) != acceptance_due
    assert due(session, case) == {"application.conformity": date(2026, 3, 12)}
    assert case.grounds == "依据职责清单第 3 项"
    with pytest.raises(TransitionRefused, match="once"):
        service.ask_supplement(session, platform, case.id, reason="还缺一项")
    acceptance.accept(session, platform, case.id)
    assert due(session, case) == {"application.decide": date(2026, 3, 24)}


def test_a_supplement_that_never_comes_can_be_refused(session: Session, ctx: Context) -> None:
    case = submitted(session, ctx)
    service.ask_supplement(session, as_(session, ctx, "u-platform"), case.id, reason="请补充")
    acceptance.reject(session, as_(session, ctx, "u-platform"), case.id, reason="逾期未补正")
    assert clocks_of(session, case.id, open_only=True) == []


def test_the_provider_grants_some_columns_only(session: Session, ctx: Context) -> None:
    case = accepted(session, ctx, content=draft("records", "parking"))
    provider = as_(session, ctx, "u-provider")
    for beyond in ({"records": ["price"]}, {"other": ["place"]}, {}, {"records": []}):
        with pytest.raises(InvalidInput):
            decisions.approve(session, provider, case.id, granted=beyond, reason="其余涉及个人隐私")
    decisions.approve(
        session, provider, case.id, granted={"records": ["place", "time"]}, conditions="仅限汇总",
        reason="其余涉及个人隐私",
    )  # fmt: skip
    granted = {item.dataset_id: item.granted for item in items_of(session, case.id)}
    assert granted == {"records": ["place", "time"], "parking": []}


@pytest.mark.article("HB-20")
@pytest.mark.parametrize("reason", ["", " \n"])
def test_columns_are_not_refused_without_a_reason(session: Session, ctx: Context, reason: str) -> None:
    case = accepted(session, ctx)
    provider = as_(session, ctx, "u-provider")
    with pytest.raises(InvalidInput) as caught:
        decisions.approve(session, provider, case.id, granted={"records": ["place"]}, reason=reason)
    assert caught.value.params["pointer"] == "/reason"
    assert [item.granted for item in items_of(session, case.id)] == [None]
    asked = {item.dataset_id: item.fields for item in items_of(session, case.id)}
    assert decisions.approve(session, provider, case.id, granted=asked).status == "approved"


def test_all_fields_means_those_of_today(session: Session, ctx: Context) -> None:
    case = submitted(session, ctx)
    (item,) = items_of(session, case.id)
    assert item.fields == ["place", "owner", "time"]


def test_a_draft_is_refused_when_it_cannot_be_saved(session: Session, ctx: Context) -> None:
    wrong: tuple[Draft, ...] = (
        draft(purpose="x" * 4001), draft(mode="pigeon"), draft(years=6), draft(years=0),
        draft(sensitive=("rumour",)), draft("a", "a"), draft(items=(Item("records", ("place", "place")),)),
        draft(purpose="a\x00b"), draft(items=(Item(""),)),
    )  # fmt: skip
    for content in wrong:
        with pytest.raises(InvalidInput):
            new_case(session, ctx, content=content)


def test_data_and_fields_that_there_are_not_and_two_providers_are_refused(
    session: Session, ctx: Context
) -> None:
    from licensing.local.models import LocalDataset

    row = session.get_one(LocalDataset, "clinics")
    row.provider = "d-police"
    session.flush()
    for items in ((Item("nowhere"),), (Item("records", ("price",)),), (Item("records"), Item("clinics"))):
        case = new_case(session, ctx, content=draft(items=items))
        with pytest.raises(InvalidInput):
            service.submit(session, as_(session, ctx, "u-applicant"), case.id)


def test_nobody_applies_for_others(session: Session, ctx: Context) -> None:
    for who, kind, party in (
        ("u-applicant", "department", "d-police"),
        ("u-provider", "department", "d-transport"),
        ("u-other-partner", "department", "d-health"),
    ):
        with pytest.raises(NotPermitted):
            service.create(
                session, as_(session, ctx, who), kind="sharing", applicant_kind=kind, applicant_id=party,
                draft=draft(),
            )  # fmt: skip
    with pytest.raises(InvalidInput):
        service.create(
            session, as_(session, ctx, "u-partner"), kind="sharing", applicant_kind="partner",
            applicant_id="p-river", draft=draft(),
        )  # fmt: skip


def test_a_case_is_withdrawn_and_nothing_runs_on(session: Session, ctx: Context) -> None:
    case = accepted(session, ctx)
    service.withdraw(session, as_(session, ctx, "u-applicant"), case.id, reason="不再需要")
    assert (case.status, due(session, case)) == ("withdrawn", {})


def test_an_old_version_is_refused_and_the_texts_of_a_case_are_in_no_ledger_payload(
    session: Session, ctx: Context
) -> None:
    case = submitted(session, ctx)
    with pytest.raises(Conflict):
        acceptance.accept(session, as_(session, ctx, "u-platform"), case.id, if_version=case.version - 1)
    payloads = str([row.payload for row in session.scalars(select(PendingEntry))])
    for content in (case.purpose, case.grounds, case.system):
        assert content not in payloads
