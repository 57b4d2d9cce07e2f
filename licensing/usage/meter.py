"""The meter: one line appended to a file a call, so that no call waits for the database.

A call is acknowledged when its line is on the disk: neither a process that is killed nor a power cut loses
one that was. Calls that come together wait together: whoever finds no sync under way makes one for every line
that is written by then, so that the disk is asked once for all of them (group commit).
:mod:`licensing.usage.drain` brings the lines into the database. They hold ids and amounts, nothing else.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from licensing.core.store.ids import new_id
from licensing.grants.allows import Decision, Request, Used

OPEN: Final = ".open"
READY: Final = ".ready"
_ROLL_BYTES: Final = 4 * 1024 * 1024
_REPLACED: Final = "\ufffd"
_REMEMBERED: Final = 1_000
"""Failures of the disk, for calls that were waiting for it."""


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


def storable(text: str, most: int) -> str:
    """What a caller wrote, as every database takes it: a NUL or half a character would keep its line, and
    all lines beside it, out of the counters for good."""
    plain = text[: most * 2].replace("\0", _REPLACED)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")[:most]


@dataclass(frozen=True, slots=True)
class Written:
    """A call whose line is written and counts for quotas; to be acknowledged after :meth:`Meter.keep`."""

    id: str
    number: int


class Meter:
    """The meter of one process; any number of processes share a folder, each with a segment of its own.

    ``durable``: lines reach the disk before their calls are acknowledged; without it they survive the
    process and not a power cut. ``segment_bytes``: a segment that has grown to this size is closed and can be
    drained.
    """

    def __init__(self, folder: Path, *, durable: bool = True, segment_bytes: int = _ROLL_BYTES) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._durable, self._limit = folder, durable, segment_bytes
        # Always taken in this order: who syncs does not keep others from writing.
        self._syncing, self._lock = threading.Lock(), threading.Lock()
        self._encode = msgspec.json.Encoder().encode
        self._tallies: dict[Path, dict[str, Used]] = {}
        self._written = self._on_disk = 0
        self._lost: deque[range] = deque(maxlen=_REMEMBERED)
        self._torn = False
        self._open()

    def _open(self) -> None:
        path = self._folder / f"{new_id()}{OPEN}"
        unnamed = path.with_suffix(".new")
        self._file = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        # Held while this process lives: a segment whose lock is free belongs to nobody any more. It gets
        # its name once it is locked, so that no drain can take it for an abandoned one.
        fcntl.flock(self._file, fcntl.LOCK_EX)
        unnamed.rename(path)
        if self._durable:
            _sync_folder(self._folder)  # lines on the disk are of no use in a file that has no name there
        self._path, self._size, self._torn = path, 0, False
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
        """Write down one call and wait until it is kept; answers its id.

        ``rows`` and ``size`` (bytes) are what was handed out. ``call_id``: an id that the call has already;
        written down twice, it counts once.

        A decision about a token that nobody knows belongs to no grant and is not metered: it answers "".

        Raises:
            OSError: the disk does not take it; then the call must not be answered.
        """
        if not decision.grant_id:
            return ""
        written = self.write(decision, request, at, holder=holder, rows=rows, size=size, call_id=call_id)
        self.keep(written)
        return written.id

    def write(
        self,
        decision: Decision,
        request: Request,
        at: datetime,
        *,
        holder: str,
        rows: int,
        size: int,
        call_id: str | None = None,
    ) -> Written:
        """The first half of :meth:`record`: from here on the call counts, for every process of the folder.

        Raises:
            OSError: the disk is full.
        """
        call = Call(
            call_id or new_id(),
            decision.grant_id,
            decision.agreement_id,
            decision.token_id,
            holder,
            storable(request.dataset, 64),
            storable(request.purpose, 300),
            at,
            rows,
            size,
            decision.reason,
        )
        line = self._encode(call) + b"\n"
        with self._lock:
            self._append(line)
            if decision.allowed:
                tally = self._tallies[self._path.with_suffix(READY)]
                tally[call.grant] = tally.get(call.grant, Used()) + Used(1, rows, size)
            self._written += 1
            number, full = self._written, self._size >= self._limit
        if full:
            self.roll()
        return Written(call.id, number)

    def keep(self, written: Written) -> None:
        """The second half: returns when the line is on the disk.

        Raises:
            OSError: it is not known to be there; the call must not be answered.
        """
        if not self._durable:
            return
        with self._syncing:
            if any(written.number in each for each in self._lost):
                raise OSError("the meter's disk has failed")
            if self._on_disk >= written.number:
                return  # whoever was here before has taken this line along
            with self._lock:
                reached = self._written
            try:
                os.fdatasync(self._file)
            except OSError:
                with self._lock:
                    self._abandon()
                raise
            self._on_disk = reached

    def _append(self, line: bytes) -> None:
        if self._torn:
            raise OSError("the meter's disk is full")
        written = os.write(self._file, line)
        if written != len(line):
            # The next line would be joined to this half, and neither could be read.
            self._torn = True
            os.ftruncate(self._file, self._size)
            self._torn = False
            raise OSError("the meter's disk is full")
        self._size += len(line)

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
        with self._syncing, self._lock:
            if self._size or self._torn:
                self._hand_over()
                self._open()

    def close(self) -> None:
        """Hand over what is left."""
        with self._syncing, self._lock:
            self._hand_over()

    def _hand_over(self) -> None:
        try:
            os.fsync(self._file)
        except OSError:
            self._abandon()
            raise
        self._on_disk = self._written
        self._path.rename(self._path.with_suffix(READY))
        os.close(self._file)

    def _abandon(self) -> None:
        """The disk has failed: the system may have dropped what was written, and would call the next sync a
        success. What is not known to be there is not acknowledged, and another segment begins."""
        self._lost.append(range(self._on_disk + 1, self._written + 1))
        # Its lock goes with it: a drain takes what can still be read. Should no other segment open, nothing
        # is recorded and therefore nothing answered.
        closing, self._file = self._file, -1
        os.close(closing)
        self._open()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
