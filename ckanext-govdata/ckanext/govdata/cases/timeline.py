"""Clocks read from a case's trail: nothing is stored beside it, so nothing can differ from it.

A transition names the clocks that it starts and stops; the trail says when it was taken. Whoever has the
table and the trail has every clock, those that have stopped included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from licensing.core.clock import Clock, Lamp
from licensing.core.lifecycle import Lifecycle
from licensing.core.rules import RuleSet
from licensing.core.workdays import WorkdayCalendar

EVERY = "*"


class Happened(Protocol):
    """One line of a trail: ``source`` is empty where the case began."""

    action: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock as it stands: ``due`` is its last day, ``left`` the days to it, in the rule's calendar."""

    id: str
    zh: str
    en: str
    source: str
    layer: str
    due: date | None
    provisional: bool
    left: int | None
    lamp: Lamp
    running: bool
    late: bool


def clocks(lifecycle: Lifecycle, trail: Iterable[Happened], rules: RuleSet) -> dict[str, Clock]:
    """The newest clock of every rule that the trail has started, in the order of their first start.

    A step that starts a clock which has run before starts it anew; one that stops a clock which does not run
    is passed over.
    """
    found: dict[str, Clock] = {}
    for happened in trail:
        if not happened.source:
            starts, stops = lifecycle.starts, ()
        else:
            row = lifecycle.find(happened.source, happened.action)
            if row is None:
                continue
            starts, stops = row.starts, row.stops
        for rule_id, clock in found.items():
            if clock.stopped is None and (rule_id in stops or EVERY in stops):
                found[rule_id] = clock.stop(happened.at)
        for rule_id in starts:
            found[rule_id] = Clock(rules.clock(rule_id), happened.at)
    return found


def read(found: Mapping[str, Clock], now: datetime, calendar: WorkdayCalendar) -> dict[str, Reading]:
    """How each clock stands at ``now``."""
    readings = {}
    for rule_id, clock in found.items():
        due, rule = clock.due(calendar), clock.rule
        readings[rule_id] = Reading(
            rule_id,
            rule.zh,
            rule.en,
            rule.source,
            rule.layer,
            due.day if due else None,
            bool(due and due.provisional),
            clock.days_left(now, calendar),
            clock.lamp(now, calendar),
            clock.stopped is None,
            clock.overdue(now, calendar),
        )
    return readings
