"""The pool of a backup folder: every file is named by the SHA-256 of its bytes, and is written once.

A point is whole when its manifest is there (:mod:`manifest`), so that a file whose writing was cut off is
nothing: it has another name, and the next backup removes it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Final

from ckanext.govdata.backup.errors import BackupError, damaged
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.storage.errors import ObjectMissing
from ckanext.govdata.storage.objects import ObjectInfo

PIECE: Final = 1 << 20


class Pool:
    """Files by digest below ``root``; folders are 700, files 600."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "pool"
        self.half = root / "half-written"

    def prepare(self) -> None:
        """Make the folders, and remove what an interrupted backup has left."""
        for each in (self.root, self.folder, self.half):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
            each.chmod(0o700)
        for left in self.half.iterdir():
            left.unlink()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One backup, pruning or restore of a folder at a time. Raises BackupError."""
        with (self.root / ".lock").open("w") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError(
                    Message("另一个备份或者恢复正在使用该目录。", "The folder is in use by another run.")
                ) from None
            yield

    def path(self, digest: str) -> Path:
        """Where the file of this digest lies."""
        return self.folder / digest[:2] / digest

    def holds(self, digest: str, size: int) -> bool:
        """Whether a file of that name and size is there; its bytes are not read."""
        try:
            return self.path(digest).stat().st_size == size
        except FileNotFoundError:
            return False

    def writer(self) -> Writer:
        """A file in the making; it joins the pool when its block ends without an exception."""
        return Writer(self)

    def check(self, digest: str, size: int, what: str) -> None:
        """Read the whole file. Raises BackupDamaged naming ``what``."""
        seen, total = hashlib.sha256(), 0
        try:
            with self.path(digest).open("rb") as stream:
                while piece := stream.read(PIECE):
                    seen.update(piece)
                    total += len(piece)
        except FileNotFoundError:
            raise damaged(what) from None
        if total != size or seen.hexdigest() != digest:
            raise damaged(what)

    def sweep(self, kept: frozenset[str]) -> int:
        """Remove the files that no point names; how many bytes became free."""
        freed = 0
        for path in self.folder.glob("??/*"):
            if path.name not in kept:
                freed += path.stat().st_size
                path.unlink()
        return freed


class Writer:
    """Counts and digests what is written; ``digest`` and ``size`` stand when the block has ended."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._seen = hashlib.sha256()
        self.digest, self.size = "", 0

    def __enter__(self) -> Writer:
        handle, name = tempfile.mkstemp(dir=self._pool.half)  # mode 600
        self._stream, self._path = os.fdopen(handle, "wb"), Path(name)
        return self

    def write(self, data: bytes) -> int:
        """Add bytes."""
        self._seen.update(data)
        self.size += len(data)
        return self._stream.write(data)

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stream.close()
            self._path.unlink(missing_ok=True)
            return
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self.digest = self._seen.hexdigest()
        goal = self._pool.path(self.digest)
        goal.parent.mkdir(mode=0o700, exist_ok=True)
        self._path.replace(goal)
        sync_folder(goal.parent)
        sync_folder(self._pool.folder)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Sealed:
    """One file of the pool as sealed objects are read from a store (:class:`storage.sealed.SealedReader`).

    Its envelope is bound to ``key``, so that one part of a backup cannot be passed off as another.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def head(self, key: str) -> ObjectInfo:
        """Its size."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            raise ObjectMissing("对象不存在。", "There is no such object.") from None
        return ObjectInfo(key, found.st_size, datetime.fromtimestamp(found.st_mtime, timezone.utc))

    def read(self, _key: str, start: int = 0, length: int | None = None) -> bytes:
        """Bytes from ``start``."""
        with self._path.open("rb") as stream:
            stream.seek(start)
            return stream.read(-1 if length is None else length)
