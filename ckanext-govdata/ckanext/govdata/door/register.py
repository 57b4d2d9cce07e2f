"""What was called: on record before its answer leaves, whatever the answer is.

A call of a known token is a line of the meter, from which counters and alarms follow. A call that belongs to
no grant (an unknown or edited token) is summed by day, kind and address in the door's own database.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.door import settings
from ckanext.govdata.door.errors import NotConfigured
from ckanext.govdata.door.pending import Look, Pending
from licensing.core.clock import china_day
from licensing.core.store.ids import new_id
from licensing.grants.allows import Decision, Request
from licensing.usage.meter import Meter, Written
from licensing.usage.roller import Roller
from licensing.usage.turns import Turns

ROLL_SECONDS: Final = 5.0
FOLDER: Final = "LICENSING_METER"
KEPT: Final = timedelta(days=180)
"""How long calls that belong to nobody are kept, with the address that they came from."""
_REFUSAL = sa.text(
    "INSERT INTO door.refusal VALUES (:day, :kind, :address, 1, :at, :at) "
    "ON CONFLICT (day, kind, address) DO UPDATE "
    "SET calls = door.refusal.calls + 1, last_at = excluded.last_at"
)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of ``rows`` and ``size`` bytes under a decision; ``call`` is the id that it carries."""

    decision: Decision
    request: Request
    at: datetime
    holder: str
    rows: int
    size: int
    call: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Answers whose lines are written and count, and are not known to be on the disk yet."""

    lines: tuple[Written, ...]

    def keep(self) -> None:
        """Return when all lines are on the disk; not before that an answer leaves. Repeatable.

        Raises:
            OSError: they cannot be kept; no answer may leave.
        """
        meter = _roller().meter
        for line in self.lines:
            meter.keep(line)


def folder() -> Path:
    """Where the meters of all processes write. Raises NotConfigured."""
    found = os.environ.get(FOLDER)
    if not found:
        raise NotConfigured("没有配置计量（{name}）。", "No meter is configured ({name}).", name=FOLDER)
    return Path(found)


@cache
def _roller() -> Roller:
    # Made at the first call of this process, never before it was forked.
    return Roller(Meter(folder()), ROLL_SECONDS)


@cache
def _pending() -> Pending:
    return Pending(folder())


@cache
def _turns() -> Turns:
    return Turns(folder())


def pending(grant_id: str) -> Look:
    """What the grant has used and no counter has yet."""
    return _pending().look(grant_id)


def answered(answers: Sequence[Answered], room: Callable[[], None] | None = None) -> Recorded:
    """Record what is about to be handed out under one grant, once :meth:`Recorded.keep` has returned.

    ``room`` says no by raising, and is asked while nobody else hands out under this grant: what it lets pass
    counts before anybody looks again.

    Raises:
        OSError: it cannot be recorded, so nothing may be handed out. Whatever ``room`` raises.
    """
    meter = _roller().meter
    with ExitStack() as turn:
        if room is not None:
            turn.enter_context(_turns().of(answers[0].decision.grant_id))
            room()
        written = tuple(
            meter.write(
                each.decision, each.request, each.at, holder=each.holder, rows=each.rows, size=each.size,
                call_id=each.call,
            )
            for each in answers
        )  # fmt: skip
    # The lines count from here on; the disk is waited for without keeping the next one from its turn.
    return Recorded(written)


def refused(decision: Decision, request: Request, at: datetime, *, holder: str, reason: str) -> None:
    """Record a call that is not answered, and why."""
    if not decision.grant_id:
        unknown(reason, request.address, at)
        return
    told = replace(decision, allowed=False, reason=reason)
    _roller().meter.record(told, request, at, holder=holder, rows=0, size=0, call_id=new_id())


def unknown(kind: str, address: str, at: datetime) -> None:
    """Count a call that belongs to no grant."""
    with settings.owner().begin() as connection:
        connection.execute(_REFUSAL, {"day": china_day(at), "kind": kind, "address": address[:64], "at": at})


def download(**row: Any) -> None:
    """Write down a file that is about to leave, by the number that stands in it."""
    names = (
        "id", "grant_id", "agreement", "holder", "dataset", "release", "format", "rows", "bytes", "sha256",
        "content", "at",
    )  # fmt: skip
    values = ", ".join(f":{name}" for name in names)
    with settings.owner().begin() as connection:
        connection.execute(
            sa.text(f"INSERT INTO door.download ({', '.join(names)}) VALUES ({values})"),  # noqa: S608
            row,
        )


def downloads(ids: Sequence[str] | None = None, *, sha256: str | None = None) -> list[dict[str, Any]]:
    """Recorded downloads by number, or by the digest of what was sent or of the data in it; newest first."""
    query = (
        "SELECT * FROM door.download WHERE id = ANY(:ids) OR sha256 = :sha256 OR content = :sha256 "
        "ORDER BY at DESC"
    )
    with settings.owner().connect() as connection:
        rows = connection.execute(sa.text(query), {"ids": list(ids or ()), "sha256": sha256})
        return [dict(row) for row in rows.mappings()]


def forget_old(now: datetime) -> int:
    """Remove calls of nobody that are older than :data:`KEPT`; how many rows. Run by the scheduler."""
    with settings.owner().begin() as connection:
        gone = connection.execute(
            sa.text("DELETE FROM door.refusal WHERE day < :day"), {"day": china_day(now - KEPT)}
        )
    return int(gone.rowcount)
