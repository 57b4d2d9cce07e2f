"""What stored clocks must hold on every database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.clock import Lamp
from licensing.core.errors import Conflict, InvalidInput
from licensing.core.ledger.models import PendingEntry
from licensing.core.lifecycle import Transition
from licensing.core.rules import RuleSet, load_rule_set
from licensing.core.store import clocks
from licensing.core.store.clocks import (
    StoredClock,
    clocks_of,
    due_by,
    lamp_of,
    overdue,
    recompute,
    start,
    to_warn,
    what_if,
)
from licensing.core.workdays import SATURDAY, DueDay, StatutoryCalendar
from licensing.ports import Context
from tests.factories.licensing_world import SettableTime

CONFORMITY, DECIDE, ANSWER = "application.conformity", "application.decide", "sensitive.answer"


class Announced(StatutoryCalendar):
    """The statutory calendar as it stood when years up to ``last`` were announced."""

    def __init__(self, last: int) -> None:
        self.last = last

    def is_announced(self, day: date) -> bool:
        return day.year <= self.last

    def is_workday(self, day: date) -> bool:
        return super().is_workday(day) if self.is_announced(day) else day.weekday() < SATURDAY


def other_rules(ctx: Context, **days: int) -> RuleSet:
    """The rule set in force with other periods, under the name of another jurisdiction."""
    changed = {
        name: msgspec.structs.replace(rule, days=days.get(name.replace(".", "_"), rule.days))
        for name, rule in ctx.rules.clocks.items()
    }
    return RuleSet("elsewhere", ctx.rules.title, changed)


def turn(session: Session, ctx: Context, subject: str, **what: tuple[str, ...]) -> None:
    transition = Transition("a", "b", "c", frozenset(), **what)  # type: ignore[arg-type]
    clocks.apply(session, ctx, "errand", subject, transition, transition.starts)
    session.flush()


@pytest.fixture
def begun(session: Session, ctx: Context) -> Callable[..., StoredClock]:
    def begin(rule: str = DECIDE, subject: str = "case-1", within: Context | None = None) -> StoredClock:
        row = start(session, within or ctx, "errand", subject, rule)
        session.flush()
        return row

    return begin


class ClocksContract:
    @pytest.mark.article("HB-22")
    def test_the_time_of_record_is_the_platforms_own(
        self, begun: Callable[..., StoredClock], ctx: Context, time: SettableTime
    ) -> None:
        time.set("2026-03-02 23:59")
        row = begun()
        assert row.started == time.now()
        assert row.due_day == date(2026, 3, 16)

    def test_a_clock_is_stored_with_what_follows_from_it(
        self, session: Session, begun: Callable[..., StoredClock], ctx: Context
    ) -> None:
        row = begun()
        session.commit()
        session.expire_all()
        assert (row.rule_set, row.due_day, row.warn_day) == ("hubei", date(2026, 3, 16), date(2026, 3, 11))
        assert (row.provisional, row.late, row.stopped) == (False, None, None)
        assert clocks.clock_of(row, ctx.rules).due(ctx.calendar) == DueDay(date(2026, 3, 16), False)

    def test_a_clock_does_not_run_twice(self, begun: Callable[..., StoredClock]) -> None:
        begun()
        with pytest.raises(Conflict):
            begun()
        begun(CONFORMITY)
        begun(DECIDE, "case-2")

    def test_a_period_that_nobody_set_does_not_run(self, begun: Callable[..., StoredClock]) -> None:
        with pytest.raises(InvalidInput):
            begun("tea.break")

    @pytest.mark.article("JS-32")
    def test_what_is_due_soon_is_yellow_and_what_is_overdue_red(
        self, session: Session, begun: Callable[..., StoredClock], ctx: Context, time: SettableTime
    ) -> None:
        first, second = begun(DECIDE, "case-1"), begun(ANSWER, "case-2")
        assert due_by(session, date(2026, 3, 16)) == [first]
        assert due_by(session, date(2026, 3, 15)) == []
        assert due_by(session, date(2026, 12, 31), kind="other") == []
        assert to_warn(session, ctx) == overdue(session, ctx) == []
        time.set("2026-03-11 00:00")
        assert to_warn(session, ctx) == [first]
        assert [lamp_of(row, ctx) for row in (first, second)] == [Lamp.YELLOW, Lamp.GREEN]
        time.set("2026-03-17 00:00")
        assert overdue(session, ctx) == [first]
        assert lamp_of(first, ctx) is Lamp.RED
        turn(session, ctx, "case-1", stops=("*",))
        assert overdue(session, ctx) == []
        assert (first.late, second.late) == (True, None)
        time.set("2026-03-23 23:59")
        turn(session, ctx, "case-2", stops=(ANSWER,))
        assert second.late is False

    def test_pausing_is_not_repeated_and_what_does_not_run_is_passed_over(
        self, session: Session, begun: Callable[..., StoredClock], ctx: Context, time: SettableTime
    ) -> None:
        row = begun()
        turn(session, ctx, "case-1", pauses=("*",))
        time.forward(days=7)
        turn(session, ctx, "case-1", pauses=("*",))
        turn(session, ctx, "case-1", resumes=(DECIDE,))
        turn(session, ctx, "case-1", resumes=("*",), stops=("tea.break",))
        assert len(row.pauses) == 1
        assert row.due_day == date(2026, 3, 23)

    def test_a_server_whose_time_lags_does_not_turn_a_clock_back(
        self, session: Session, begun: Callable[..., StoredClock], ctx: Context, time: SettableTime
    ) -> None:
        row = begun()
        time.forward(seconds=-2)
        turn(session, ctx, "case-1", stops=("*",))
        assert row.stopped == row.started

    def test_an_announced_calendar_moves_the_due_day_and_takes_the_mark_away(
        self, session: Session, begun: Callable[..., StoredClock], ctx: Context, time: SettableTime
    ) -> None:
        time.set("2025-12-26 09:00")
        early = replace(ctx, calendar=Announced(2025))
        runs, stopped = begun(DECIDE, "case-1", early), begun(DECIDE, "case-2", early)
        assert (runs.due_day, runs.provisional) == (date(2026, 1, 9), True)
        turn(session, early, "case-2", stops=("*",))
        assert recompute(session, early) == 0
        later = replace(ctx, calendar=Announced(2026))
        assert recompute(session, later) == 2
        # 1–3 January are off and Sunday 4 January is worked.
        assert (runs.due_day, runs.provisional) == (date(2026, 1, 12), False)
        assert (stopped.provisional, stopped.late) == (False, False)
        assert recompute(session, later) == 0

    def test_a_holiday_that_is_announced_late_gives_the_days_back(
        self, session: Session, begun: Callable[..., StoredClock], ctx: Context, time: SettableTime
    ) -> None:
        time.set("2026-02-10 09:00")
        row = begun(DECIDE, "case-1", replace(ctx, calendar=Announced(2025)))
        assert (row.due_day, row.provisional) == (date(2026, 2, 24), True)
        assert recompute(session, replace(ctx, calendar=Announced(2026))) == 1
        assert (row.due_day, row.provisional) == (date(2026, 3, 2), False)

    def test_another_rule_set_moves_open_clocks_only_and_is_on_record(
        self, session: Session, begun: Callable[..., StoredClock], ctx: Context
    ) -> None:
        runs, stopped = begun(DECIDE, "case-1"), begun(DECIDE, "case-2")
        turn(session, ctx, "case-2", stops=("*",))
        other = other_rules(ctx, application_decide=5)
        assert [(d.subject_id, d.now, d.then) for d in what_if(session, ctx, other)] == [
            ("case-1", DueDay(date(2026, 3, 16), False), DueDay(date(2026, 3, 9), False))
        ]
        assert runs.due_day == date(2026, 3, 16)
        assert recompute(session, replace(ctx, rules=other)) == 1
        assert (runs.rule_set, runs.due_day) == ("elsewhere", date(2026, 3, 9))
        assert (stopped.rule_set, stopped.due_day) == ("hubei", date(2026, 3, 16))
        entry = session.scalars(select(PendingEntry).where(PendingEntry.kind == "clock.rule_set")).one()
        assert entry.payload == {
            "actor": "u-administrator",
            "changed": 1,
            "from": ["hubei"],
            "to": "elsewhere",
        }

    def test_a_rule_set_that_lacks_a_running_period_is_not_put_in_force(
        self, session: Session, begun: Callable[..., StoredClock], ctx: Context
    ) -> None:
        begun()
        poorer = RuleSet("elsewhere", ctx.rules.title, {})
        (difference,) = what_if(session, ctx, poorer)
        assert difference.then is None
        with pytest.raises(InvalidInput):
            recompute(session, replace(ctx, rules=poorer))

    def test_a_clock_of_another_shipped_rule_set_is_read_by_its_own(
        self, session: Session, begun: Callable[..., StoredClock], ctx: Context
    ) -> None:
        row = begun("catalogue.update", "case-1", replace(ctx, rules=load_rule_set("qidong")))
        assert clocks.clock_of(row, ctx.rules).rule.source == "QD-8"

    def test_every_clock_is_met_however_many_there_are(
        self,
        session: Session,
        begun: Callable[..., StoredClock],
        ctx: Context,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(clocks, "_BATCH", 3)
        for number in range(10):
            begun(DECIDE, f"case-{number}")
        other = other_rules(ctx, application_decide=5)
        assert len({d.clock_id for d in what_if(session, ctx, other)}) == 10
        assert recompute(session, replace(ctx, rules=other)) == 10
        assert len(clocks_of(session, "case-9", open_only=True)) == 1
