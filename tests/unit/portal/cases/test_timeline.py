"""Clocks are read from the trail: started, stopped, started anew, and late or not for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest

from ckanext.govdata.cases import periods, timeline
from ckanext.govdata.complaints.lifecycle import COMPLAINT
from ckanext.govdata.requests.lifecycle import DEMAND
from licensing.core.clock import Lamp
from licensing.core.workdays import StatutoryCalendar

MONDAY = datetime(2026, 3, 2, 2, tzinfo=timezone.utc)
CALENDAR = StatutoryCalendar()


@dataclass(frozen=True)
class Line:
    action: str
    source: str
    at: datetime


def trail(table: object, *steps: tuple[str, int]) -> list[Line]:
    """Lines of the steps, each so many days after the first Monday of March 2026."""
    state, lines = "", []
    for action, day in steps:
        lines.append(Line(action, state, MONDAY + timedelta(days=day)))
        row = table.find(state, action) if state else None  # type: ignore[attr-defined]
        state = row.target if row else table.initial  # type: ignore[attr-defined]
    return lines


def read(table: object, lines: list[Line], day: int) -> dict[str, timeline.Reading]:
    found = timeline.clocks(table, lines, periods.rules())  # type: ignore[arg-type]
    return timeline.read(found, MONDAY + timedelta(days=day), CALENDAR)


def test_a_request_waits_for_moderation_first_and_for_the_department_then() -> None:
    asked = trail(DEMAND, ("create", 0))
    assert set(read(DEMAND, asked, 0)) == {"demand.moderate"}
    accepted = trail(DEMAND, ("create", 0), ("accept", 1))
    found = read(DEMAND, accepted, 1)
    assert not found["demand.moderate"].running
    assert found["demand.answer"].running
    # Twenty working days after Tuesday 3 March 2026, no holiday between.
    assert str(found["demand.answer"].due) == "2026-03-31"


def test_an_answer_in_time_stays_in_time_and_a_late_one_late() -> None:
    steps = (("create", 0), ("accept", 1))
    soon = read(DEMAND, trail(DEMAND, *steps, ("plan", 5)), 300)["demand.answer"]
    late = read(DEMAND, trail(DEMAND, *steps, ("plan", 60)), 300)["demand.answer"]
    assert (soon.lamp, soon.late) == (Lamp.DONE, False)
    assert (late.lamp, late.late) == (Lamp.RED, True)


def test_an_answer_that_must_be_given_again_runs_a_clock_of_its_own() -> None:
    lines = trail(DEMAND, ("create", 0), ("accept", 1), ("refuse", 2), ("object", 3), ("reopen", 10))
    found = read(DEMAND, lines, 10)["demand.answer"]
    assert found.running
    assert str(found.due) == "2026-04-10"


def test_nobody_who_acts_within_a_working_day_is_too_late_to_hide() -> None:
    lines = trail(COMPLAINT, ("create", 0))
    assert not read(COMPLAINT, lines, 1)["complaint.hide"].late
    assert read(COMPLAINT, lines, 2)["complaint.hide"].late


def test_taking_a_case_up_stops_no_clock() -> None:
    lines = trail(COMPLAINT, ("create", 0), ("take_up", 0))
    assert all(one.running for one in read(COMPLAINT, lines, 0).values())


@pytest.mark.parametrize("decision", ["uphold", "reject"])
def test_a_decision_stops_everything_and_opens_the_time_to_appeal(decision: str) -> None:
    found = read(COMPLAINT, trail(COMPLAINT, ("create", 0), ("hide", 0), (decision, 3)), 3)
    assert {name for name, one in found.items() if one.running} == {"complaint.window"}


def test_an_appeal_stops_the_time_to_appeal() -> None:
    lines = trail(COMPLAINT, ("create", 0), ("hide", 0), ("reject", 3), ("appeal", 4))
    found = read(COMPLAINT, lines, 4)
    assert {name for name, one in found.items() if one.running} == {"complaint.review"}
