"""What the board keeps of a clock tells the same lamp as the clock itself, on every day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata.supervision.board import periods, projection
from ckanext.govdata.supervision.board.facts import of_clock
from ckanext.govdata.supervision.board.sources.rectifications import WARNED, _warned
from ckanext.govdata.supervision.rectification.lifecycle import (
    OPEN,
    PUBLIC,
    RECTIFICATION,
    STATE_LABELS,
    VISIBLE_TO_DEPARTMENT,
    WITH_DEADLINE,
    WITH_DECISION,
)
from licensing.core.clock import CHINA, Clock
from licensing.core.rules import load_rule_set
from licensing.core.workdays import StatutoryCalendar, working_days_between

CALENDAR = StatutoryCalendar()
RULES = sorted(load_rule_set("shanxi").clocks)
BEGAN = datetime(2026, 1, 5, 9, tzinfo=CHINA)


@given(
    rule=st.sampled_from(RULES), pause=st.tuples(st.integers(0, 30), st.integers(0, 30)),
    stop=st.none() | st.integers(61, 120), shows=st.integers(0, 150),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_the_board_shows_the_lamp_of_the_clock(
    rule: str, pause: tuple[int, int], stop: int | None, shows: int
) -> None:
    clock = Clock(load_rule_set("shanxi").clock(rule), BEGAN)
    clock = clock.pause(BEGAN + timedelta(days=pause[0])).resume(BEGAN + timedelta(days=sum(pause)))
    if stop is not None:
        clock = clock.stop(BEGAN + timedelta(days=stop))
    facts = of_clock(
        clock, CALENDAR, key="k", source="s", kind="k", subject_id="i", department="d", holder="provider"
    )
    now = BEGAN + timedelta(days=shows)
    assert facts.lamp(now.date()) == clock.lamp(now, CALENDAR)


def test_a_standing_clock_is_paused_whatever_the_day() -> None:
    clock = Clock(load_rule_set("shanxi").clock(RULES[0]), BEGAN).pause(BEGAN)
    facts = of_clock(
        clock, CALENDAR, key="k", source="s", kind="k", subject_id="i", department="d", holder="provider"
    )
    assert facts.lamp(date(2030, 1, 1)).value == "paused"


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)))
@settings(deadline=None)
def test_a_deadline_is_yellow_while_three_working_days_or_fewer_are_left(deadline: date) -> None:
    first = _warned(deadline)
    assert working_days_between(first, deadline, CALENDAR) <= WARNED
    assert working_days_between(first - timedelta(days=1), deadline, CALENDAR) > WARNED


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_weeks_of_the_trend_are_past_sundays_a_week_apart(today: date) -> None:
    weeks = projection.past_weeks(today)
    assert len(weeks) == projection.WEEKS - 1
    assert all(day.isoweekday() == 7 and day < today for day in weeks)
    assert {later - earlier for earlier, later in pairwise(weeks)} == {timedelta(weeks=1)}
    assert today - weeks[-1] <= timedelta(days=7)


def test_every_period_has_a_name_in_both_languages() -> None:
    for rule in [*RULES, "demand.answer", "complaint.decide", "rectification.reply"]:
        named = periods.name(rule)
        assert named.zh != rule
        assert named.en != rule
        assert named.source
    assert periods.name("unheard.of") == ("unheard.of", "unheard.of", "")


@pytest.mark.article("HB-31", "QD-27")
def test_the_table_of_rectifications_has_names_and_an_end_for_everything() -> None:
    assert set(RECTIFICATION.states) == set(STATE_LABELS)
    assert set(RECTIFICATION.states) - {"closed", "dropped", "revoked"} == OPEN | PUBLIC
    assert RECTIFICATION.dead_ends() == {"closed", "dropped", "revoked"}
    assert {t.action for t in RECTIFICATION.transitions} >= WITH_DEADLINE | WITH_DECISION
    assert all(t.target in VISIBLE_TO_DEPARTMENT for t in RECTIFICATION.transitions if t.action != "drop")
