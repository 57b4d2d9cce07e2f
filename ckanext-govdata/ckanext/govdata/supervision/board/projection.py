"""The one writer of the board: clocks, and beside them how many show which lamp.

A clock and its count change in one transaction, under one lock, so that the counts are never off by a
clock. The lamps are those of the board's day: :func:`turn_day` turns them at midnight in China.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.govdata.model import BoardClock, BoardCount, BoardWeek
from ckanext.govdata.supervision.board.facts import Facts
from licensing.core.clock import CHINA, Lamp

WEEKS: Final = 12
"""Weeks of the trend, the running one included."""
_LOCK: Final = 0x60_0C_10_CC
_ROWS: Final = BoardClock.__table__
_OPEN: Final = _ROWS.c.stopped_at.is_(None)
Cell = tuple[str, str, str]


def lock(session: Any) -> bool:
    """Whether this transaction writes the board; no other one does until it ends."""
    return bool(session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))))


def put(session: Any, batch: Sequence[Facts], today: date) -> int:
    """Bring clocks up to date; how many changed. The caller holds the lock and commits.

    A clock that has stopped keeps the department and the role that it had when it was open: the subject's
    state tells who is waited for now, not who answered.
    """
    known = _known(session, [each.key for each in batch])
    rows: list[dict[str, Any]] = []
    counts: Counter[Cell] = Counter()
    for facts in batch:
        before = known.get(facts.key)
        if before is not None and facts.stopped_at is not None:
            facts = replace(facts, department=before.department, holder=before.holder)  # noqa: PLW2901
        values = {**asdict(facts), "lamp": facts.lamp(today).value}
        if before is not None and all(getattr(before, name) == value for name, value in values.items()):
            continue
        if before is not None and before.stopped_at is None:
            counts[before.department, before.kind, before.lamp] -= 1
        if facts.stopped_at is None:
            counts[facts.department, facts.kind, values["lamp"]] += 1
        rows.append(values)
    if rows:
        new = insert(_ROWS).values(rows)
        # Another last day is another matter: when it passes as well, that is told again.
        told = sa.case(
            (_ROWS.c.due_day.is_distinct_from(new.excluded.due_day), sa.null()), else_=_ROWS.c.escalated_at
        )
        changed = {name: new.excluded[name] for name in rows[0] if name != "key"}
        session.execute(
            new.on_conflict_do_update(index_elements=["key"], set_={**changed, "escalated_at": told})
        )
        _add(session, counts)
    return len(rows)


def forget(session: Any, source: str, keys: Iterable[str]) -> int:
    """Drop the clocks of a source that it does not have any more: all but ``keys``; how many went."""
    kept = set(keys)
    gone = [
        key
        for key in session.scalars(sa.select(_ROWS.c.key).where(_ROWS.c.source == source))
        if key not in kept
    ]
    if gone:
        session.execute(sa.delete(_ROWS).where(_ROWS.c.key.in_(gone)))
        _recount(session)
    return len(gone)


def turn_day(session: Any, today: date) -> None:
    """Every open clock shows the lamp of ``today``; the counts follow; past weeks are put on record."""
    lamp = sa.case(
        (_ROWS.c.due_day.is_(None), Lamp.PAUSED.value),
        (_ROWS.c.due_day < today, Lamp.RED.value),
        (_ROWS.c.warn_day <= today, Lamp.YELLOW.value),
        else_=Lamp.GREEN.value,
    )
    session.execute(sa.update(_ROWS).where(_OPEN, _ROWS.c.lamp != lamp).values(lamp=lamp))
    _recount(session)
    for day in past_weeks(today):
        _record_week(session, day)


def past_weeks(today: date) -> list[date]:
    """The Sundays that ended the weeks of the trend before the running one, the oldest first."""
    last = today - timedelta(days=today.isoweekday())
    return [last - timedelta(weeks=ago) for ago in reversed(range(WEEKS - 1))]


def _record_week(session: Any, day: date) -> None:
    """How the week ended: from the facts as they stand now, once; nothing is changed afterwards."""
    if session.scalar(sa.select(sa.exists().where(BoardWeek.day == day))):
        return
    evening = datetime.combine(day + timedelta(days=1), time(0), CHINA)
    there = sa.and_(_ROWS.c.started_at < evening, sa.or_(_OPEN, _ROWS.c.stopped_at >= evening))
    late = sa.func.count().filter(_ROWS.c.due_day < day)
    session.execute(
        insert(BoardWeek).from_select(
            ["day", "department", "running", "overdue"],
            sa.select(sa.literal(day), _ROWS.c.department, sa.func.count(), late)
            .where(there)
            .group_by(_ROWS.c.department),
        )
    )  # fmt: skip


def _known(session: Any, keys: Sequence[str]) -> dict[str, Any]:
    rows = session.execute(sa.select(_ROWS).where(_ROWS.c.key.in_(keys)))
    return {row.key: row for row in rows}


def _add(session: Any, counts: Counter[Cell]) -> None:
    rows = [
        {"department": department, "kind": kind, "lamp": lamp, "number": number}
        for (department, kind, lamp), number in sorted(counts.items())
        if number
    ]
    if not rows:
        return
    new = insert(BoardCount).values(rows)
    session.execute(
        new.on_conflict_do_update(
            index_elements=["department", "kind", "lamp"],
            set_={"number": BoardCount.number + new.excluded.number},
        )
    )
    session.execute(sa.delete(BoardCount).where(BoardCount.number == 0))


def _recount(session: Any) -> None:
    session.execute(sa.delete(BoardCount))
    cell = (_ROWS.c.department, _ROWS.c.kind, _ROWS.c.lamp)
    session.execute(
        insert(BoardCount).from_select(
            ["department", "kind", "lamp", "number"],
            sa.select(*cell, sa.func.count()).where(_OPEN).group_by(*cell),
        )
    )
