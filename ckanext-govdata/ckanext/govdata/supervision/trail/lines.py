"""What happened to a dataset or a case, in time order: the portal's histories and the library's, merged.

A line of the library names its entry of the ledger (``sequence``, ``commitment``, both hashes), which the
ledger's own verification proves. Each database answers with a page of its own, and the two are merged: what
is read does not grow with the trail.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases.trail import every_line
from ckanext.govdata.supervision.trail import phases
from ckanext.govdata.supervision.trail.scope import Scope
from licensing.core.clock import CHINA
from licensing.core.errors import InvalidInput
from licensing.core.ledger.models import LedgerEntry, LedgerPayload
from licensing.core.ledger.store import ERASED, LEDGER
from licensing.core.store.events import StepEvent

PAGE: Final = 100
MOST: Final = 2000
BUCKETS: Final = 48
"""Columns of the picture."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which lines are asked for; None leaves a question open."""

    phase: str | None = None
    actor: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Databases:
    """Sessions of the portal's and of the library's database."""

    portal: Any
    library: Any


def listed(
    where: Databases, scope: Scope, wish: Wish, *, after: str | None = None, number: int = PAGE
) -> tuple[list[Any], str | None]:
    """Lines, the first first, and the cursor of what follows (None at the end).

    Raises:
        InvalidInput: the cursor was not given by an earlier answer.
    """
    wanted = min(number, MOST)
    begin = _cursor(after) if after else None
    portal = where.portal.execute(_page(_portal(scope), wish, begin, wanted)).all()
    library = where.library.execute(_proven(_page(_library(scope), wish, begin, wanted))).all()
    rows = list(heapq.merge(portal, library, key=lambda row: (row.at, row.key)))
    more, rows = len(rows) > wanted, rows[:wanted]
    return rows, f"{rows[-1].at.isoformat()}|{rows[-1].key}" if more else None


def every(where: Databases, scope: Scope, wish: Wish) -> Iterator[Any]:
    """All lines, read in pages so that memory stays bounded."""
    after: str | None = None
    while True:
        rows, after = listed(where, scope, wish, after=after, number=MOST)
        yield from rows
        if after is None:
            return


def picture(where: Databases, scope: Scope) -> dict[str, Any]:
    """``{first, last, phases: {phase: {count, first, last, buckets: {number: count}}}}`` of the whole."""
    sources = ((where.portal, _portal(scope)), (where.library, _library(scope)))
    ends = [
        session.execute(sa.select(sa.func.min(q.c.at), sa.func.max(q.c.at))).one() for session, q in sources
    ]
    known = [(low, high) for low, high in ends if low is not None]
    if not known:
        return {"first": None, "last": None, "phases": {}}
    first, last = min(low for low, _ in known), max(high for _, high in known)
    found: dict[str, dict[str, Any]] = {}
    for session, lines in sources:
        for row in session.execute(_buckets(lines, first, last)):
            here = found.setdefault(
                phases.phase_of(row.kind, row.action),
                {"count": 0, "first": row.low, "last": row.high, "buckets": {}},
            )
            here["count"] += row.number
            here["first"], here["last"] = min(here["first"], row.low), max(here["last"], row.high)
            here["buckets"][row.bucket] = here["buckets"].get(row.bucket, 0) + row.number
    return {"first": first, "last": last, "phases": found}


def _buckets(lines: Any, first: datetime, last: datetime) -> Any:
    span = max((last - first).total_seconds(), 1.0)
    place = sa.func.extract("epoch", lines.c.at - sa.literal(first, sa.DateTime(timezone=True)))
    bucket = sa.func.least(sa.cast(sa.func.floor(place / span * BUCKETS), sa.Integer), BUCKETS - 1)
    return sa.select(
        lines.c.kind, lines.c.action, bucket.label("bucket"), sa.func.count().label("number"),
        sa.func.min(lines.c.at).label("low"), sa.func.max(lines.c.at).label("high"),
    ).group_by(lines.c.kind, lines.c.action, sa.text("bucket"))  # fmt: skip


def _portal(scope: Scope) -> Any:
    lines = every_line()
    mine = sa.select(lines).where(lines.c.subject.in_(_ids(scope.portal)))
    return (mine if scope.dataset is None else sa.union_all(mine, _entered(scope.dataset))).subquery()


def _entered(dataset: str) -> Any:
    """The entry itself: CKAN keeps when it was made, in UTC without saying so."""
    nothing = sa.literal("", sa.Text)
    package = model.Package
    return sa.select(
        sa.func.timezone("UTC", package.metadata_created).label("at"),
        sa.func.concat("e", package.id).label("key"),
        sa.literal("entry").label("kind"),
        package.id.label("subject"),
        sa.func.coalesce(package.creator_user_id, "").label("actor"),
        sa.literal(None, sa.Text).label("on_behalf_of"),
        sa.literal("create").label("action"),
        nothing.label("source"),
        nothing.label("target"),
        nothing.label("reason"),
    ).where(package.id == dataset)


def _library(scope: Scope) -> Any:
    """Steps; what the ledger has beyond them; and lawful erasures, whose entries are about the ledger."""
    ids = _ids(scope.library)
    number = sa.func.lpad(sa.cast(StepEvent.number, sa.Text), 9, "0")
    steps = sa.select(
        StepEvent.at,
        sa.func.concat("l", StepEvent.subject_id, ":", number).label("key"),
        StepEvent.kind,
        StepEvent.subject_id.label("subject"),
        StepEvent.actor,
        sa.literal(None, sa.Text).label("on_behalf_of"),
        StepEvent.action,
        StepEvent.source,
        StepEvent.target,
        StepEvent.reason,
        StepEvent.commitment,
    ).where(StepEvent.subject_id.in_(ids))  # fmt: skip
    told = sa.exists().where(
        StepEvent.subject_id == LedgerEntry.subject, StepEvent.commitment == LedgerEntry.commitment
    )
    beyond = _entries(LedgerEntry.subject).where(LedgerEntry.subject.in_(ids), ~told)
    of = LedgerPayload.payload["subject"].as_string()
    erased = (
        _entries(of)
        .join(LedgerPayload, LedgerPayload.commitment == LedgerEntry.commitment)
        .where(LedgerEntry.subject == LEDGER, LedgerEntry.kind == ERASED, of.in_(ids))
    )
    return sa.union_all(steps, beyond, erased).subquery()


def _entries(subject: Any) -> Any:
    """Entries of the ledger that are no step: who acted stands in their payload, which is not shown."""
    nothing = sa.literal("", sa.Text)
    return sa.select(
        sa.cast(LedgerEntry.at, sa.DateTime(timezone=True)).label("at"),
        sa.func.concat("m", sa.func.lpad(sa.cast(LedgerEntry.sequence, sa.Text), 20, "0")).label("key"),
        sa.func.split_part(LedgerEntry.kind, ".", 1).label("kind"),
        subject.label("subject"),
        nothing.label("actor"),
        sa.literal(None, sa.Text).label("on_behalf_of"),
        sa.func.split_part(LedgerEntry.kind, ".", 2).label("action"),
        nothing.label("source"),
        nothing.label("target"),
        nothing.label("reason"),
        LedgerEntry.commitment,
    )


def _ids(selected: Any) -> Any:
    return sa.select(selected.subquery().c[0])


def _page(lines: Any, wish: Wish, begin: tuple[datetime, str] | None, number: int) -> Any:
    key = lines.c.key.collate("C")
    query = sa.select(lines).order_by(lines.c.at, key).limit(number + 1)
    if begin is not None:
        moment, last = begin
        after_it = sa.and_(lines.c.at == moment, key > last)
        query = query.where(sa.or_(lines.c.at > moment, after_it))
    if wish.since is not None:
        query = query.where(lines.c.at >= _start(wish.since))
    if wish.until is not None:
        query = query.where(lines.c.at < _start(wish.until + timedelta(days=1)))
    if wish.actor is not None:
        query = query.where(sa.or_(lines.c.actor == wish.actor, lines.c.on_behalf_of == wish.actor))
    if wish.phase is not None:
        query = query.where(_of_phase(lines, wish.phase))
    return query


def _of_phase(lines: Any, phase: str) -> Any:
    """The same table as :func:`phases.phase_of`, for the database."""
    named, other = phases.steps_of(phase)
    pair = sa.tuple_(lines.c.kind, lines.c.action)
    kinds = lines.c.kind.in_(named.kinds) if not named.rest else lines.c.kind.not_in(other.kinds)
    return sa.or_(pair.in_(named.steps), sa.and_(kinds, pair.not_in(other.steps)))


def _proven(page: Any) -> Any:
    """The lines of a page with their entries of the ledger, which are looked up for these alone."""
    lines = page.subquery()
    return (
        sa.select(lines, LedgerEntry.sequence, LedgerEntry.sha256, LedgerEntry.sm3)
        .outerjoin(LedgerEntry, LedgerEntry.commitment == lines.c.commitment)
        .order_by(lines.c.at, lines.c.key.collate("C"))
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, CHINA)


def _cursor(text: str) -> tuple[datetime, str]:
    moment, _, key = text.partition("|")
    try:
        parsed = datetime.fromisoformat(moment.replace(" ", "+"))
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None or not key:
        raise InvalidInput("翻页参数不正确。", "The cursor is wrong.")
    return parsed, key


def actors(rows: Iterable[Any]) -> set[str]:
    """Everybody who acted or in whose name."""
    return {each for row in rows for each in (row.actor, row.on_behalf_of) if each}
