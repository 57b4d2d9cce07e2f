"""Statutory clocks in the database: four facts a clock, and the due day cached beside them.

The facts are the rule, the start, the pauses and the stop, all by the platform's own time (HB-22). What
is due when follows from them, the rule set in force and the calendar; the cached days only make "what is
due this week" an indexed query, and :func:`recompute` renews them when a calendar is announced or another
rule set is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Index, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from licensing.core.clock import Clock, Lamp, Pause, china_day
from licensing.core.errors import Conflict
from licensing.core.ledger.store import append_pending
from licensing.core.lifecycle import Transition
from licensing.core.rules import RuleSet, load_rule_set
from licensing.core.store.base import Base, HasId
from licensing.core.store.types import Json, UtcDateTime
from licensing.core.workdays import DueDay, WorkdayCalendar
from licensing.ports import Context

ALL = "*"
_BATCH = 1000


class StoredClock(HasId, Base):
    """One clock of one subject.

    ``pauses`` are pairs of ISO times, the second None while it lasts. Cached: ``due_day`` and ``warn_day``
    (None while the clock stands), ``provisional`` when a day on the way is not announced yet, ``late`` once
    it has stopped.
    """

    __tablename__ = "licensing_clock"
    __table_args__ = (
        Index("licensing_clock_open_due_idx", "stopped", "due_day"),
        Index("licensing_clock_open_warn_idx", "stopped", "warn_day"),
    )

    kind: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64), index=True)
    rule_id: Mapped[str] = mapped_column(String(64))
    rule_set: Mapped[str] = mapped_column(String(64))
    started: Mapped[datetime] = mapped_column(UtcDateTime)
    pauses: Mapped[list[list[str | None]]] = mapped_column(Json)
    stopped: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_day: Mapped[date | None]
    warn_day: Mapped[date | None]
    provisional: Mapped[bool]
    late: Mapped[bool | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A clock that another rule set would move; ``then`` is None when that set has no such period."""

    clock_id: str
    subject_id: str
    rule_id: str
    now: DueDay | None
    then: DueDay | None


def _rules(name: str, in_force: RuleSet) -> RuleSet:
    return in_force if name == in_force.name else load_rule_set(name)


def clock_of(row: StoredClock, in_force: RuleSet) -> Clock:
    """The value that the facts make, under the rule set that the row names."""
    pauses = tuple(
        Pause(datetime.fromisoformat(str(since)), datetime.fromisoformat(until) if until else None)
        for since, until in row.pauses
    )
    return Clock(_rules(row.rule_set, in_force).clock(row.rule_id), row.started, pauses, row.stopped)


def lamp_of(row: StoredClock, ctx: Context) -> Lamp:
    """Green, yellow, red, standing or done at this moment (JS-32)."""
    return clock_of(row, ctx.rules).lamp(ctx.time.now(), ctx.calendar)


def _store(row: StoredClock, clock: Clock, calendar: WorkdayCalendar) -> None:
    """Write the facts of ``clock`` and what follows from them; a column that is the same stays untouched."""
    due = clock.due(calendar)
    values: dict[str, object] = {
        "pauses": [[p.since.isoformat(), p.until.isoformat() if p.until else None] for p in clock.pauses],
        "stopped": clock.stopped,
        "due_day": due.day if due else None,
        "warn_day": clock.warns_from(calendar),
        "provisional": bool(due and due.provisional),
        "late": None if clock.stopped is None else clock.overdue(clock.stopped, calendar),
    }
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def clocks_of(session: Session, subject_id: str, *, open_only: bool = False) -> list[StoredClock]:
    """The clocks of a subject in the order of their start."""
    query = select(StoredClock).where(StoredClock.subject_id == subject_id).order_by(StoredClock.id)
    if open_only:
        query = query.where(StoredClock.stopped.is_(None))
    return list(session.scalars(query))


def start(session: Session, ctx: Context, kind: str, subject_id: str, rule_id: str) -> StoredClock:
    """Start a clock of the rule set in force.

    Raises:
        InvalidInput: the rule set has no such period.
        Conflict: it runs already.
    """
    if any(row.rule_id == rule_id for row in clocks_of(session, subject_id, open_only=True)):
        raise Conflict("时限“{id}”已在计时。", 'Clock "{id}" is running already.', id=rule_id)
    clock = Clock(ctx.rules.clock(rule_id), ctx.time.now())
    row = StoredClock(
        kind=kind, subject_id=subject_id, rule_id=rule_id, rule_set=ctx.rules.name, started=clock.started,
        pauses=[], stopped=None, due_day=None, warn_day=None, provisional=False, late=None,
    )  # fmt: skip
    _store(row, clock, ctx.calendar)
    session.add(row)
    return row


def _named(rows: Iterable[StoredClock], names: tuple[str, ...]) -> list[StoredClock]:
    return [row for row in rows if ALL in names or row.rule_id in names]


def apply(
    session: Session,
    ctx: Context,
    kind: str,
    subject_id: str,
    transition: Transition,
    starts: tuple[str, ...],
) -> None:
    """What a step does to the clocks of its subject: resume, pause, stop, then start.

    A named clock that does not run is passed over, because a table serves several tracks of a case. A
    standing clock that is stopped ends its pause with it. The caller holds the subject's row lock.
    """
    if transition.resumes or transition.pauses or transition.stops:
        rows = clocks_of(session, subject_id, open_only=True)
        for name in ("resumes", "pauses", "stops"):
            for row in _named(rows, getattr(transition, name)):
                _turn(row, name, ctx)
    for rule_id in starts:
        session.flush()
        start(session, ctx, kind, subject_id, rule_id)


def _turn(row: StoredClock, turn: str, ctx: Context) -> None:
    clock = clock_of(row, ctx.rules)
    # Two servers' times may differ by a little; the row lock, not the time, says what came first.
    at = max(ctx.time.now(), clock.latest)
    if turn == "pauses":
        clock = clock if clock.paused else clock.pause(at)
    else:
        clock = clock.resume(at) if clock.paused else clock
    if turn == "stops":
        clock = clock.stop(at)
    _store(row, clock, ctx.calendar)


def due_by(session: Session, day: date, *, kind: str | None = None) -> list[StoredClock]:
    """Open clocks that are due on ``day`` or before, the most urgent first."""
    query = select(StoredClock).where(StoredClock.stopped.is_(None), StoredClock.due_day <= day)
    if kind is not None:
        query = query.where(StoredClock.kind == kind)
    return list(session.scalars(query.order_by(StoredClock.due_day, StoredClock.id)))


def overdue(session: Session, ctx: Context, *, kind: str | None = None) -> list[StoredClock]:
    """Open clocks whose due day has passed: the red lamps."""
    today = china_day(ctx.time.now())
    return [row for row in due_by(session, today, kind=kind) if row.due_day and row.due_day < today]


def to_warn(session: Session, ctx: Context) -> list[StoredClock]:
    """Open clocks that are due soon and not overdue yet: the yellow lamps."""
    today = china_day(ctx.time.now())
    query = select(StoredClock).where(
        StoredClock.stopped.is_(None), StoredClock.warn_day <= today, StoredClock.due_day >= today
    )
    return list(session.scalars(query.order_by(StoredClock.due_day, StoredClock.id)))


def _affected(session: Session) -> Iterator[StoredClock]:
    """Clocks whose days can still change, read in batches so that memory stays bounded."""
    last = ""
    query = select(StoredClock).where(or_(StoredClock.stopped.is_(None), StoredClock.provisional))
    while batch := list(
        session.scalars(query.where(StoredClock.id > last).order_by(StoredClock.id).limit(_BATCH))
    ):
        yield from batch
        last = batch[-1].id


def recompute(session: Session, ctx: Context) -> int:
    """Bring every open clock under the rule set in force and compute its days again; how many changed.

    A stopped clock keeps its rule set, but loses its provisional mark when the calendar has arrived. A
    change of the rule set is an entry of the ledger.

    Raises:
        InvalidInput: the rule set lacks a period that is running; nothing is lost silently.
    """
    changed, left = 0, set()
    for row in _affected(session):
        if row.stopped is None and row.rule_set != ctx.rules.name:
            ctx.rules.clock(row.rule_id)
            left.add(row.rule_set)
            row.rule_set = ctx.rules.name
        _store(row, clock_of(row, ctx.rules), ctx.calendar)
        changed += session.is_modified(row)
    if left:
        payload = {"actor": ctx.principal.id, "from": sorted(left), "to": ctx.rules.name, "changed": changed}
        append_pending(session, "clock.rule_set", "clocks", payload, at=ctx.time.now())
    session.flush()
    return changed


def what_if(session: Session, ctx: Context, other: RuleSet) -> Iterator[Difference]:
    """The open clocks that ``other`` would move, and where to; nothing is written."""
    for row in _affected(session):
        if row.stopped is not None:
            continue
        clock = clock_of(row, ctx.rules)
        now = clock.due(ctx.calendar)
        rule = other.clocks.get(row.rule_id)
        then = clock.under(rule).due(ctx.calendar) if rule else None
        if rule is None or now != then:
            yield Difference(row.id, row.subject_id, row.rule_id, now, then)
