"""Due days against a table made by hand (:mod:`due_days_by_hand`), lamps, pauses and their algebra."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core.clock import CHINA, Clock, Lamp
from licensing.core.errors import Conflict
from licensing.core.rules import load_rule_set
from licensing.core.workdays import (
    SATURDAY,
    DueDay,
    StatutoryCalendar,
    add_working_days,
    working_days_between,
)
from tests.unit.licensing.core.due_days_by_hand import BY_HAND

CALENDAR = StatutoryCalendar()
DECIDE = load_rule_set("hubei").clock("application.decide")


class AnnouncedUntil2026(StatutoryCalendar):
    """The calendar as it stood before 2027 was announced, whatever the library learns later."""

    def is_workday(self, day: date) -> bool:
        return super().is_workday(day) if self.is_announced(day) else day.weekday() < SATURDAY

    def is_announced(self, day: date) -> bool:
        return day.year <= 2026


def test_the_table_has_sixty_dates_or_more() -> None:
    assert len({(start, days) for start, days, _, _ in BY_HAND}) == len(BY_HAND) >= 60


@pytest.mark.parametrize(("start", "days", "due", "provisional"), BY_HAND)
def test_a_clock_is_due_on_the_day_of_the_announced_calendar(
    start: str, days: int, due: str, provisional: bool
) -> None:
    """Started late in the day: the day of the event does not count (Civil Code, article 201)."""
    clock = Clock(msgspec.structs.replace(DECIDE, days=days, warn_before=0), at(f"{start} 17:59"))
    assert clock.due(AnnouncedUntil2026()) == DueDay(date.fromisoformat(due), provisional)


def test_a_year_that_nobody_has_announced_counts_weekdays_and_is_provisional() -> None:
    end = add_working_days(date(2098, 12, 29), 5, CALENDAR)
    assert (end.day, end.provisional) == (date(2099, 1, 5), True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_the_day_is_that_of_china_whatever_zone_the_record_is_in() -> None:
    late_in_utc = datetime.fromisoformat("2025-03-02T16:30:00+00:00")
    assert Clock(DECIDE, late_in_utc).due(CALENDAR) == Clock(DECIDE, at("2025-03-03 00:30")).due(CALENDAR)
    with pytest.raises(ValueError, match="aware"):
        Clock(DECIDE, datetime(2025, 3, 3)).due(CALENDAR)


def test_a_supplement_stops_the_clock_and_its_days_are_given_back() -> None:
    clock = Clock(DECIDE, at("2025-03-03 09:00")).pause(at("2025-03-05 15:00"))
    assert clock.due(CALENDAR) is None
    assert clock.lamp(at("2025-06-01 09:00"), CALENDAR) is Lamp.PAUSED
    resumed = clock.resume(at("2025-03-12 08:00"))
    due = resumed.due(CALENDAR)
    assert due is not None
    assert due.day == date(2025, 3, 24)


def test_a_pause_after_the_due_day_does_not_wash_the_delay_away() -> None:
    late = Clock(DECIDE, at("2025-03-03 09:00")).pause(at("2025-03-20 09:00"))
    assert late.lamp(at("2025-03-21 09:00"), CALENDAR) is Lamp.RED


@pytest.mark.parametrize(
    ("now", "lamp"),
    [
        ("2025-03-03 10:00", Lamp.GREEN),
        ("2025-03-11 23:59", Lamp.GREEN),
        ("2025-03-12 00:00", Lamp.YELLOW),
        ("2025-03-17 23:59", Lamp.YELLOW),
        ("2025-03-18 00:00", Lamp.RED),
    ],
)
def test_the_lamp_warns_before_the_due_day_and_turns_red_after_it(now: str, lamp: Lamp) -> None:
    assert Clock(DECIDE, at("2025-03-03 09:00")).lamp(at(now), CALENDAR) is lamp


def test_an_answer_in_time_stays_in_time_and_a_late_one_stays_late() -> None:
    started = Clock(DECIDE, at("2025-03-03 09:00"))
    assert started.stop(at("2025-03-17 17:00")).lamp(at("2026-01-01 09:00"), CALENDAR) is Lamp.DONE
    assert started.stop(at("2025-03-18 09:00")).lamp(at("2026-01-01 09:00"), CALENDAR) is Lamp.RED


def test_a_clock_cannot_be_resumed_when_it_runs_or_be_stopped_twice() -> None:
    clock = Clock(DECIDE, at("2025-03-03 09:00"))
    with pytest.raises(Conflict):
        clock.resume(at("2025-03-04 09:00"))
    with pytest.raises(Conflict):
        clock.stop(at("2025-03-04 09:00")).stop(at("2025-03-05 09:00"))
    with pytest.raises(Conflict):
        clock.pause(at("2025-03-02 09:00"))


days = st.dates(date(2020, 1, 1), date(2027, 6, 1))


@given(days, st.integers(1, 60))
def test_counting_back_gives_the_days_that_were_added(start: date, length: int) -> None:
    end = add_working_days(start, length, CALENDAR)
    assert CALENDAR.is_workday(end.day)
    assert working_days_between(start, end.day, CALENDAR) == length


@given(days, st.integers(0, 40), st.integers(0, 40))
def test_a_longer_period_never_ends_sooner(start: date, a: int, b: int) -> None:
    short, long = sorted((a, b))
    assert add_working_days(start, short, CALENDAR).day <= add_working_days(start, long, CALENDAR).day


@given(st.integers(0, 15), st.integers(0, 30))
def test_a_pause_never_brings_the_due_day_forward(before: int, length: int) -> None:
    start = at("2025-03-03 09:00")
    clock = Clock(DECIDE, start)
    paused = clock.pause(start + timedelta(days=before)).resume(start + timedelta(days=before + length))
    plain, longer = clock.due(CALENDAR), paused.due(CALENDAR)
    assert plain is not None
    assert longer is not None
    assert plain.day <= longer.day


@given(days, st.integers(0, 5))
def test_the_warning_begins_on_the_first_day_on_which_the_lamp_is_yellow(
    start: date, warn_before: int
) -> None:
    rule = msgspec.structs.replace(DECIDE, warn_before=warn_before)
    clock = Clock(rule, datetime(start.year, start.month, start.day, 12, tzinfo=CHINA))
    first, due = clock.warns_from(CALENDAR), clock.due(CALENDAR)
    assert first is not None
    assert due is not None
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=CHINA)
    assert clock.lamp(noon, CALENDAR) is Lamp.YELLOW
    if first > start:
        assert clock.lamp(noon - timedelta(days=1), CALENDAR) is Lamp.GREEN


def test_no_warning_is_due_while_the_clock_stands() -> None:
    assert Clock(DECIDE, at("2025-03-03 09:00")).pause(at("2025-03-05 15:00")).warns_from(CALENDAR) is None
