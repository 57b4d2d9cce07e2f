"""Witnesses: checkpoints kept outside the database, where whoever owns the database cannot reach them.

A restored backup brings its own checkpoints along and is consistent in itself; a witness remembers what
stood there before. Witnesses only grow.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import Conflict, InvalidInput, NotFound
from licensing.core.ledger.checkpoint import Checkpoint
from licensing.core.ledger.entry import canonical
from licensing.core.ledger.models import LedgerCheckpoint
from licensing.core.ledger.sequencer import as_checkpoint
from licensing.core.ledger.tree import broken
from licensing.ports import Storage


class Witness(Protocol):
    """Remembers checkpoints in the order of their size."""

    def checkpoints(self) -> Iterator[Checkpoint]:
        """All of them, the smallest first."""
        ...

    def last(self) -> Checkpoint | None:
        """The newest, or None."""
        ...

    def add(self, checkpoint: Checkpoint) -> None:
        """Remember one more; the newest again changes nothing.

        Raises:
            Conflict: it does not come after those that are there.
        """
        ...


def publish(session: Session, witness: Witness) -> int:
    """Give a witness the committed checkpoints that it lacks; how many. Run after the commit.

    Raises:
        LedgerBroken: the witness remembers a ledger that this one does not extend.
    """
    last = witness.last()
    after = 0
    if last is not None:
        row = session.get(LedgerCheckpoint, last.size)
        if row is None or as_checkpoint(row) != last:
            raise broken()
        after = last.size
    query = select(LedgerCheckpoint).where(LedgerCheckpoint.size > after).order_by(LedgerCheckpoint.size)
    sent = 0
    for row in session.scalars(query):
        witness.add(as_checkpoint(row))
        sent += 1
    return sent


def _refuse_unless_later(checkpoint: Checkpoint, last: Checkpoint | None) -> bool:
    """Whether it must be written; False for the newest again."""
    if last is None or checkpoint.size > last.size:
        return True
    if checkpoint == last:
        return False
    raise Conflict(
        "见证处已有同样或更新的检查点。", "The witness has a checkpoint of that size or a later one."
    )


def _parse(text: bytes) -> Checkpoint:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise InvalidInput("见证文件已损坏。", "The witness is damaged.") from error
    if not isinstance(document, dict):
        raise InvalidInput("见证文件已损坏。", "The witness is damaged.")
    return Checkpoint.from_dict(document)


class FileWitness:
    """One line a checkpoint, in a file that should lie on another machine's disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def checkpoints(self) -> Iterator[Checkpoint]:
        if not self._path.exists():
            return
        with self._path.open("rb") as stream:
            for line in stream:
                yield _parse(line)

    def last(self) -> Checkpoint | None:
        newest = None
        for newest in self.checkpoints():  # noqa: B007  (the last one is wanted)
            pass
        return newest

    def add(self, checkpoint: Checkpoint) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            if _refuse_unless_later(checkpoint, self.last()):
                stream.write(canonical(checkpoint.as_dict()) + b"\n")
                stream.flush()
                os.fsync(stream.fileno())


class StorageWitness:
    """One numbered object a checkpoint, e.g. in a bucket whose objects cannot be overwritten."""

    def __init__(self, storage: Storage, prefix: str = "ledger-witness") -> None:
        self._storage, self._prefix = storage, prefix

    def checkpoints(self) -> Iterator[Checkpoint]:
        number = 1
        while (found := self._read(number)) is not None:
            yield found
            number += 1

    def last(self) -> Checkpoint | None:
        count = self._count()
        return self._read(count) if count else None

    def add(self, checkpoint: Checkpoint) -> None:
        count = self._count()
        if _refuse_unless_later(checkpoint, self._read(count) if count else None):
            content = canonical(checkpoint.as_dict())
            self._storage.put(self._key(count + 1), content, hashlib.sha256(content).hexdigest())

    def _key(self, number: int) -> str:
        return f"{self._prefix}/{number:012}.json"

    def _read(self, number: int) -> Checkpoint | None:
        try:
            return _parse(self._storage.get(self._key(number)))
        except NotFound:
            return None

    def _count(self) -> int:
        """How many there are; objects are numbered without a gap, so halving finds the end."""
        high = 1
        while self._read(high) is not None:
            high *= 2
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            if self._read(middle) is None:
                high = middle
            else:
                low = middle
        return low
