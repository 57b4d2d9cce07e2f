"""Due days against a table made by hand from the calendars that the State Council announced."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core.clock import CHINA, Clock, Lamp
from licensing.core.errors import Conflict
from licensing.core.rules import load_rule_set
from licensing.core.workdays import StatutoryCalendar, add_working_days, working_days_between

CALENDAR = StatutoryCalendar()
DECIDE = load_rule_set("hubei").clock("application.decide")

BY_HAND = [
    ("2025-03-03", 3, "2025-03-06"),  # a plain week
    ("2025-03-06", 3, "2025-03-11"),  # over a weekend
    ("2025-09-25", 3, "2025-09-29"),  # Sunday 28 September is worked for National Day
    ("2025-09-30", 1, "2025-10-09"),  # National Day and Mid-Autumn, 1–8 October
    ("2025-09-30", 3, "2025-10-11"),  # Saturday 11 October is worked
    ("2025-09-30", 10, "2025-10-21"),
    ("2025-01-24", 1, "2025-01-26"),  # Sunday 26 January is worked for Spring Festival
    ("2025-01-27", 1, "2025-02-05"),  # Spring Festival, 28 January – 4 February
    ("2025-01-27", 4, "2025-02-08"),  # Saturday 8 February is worked
    ("2025-04-03", 1, "2025-04-07"),  # Qingming, 4–6 April
    ("2025-04-30", 1, "2025-05-06"),  # Labour Day, 1–5 May
    ("2025-04-25", 1, "2025-04-27"),  # Sunday 27 April is worked
    ("2025-05-30", 1, "2025-06-03"),  # Dragon Boat, 31 May – 2 June
    ("2025-12-31", 1, "2026-01-04"),  # 1–3 January off, Sunday 4 January worked
    ("2025-12-31", 3, "2026-01-06"),
    ("2026-02-13", 1, "2026-02-14"),  # Saturday 14 February is worked
    ("2026-02-14", 1, "2026-02-24"),  # Spring Festival, 15–23 February
    ("2026-02-27", 1, "2026-02-28"),  # Saturday 28 February is worked
    ("2026-02-11", 10, "2026-03-03"),
    ("2026-04-03", 1, "2026-04-07"),
    ("2026-05-08", 1, "2026-05-09"),  # Saturday 9 May is worked
    ("2026-09-30", 1, "2026-10-08"),  # National Day, 1–7 October
    ("2026-09-30", 3, "2026-10-10"),  # Saturday 10 October is worked
    ("2026-09-18", 1, "2026-09-20"),  # Sunday 20 September is worked
    ("2026-09-24", 1, "2026-09-28"),  # Mid-Autumn, 25–27 September
]


@pytest.mark.parametrize(("start", "days", "due"), BY_HAND)
def test_a_period_ends_on_the_day_of_the_announced_calendar(start: str, days: int, due: str) -> None:
    end = add_working_days(date.fromisoformat(start), days, CALENDAR)
    assert (end.day.isoformat(), end.provisional) == (due, False)


def test_a_period_that_reaches_a_year_not_announced_is_provisional_and_counts_weekdays() -> None:
    end = add_working_days(date(2026, 12, 28), 10, CALENDAR)
    assert (end.day, end.provisional) == (date(2027, 1, 11), True)


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
