"""What all processes of this machine have recorded for a grant and nobody has brought into the counters yet.

A process knows its own lines by heart (:meth:`licensing.usage.meter.Meter.pending`), and a quota is the
grant's, not a process's. So the segments of all of them are read on, line by line as they grow. A segment
that was brought in is gone with its lines; for the moment between the two it counts twice, which errs towards
no.
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import msgspec

from licensing.grants.allows import Used
from licensing.usage.meter import OPEN, READY, Call

_LINE = msgspec.json.Decoder(Call)


@dataclass(slots=True)
class _Segment:
    read: int = 0
    used: dict[str, Used] = field(default_factory=lambda: defaultdict(Used))


class Pending:
    """The segments of a meter's folder; one object a process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._segments: dict[str, _Segment] = {}

    def of(self, grant_id: str) -> Used:
        """Answered calls, rows and bytes that are recorded and not counted yet."""
        with self._lock:
            self._read_on()
            total = Used()
            for segment in self._segments.values():
                used = segment.used.get(grant_id)
                if used is not None:
                    total += used
            return total

    def _read_on(self) -> None:
        there: dict[str, Path] = {}
        with os.scandir(self._folder) as found:
            for each in found:
                if each.name.endswith((OPEN, READY)):
                    # A segment that is handed over changes its ending and nothing else.
                    there[each.name.rpartition(".")[0]] = Path(each.path)
        for name in self._segments.keys() - there.keys():
            del self._segments[name]
        for name, path in there.items():
            segment = self._segments.setdefault(name, _Segment())
            try:
                with path.open("rb") as stream:
                    stream.seek(segment.read)
                    lines = stream.read()
            except FileNotFoundError:
                continue  # handed over or brought in between the two looks: the next look tells
            whole = lines[: lines.rfind(b"\n") + 1]
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
