"""From the meter's files into the database: calls, sums and alarms in one transaction.

A file goes when its transaction has committed. Killed between the two, it is drained again, and calls that
are there already count once: their ids say so.
"""

from __future__ import annotations

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.grants.allows import Used
from licensing.ports import Context
from licensing.usage.alarms import raise_alarms
from licensing.usage.meter import OPEN, READY, Call, storable
from licensing.usage.models import UsageCall, UsageCounter, day_period, month_period

_LINE = msgspec.json.Decoder(Call)
_BATCH = 1000


@dataclass
class Drained:
    """``calls`` were new; ``damaged`` lines could not be read and are kept in files named ``….damaged``."""

    calls: int = 0
    damaged: int = 0
    _files: list[tuple[Path, int, list[bytes]]] = field(default_factory=list)
    _passing: int | None = None

    def forget(self) -> None:
        """Remove the files; only after the caller's transaction has committed."""
        for path, handle, damaged in self._files:
            if damaged:
                path.with_suffix(".damaged").write_bytes(b"".join(damaged))
            path.unlink()
            os.close(handle)
        self._files.clear()
        self._passed()

    def keep(self) -> None:
        """Leave the files for another time; after a rollback."""
        for _, handle, _ in self._files:
            os.close(handle)
        self._files.clear()
        self._passed()

    def _passed(self) -> None:
        if self._passing is not None:
            os.close(self._passing)
            self._passing = None


def drain(session: Session, ctx: Context, folder: Path, *, most: int = 64) -> Drained:
    """Bring at most ``most`` closed or abandoned segments into the database.

    The caller commits and then calls :meth:`Drained.forget`, or rolls back and calls :meth:`Drained.keep`.
    """
    drained = Drained()
    for path in sorted((*folder.glob(f"*{READY}"), *folder.glob(f"*{OPEN}")))[:most]:
        handle = _take(path)
        if handle is None:
            continue
        calls, damaged = _read(path)
        drained._files.append((path, handle, damaged))
        drained.damaged += len(damaged)
        for at in range(0, len(calls), _BATCH):
            new = _insert(session, calls[at : at + _BATCH])
            drained.calls += len(new)
            _count(session, new)
            raise_alarms(session, ctx, new)
    session.flush()
    if drained._files:
        drained._passing = _lock(folder, fcntl.LOCK_SH)
    return drained


@contextmanager
def nothing_between(folder: Path) -> Iterator[None]:
    """While this holds, every line is either in a segment or in the counters, and never in both.

    A drain commits first and removes its segments then; between the two its calls count twice. Whoever would
    refuse somebody for them looks again in here. Drains wait meanwhile, so it must be short.
    """
    handle = _lock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def _lock(folder: Path, kind: int) -> int:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, kind)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _take(path: Path) -> int | None:
    """A locked handle, or None: its process lives, or another drain has it, or it is gone."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    if not path.exists():
        os.close(handle)
        return None
    return handle


def _read(path: Path) -> tuple[list[Call], list[bytes]]:
    """The calls, and lines that are none. An unfinished last line was never acknowledged: it is no call."""
    calls, damaged = [], []
    for line in path.read_bytes().splitlines(keepends=True):
        if not line.endswith(b"\n"):
            continue
        try:
            calls.append(_LINE.decode(line))
        except (msgspec.ValidationError, msgspec.DecodeError):
            damaged.append(line)
    return calls, damaged


def _insert(session: Session, calls: Sequence[Call]) -> list[Call]:
    """Store those that are not there yet, each once; answers them."""
    calls = list({each.id: each for each in calls}.values())
    rows = [
        {
            "id": each.id,
            "grant_id": each.grant,
            "agreement_id": each.agreement,
            "token_id": each.token,
            "holder": each.holder,
            # Again: a line of an older meter, or of a damaged disk, must not keep all others out.
            "dataset_id": storable(each.dataset, 64),
            "purpose": storable(each.purpose, 300),
            "at": each.at,
            "day": china_day(each.at),
            "rows": each.rows,
            "bytes": each.bytes,
            "outcome": each.outcome,
        }
        for each in calls
    ]
    if not rows:
        return []
    query = _dialect(session)(UsageCall).on_conflict_do_nothing().returning(UsageCall.id)
    stored = set(session.scalars(query, rows))
    return [each for each in calls if each.id in stored]


def _count(session: Session, calls: Iterable[Call]) -> None:
    sums: dict[tuple[str, str, str], Used] = defaultdict(Used)
    refused: dict[tuple[str, str, str], int] = defaultdict(int)
    for each in calls:
        for period in _periods(china_day(each.at)):
            key = (each.grant, period, each.agreement)
            refused[key] += bool(each.outcome)
            sums[key] += Used() if each.outcome else Used(1, each.rows, each.bytes)
    # Always in the same order, so that two drains cannot wait for each other.
    for key in sorted(sums):
        grant, period, agreement = key
        used = sums[key]
        insert = _dialect(session)(UsageCounter).values(
            grant_id=grant, period=period, agreement_id=agreement, calls=used.calls, rows=used.rows,
            bytes=used.bytes, refused=refused[key],
        )  # fmt: skip
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["grant_id", "period"],
                set_={
                    name: getattr(UsageCounter, name) + getattr(insert.excluded, name)
                    for name in ("calls", "rows", "bytes", "refused")
                },
            )
        )


def _periods(day: date) -> tuple[str, str]:
    return day_period(day), month_period(day)


def _dialect(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
