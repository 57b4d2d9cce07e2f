"""What all processes of this machine have recorded for a grant and nobody has brought into the counters yet.

A process knows its own lines by heart (:meth:`licensing.usage.meter.Meter.pending`), and a quota is the
grant's, not a process's. So the segments of all of them are read on, line by line as they grow. A segment
that was brought in is gone with its lines; for the moment between the two it counts twice, which errs towards
no (:func:`licensing.usage.drain.nothing_between` is for whoever must not err).
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec

from licensing.grants.allows import Used
from licensing.usage.meter import OPEN, READY, Call

_LINE = msgspec.json.Decoder(Call)
_PIECE: Final = 1 << 20
_SETTLED: Final = 100_000_000
"""Nanoseconds after which a folder's time of change tells all changes before: it moves on in the ticks of the
system, of which the longest lasts 10 ms."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of a grant; ``changes`` is how often the folder had changed before (in this process's
    sight): while it stays the same, no segment has come or gone, and the counters have taken nothing over."""

    used: Used
    changes: int


@dataclass(slots=True)
class _Segment:
    """``file`` stays open: neither a new ending nor its removal takes it away in the middle of a look."""

    file: int
    read: int = 0
    used: dict[str, Used] = field(default_factory=lambda: defaultdict(Used))


class Pending:
    """The segments of a meter's folder; one object a process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._segments: dict[str, _Segment] = {}
        self._changes = 0
        self._listed: frozenset[str] = frozenset()
        self._listed_of = 0

    def of(self, grant_id: str) -> Used:
        """Answered calls, rows and bytes that are recorded and not counted yet."""
        return self.look(grant_id).used

    def look(self, grant_id: str) -> Look:
        """:meth:`of`, and what tells whether the counters may have changed since another look."""
        with self._lock:
            self._read_on()
            total = Used()
            for segment in self._segments.values():
                used = segment.used.get(grant_id)
                if used is not None:
                    total += used
            return Look(total, self._changes)

    def _read_on(self) -> None:
        there = self._there()
        for name in self._segments.keys() - there:
            if os.fstat(self._segments[name].file).st_nlink == 0:
                os.close(self._segments.pop(name).file)
        for name in there - self._segments.keys():
            found = self._opened(name)
            if found is not None:  # else it was brought in since it was listed: the counters have its calls
                self._segments[name] = _Segment(found)
        for segment in self._segments.values():
            _read(segment)

    def _there(self) -> frozenset[str]:
        changed, now = os.stat(self._folder).st_mtime_ns, time.time_ns()
        if changed != self._listed_of:
            # A segment that is handed over changes its ending and nothing else.
            names = os.listdir(self._folder)
            self._listed = frozenset(
                each.rpartition(".")[0] for each in names if each.endswith((OPEN, READY))
            )
            self._listed_of = changed if now - changed > _SETTLED else 0
            self._changes += 1
        return self._listed

    def _opened(self, name: str) -> int | None:
        for ending in (OPEN, READY):
            try:
                return os.open(self._folder / f"{name}{ending}", os.O_RDONLY)
            except FileNotFoundError:
                continue
        return None


def _read(segment: _Segment) -> None:
    while lines := os.pread(segment.file, _PIECE, segment.read):
        whole = lines[: lines.rfind(b"\n") + 1]
        if not whole:
            return
        segment.read += len(whole)
        for line in whole.splitlines():
            _add(segment, line)


def _add(segment: _Segment, line: bytes) -> None:
    try:
        call = _LINE.decode(line)
    except msgspec.DecodeError:
        return  # a damaged line: whoever brings the segment in keeps it and says so
    if not call.outcome:
        segment.used[call.grant] += Used(1, call.rows, call.bytes)
