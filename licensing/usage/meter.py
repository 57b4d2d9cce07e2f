"""The meter: one line appended to a file a call, so that no call waits for the database.

A call is acknowledged when its line has been handed to the operating system: the process may be killed at
any moment and nothing acknowledged is lost. With ``durable`` the line is on the disk before the call is
acknowledged, and a power cut loses nothing either. :mod:`licensing.usage.drain` brings the lines into the
database. They hold ids and amounts, nothing else.
"""

from __future__ import annotations

import fcntl
import os
import threading
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from licensing.core.store.ids import new_id
from licensing.grants.allows import Decision, Request, Used

OPEN: Final = ".open"
READY: Final = ".ready"
_ROLL_BYTES: Final = 4 * 1024 * 1024


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line. ``outcome`` is the decision's reason: empty when the call was answered."""

    id: str
    grant: str
    agreement: str
    token: str
    holder: str
    dataset: str
    purpose: str
    at: datetime
    rows: int
    bytes: int
    outcome: str


class Meter:
    """The meter of one process; any number of processes share a folder, each with a segment of its own.

    ``segment_bytes``: a segment that has grown to this size is closed and can be drained.
    """

    def __init__(self, folder: Path, *, durable: bool = False, segment_bytes: int = _ROLL_BYTES) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._durable, self._limit = folder, durable, segment_bytes
        self._lock = threading.Lock()
        self._encode = msgspec.json.Encoder().encode
        self._tallies: dict[Path, dict[str, Used]] = {}
        self._open()

    def _open(self) -> None:
        path = self._folder / f"{new_id()}{OPEN}"
        unnamed = path.with_suffix(".new")
        self._file = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        # Held while this process lives: a segment whose lock is free belongs to nobody any more. It gets
        # its name once it is locked, so that no drain can take it for an abandoned one.
        fcntl.flock(self._file, fcntl.LOCK_EX)
        unnamed.rename(path)
        self._path, self._size = path, 0
        self._tallies[path.with_suffix(READY)] = {}

    def record(
        self,
        decision: Decision,
        request: Request,
        at: datetime,
        *,
        holder: str,
        rows: int,
        size: int,
        call_id: str | None = None,
    ) -> str:
        """Write down one call; answers its id. ``rows`` and ``size`` (bytes) are what was handed out.

        ``call_id``: an id that the call has already; written down twice, it counts once.

        A decision about a token that nobody knows belongs to no grant and is not metered: it answers "".
        """
        if not decision.grant_id:
            return ""
        call = Call(
            call_id or new_id(),
            decision.grant_id,
            decision.agreement_id,
            decision.token_id,
            holder,
            request.dataset[:64],
            request.purpose[:300],
            at,
            rows,
            size,
            decision.reason,
        )
        line = self._encode(call) + b"\n"
        with self._lock:
            written = os.write(self._file, line)
            if written != len(line):
                raise OSError("the meter's disk is full")
            if self._durable:
                os.fdatasync(self._file)
            if decision.allowed:
                tally = self._tallies[self._path.with_suffix(READY)]
                tally[call.grant] = tally.get(call.grant, Used()) + Used(1, rows, size)
            self._size += len(line)
            if self._size >= self._limit:
                self._roll()
        return call.id

    def pending(self, grant_id: str) -> Used:
        """What this process has recorded for a grant and has not been drained yet."""
        with self._lock:
            current = self._path.with_suffix(READY)
            for path in [each for each in self._tallies if each != current and not each.exists()]:
                del self._tallies[path]
            total = Used()
            for tally in self._tallies.values():
                total += tally.get(grant_id, Used())
            return total

    def roll(self) -> None:
        """Close the segment, so that it can be drained, and begin another; nothing when it is empty."""
        with self._lock:
            if self._size:
                self._roll()

    def close(self) -> None:
        """Hand over what is left."""
        with self._lock:
            self._hand_over()

    def _roll(self) -> None:
        self._hand_over()
        self._open()

    def _hand_over(self) -> None:
        os.fsync(self._file)
        self._path.rename(self._path.with_suffix(READY))
        os.close(self._file)
