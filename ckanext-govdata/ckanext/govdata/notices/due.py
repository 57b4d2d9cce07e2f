"""Clocks that fall due soon or are late, by the people whose turn it is (JS-32)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.licensing_ports.setup import PortalSetup
from ckanext.govdata.model import BoardClock
from ckanext.govdata.notices import audience, words
from ckanext.govdata.supervision.board import periods
from licensing.core.clock import china_day
from licensing.core.store.clocks import StoredClock, clock_of
from licensing.core.workdays import StatutoryCalendar, add_working_days, working_days_between
from licensing.http.registry import subjects
from licensing.ports import Principal

AHEAD: Final = 3
"""Working days before the last one that a reminder begins."""
MOST: Final = 2000
LICENSING: Final = "licensing"
"""The board's source of the clocks that are asked of the library itself."""
_CALENDAR: Final = StatutoryCalendar()


def by_person(setup: PortalSetup, today: date | None = None) -> dict[str, list[words.Sentence]]:
    """Account id → what waits for that person and is due within `AHEAD` working days or late."""
    day = today or china_day(setup.time.now())
    last = add_working_days(day, AHEAD, _CALENDAR).day
    found: dict[str, list[words.Sentence]] = defaultdict(list)
    with setup.session() as session:
        rules = setup.context(session, Principal("portal", "portal")).rules
        for clock in session.scalars(
            sa.select(StoredClock)
            .where(StoredClock.stopped.is_(None), StoredClock.due_day <= last)
            .order_by(StoredClock.due_day)
            .limit(MOST)
        ):
            kind = subjects().get(clock.kind)
            if kind is None or clock.kind not in words.KINDS:
                continue
            subject: Any = session.get(kind.model, clock.subject_id)
            if subject is None or clock.due_day is None:
                continue
            left = working_days_between(day, clock.due_day, _CALENDAR)
            said = words.of_clock(clock, clock_of(clock, rules).rule, left)
            turn = audience.turn_of(clock.kind, subject.status)
            for person, mine in audience.of(session, subject.involved(), turn).items():
                if mine:
                    found[person].append(said)
    for person, sentences in _of_the_portal(day, last).items():
        found[person] += sentences
    return dict(found)


def _of_the_portal(day: date, last: date) -> dict[str, list[words.Sentence]]:
    """What the portal itself keeps clocks of, as the board knows them: requests, complaints, duties."""
    query = sa.select(BoardClock).where(
        BoardClock.stopped_at.is_(None), BoardClock.source != LICENSING, BoardClock.due_day <= last
    )
    found: dict[str, list[words.Sentence]] = defaultdict(list)
    for clock in model.Session.scalars(query.order_by(BoardClock.due_day, BoardClock.key).limit(MOST)):
        left = working_days_between(day, clock.due_day, _CALENDAR)
        said = words.of_clock(clock, periods.name(clock.rule), left)
        for person in audience.of_department(clock.department):
            found[person].append(said)
    return found
