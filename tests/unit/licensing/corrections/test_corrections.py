"""A user reports an error; the provider verifies, corrects or explains; nothing else waits."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from licensing.applications.provision import access_of
from licensing.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from licensing.core.lifecycle_clocks import clock_faults
from licensing.core.store.clocks import clocks_of
from licensing.core.store.events import history
from licensing.corrections import service
from licensing.corrections.lifecycle import ANSWER, LIFECYCLE, STATE_NAMES
from licensing.corrections.models import Correction
from licensing.local.models import LocalDataset, LocalNotice
from licensing.ports import Context
from tests.factories.cases import as_, provided
from tests.factories.licensing_world import SettableTime


def reported(session: Session, ctx: Context, who: str = "u-applicant", **more: object) -> Correction:
    given: dict[str, object] = {
        "reporter_kind": "department", "reporter_id": "d-health", "dataset_id": "records",
        "place": "2026 年 2 月的记录", "description": "时间早于采集起始日", **more,
    }  # fmt: skip
    return service.report(session, as_(session, ctx, who), **given)  # type: ignore[arg-type]


def test_no_clock_of_a_report_is_lost_and_every_state_has_its_name() -> None:
    assert clock_faults(LIFECYCLE) == []
    assert set(STATE_NAMES) == set(LIFECYCLE.states)
    assert LIFECYCLE.dead_ends() == {"closed", "withdrawn"}
    assert all(each.zh and each.en for each in LIFECYCLE.transitions)


@pytest.mark.article("HB-23")
@pytest.mark.article("TZ-15")
@pytest.mark.article("QD-17")
def test_an_error_is_reported_verified_and_corrected_in_the_sight_of_both_sides(
    session: Session, ctx: Context
) -> None:
    case = reported(session, ctx)
    (clock,) = clocks_of(session, case.id)
    assert (clock.rule_id, clock.due_day) == (ANSWER, date(2026, 3, 16))
    service.verify(session, as_(session, ctx, "u-provider"), case.id)
    seen = [
        service.as_dict(service.show(session, as_(session, ctx, who), case.id))
        for who in ("u-applicant", "u-provider")
    ]
    assert seen[0] == seen[1]
    assert seen[0]["status"] == "verifying"
    service.correct(session, as_(session, ctx, "u-provider"), case.id, answer="采集设备时钟有误，已更正")
    assert case.status == "corrected"
    assert clocks_of(session, case.id, open_only=True) == []
    service.close(session, as_(session, ctx, "u-applicant"), case.id)
    assert [event.action for event in history(session, case.id)] == ["create", "verify", "correct", "close"]
    told = [row for row in session.query(LocalNotice) if row.subject == case.id]
    assert {"provider"} <= {role for row in told for role in row.roles}
    assert any("applicant" in row.roles for row in told)


@pytest.mark.article("HB-23")
@pytest.mark.article("QD-17")
@pytest.mark.article("TZ-15")
def test_business_goes_on_while_data_are_verified(session: Session, ctx: Context) -> None:
    used = provided(session, ctx)
    before = access_of(session, ctx, used.id)
    case = reported(session, ctx)
    service.verify(session, as_(session, ctx, "u-provider"), case.id)
    assert access_of(session, ctx, used.id) == before
    assert before.open
    notice = service.as_dict(case)["notice"]
    assert notice is not None
    assert "照常办理" in notice["zh"]
    service.explain(session, as_(session, ctx, "u-provider"), case.id, answer="数据无误，见说明")
    service.close(session, as_(session, ctx, "u-applicant"), case.id)
    assert service.as_dict(case)["notice"] is None


def test_an_answer_states_something_and_only_the_provider_gives_it(session: Session, ctx: Context) -> None:
    case = reported(session, ctx)
    service.verify(session, as_(session, ctx, "u-provider"), case.id)
    with pytest.raises(TransitionRefused):
        service.explain(session, as_(session, ctx, "u-provider"), case.id, answer="  ")
    with pytest.raises(NotPermitted):
        service.explain(session, as_(session, ctx, "u-other-provider"), case.id, answer="没有问题")
    with pytest.raises(NotPermitted):
        service.correct(session, as_(session, ctx, "u-applicant"), case.id, answer="自己改")


def test_the_clock_stands_while_the_reporter_is_asked(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    case = reported(session, ctx)
    service.verify(session, as_(session, ctx, "u-provider"), case.id)
    service.ask(session, as_(session, ctx, "u-provider"), case.id, reason="是哪一天的记录")
    (clock,) = clocks_of(session, case.id)
    assert clock.due_day is None
    time.set("2026-03-09 09:00")
    service.reply(session, as_(session, ctx, "u-applicant"), case.id, reason="2 月 3 日")
    assert clock.due_day == date(2026, 3, 23)


def test_an_unsettled_answer_is_taken_up_again_with_a_clock_of_its_own(
    session: Session, ctx: Context
) -> None:
    case = reported(session, ctx)
    service.verify(session, as_(session, ctx, "u-provider"), case.id)
    service.explain(session, as_(session, ctx, "u-provider"), case.id, answer="数据无误")
    service.reopen(session, as_(session, ctx, "u-applicant"), case.id, reason="与原件仍不一致")
    assert (case.status, case.reopened) == ("verifying", 1)
    assert [clock.stopped is None for clock in clocks_of(session, case.id)] == [False, True]


@pytest.mark.article("HB-17")
def test_the_platform_reports_what_its_check_of_quality_found(session: Session, ctx: Context) -> None:
    case = reported(session, ctx, "u-platform", reporter_kind="platform", reporter_id="platform")
    service.verify(session, as_(session, ctx, "u-provider"), case.id)
    service.correct(session, as_(session, ctx, "u-provider"), case.id, answer="已更正")
    assert service.close(session, as_(session, ctx, "u-platform"), case.id).status == "closed"
    others = reported(session, ctx)
    with pytest.raises(NotPermitted):
        service.withdraw(session, as_(session, ctx, "u-platform"), others.id)
    with pytest.raises(NotPermitted):
        reported(session, ctx, "u-applicant", reporter_kind="platform", reporter_id="platform")


def test_a_report_names_data_that_there_are(session: Session, ctx: Context) -> None:
    for wrong in (
        {"dataset_id": "nowhere"},
        {"release": 7},
        {"description": " "},
        {"description": "x" * 4001},
    ):
        with pytest.raises(InvalidInput):
            reported(session, ctx, **wrong)
    with pytest.raises(NotPermitted):
        reported(session, ctx, reporter_id="d-police")


def test_a_correction_names_a_version_that_there_is(session: Session, ctx: Context) -> None:
    row = session.get(LocalDataset, "records")
    assert row is not None
    row.releases = [{"number": 2, "published": "2026-03-01", "sha256": "0" * 64}]
    session.flush()
    case = reported(session, ctx, release=2)
    service.verify(session, as_(session, ctx, "u-provider"), case.id)
    with pytest.raises(InvalidInput):
        service.correct(session, as_(session, ctx, "u-provider"), case.id, answer="已更正", release=9)
    service.correct(session, as_(session, ctx, "u-provider"), case.id, answer="已更正", release=2)
    assert case.corrected_release == 2


def test_others_do_not_see_a_report_and_lists_have_pages(session: Session, ctx: Context) -> None:
    cases = [reported(session, ctx) for _ in range(3)]
    with pytest.raises(NotFound):
        service.show(session, as_(session, ctx, "u-partner"), cases[0].id)
    first = service.list_corrections(session, provider_id="d-transport", limit=2)
    assert [case.id for case in first] == [cases[2].id, cases[1].id]
    rest = service.list_corrections(session, provider_id="d-transport", after=first[-1].id, status="reported")
    assert [case.id for case in rest] == [cases[0].id]
    assert service.list_corrections(session, reporter_id="d-police") == []
