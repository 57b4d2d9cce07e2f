"""The small object-store protocol that everything above storage is written against.

Two adapters carry it: :class:`~ckanext.govdata.storage.s3.S3Store` and
:class:`~ckanext.govdata.storage.memory.MemoryStore`; one contract suite proves both
(``tests/unit/portal/storage/contract.py``).
"""

from __future__ import annotations

import io
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: Bytes of one multipart part and of one ranged read of a stream. S3 allows no part under 5 MiB but the last.
PART_SIZE = 8 * 1024 * 1024
STREAM_SIZE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What a store knows of an object without opening it; ``size`` in bytes."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A raw file at rest: ``size`` and ``sha256`` are those of the plain content."""

    key: str
    size: int
    sha256: str


class ObjectWriter(io.RawIOBase):
    """A write-only stream that becomes an object at :meth:`commit` and at no other moment.

    ``close()`` without ``commit()`` throws everything away: an exception, a lost reference or a
    killed process leaves no object, whole or half. As a context manager it commits on a clean
    exit and aborts on an exception.
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self._committed = False
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def commit(self) -> ObjectInfo:
        """Make the object true, replacing one of the same key at once.

        Raises:
            StoreUnavailable: the store does not answer; nothing was made.
        """
        if self.closed:
            raise ValueError("the writer is closed")
        info = self._finish()
        self._committed = True
        self.close()
        return info

    def close(self) -> None:
        if not self.closed:
            try:
                if not self._committed:
                    self._discard()
            finally:
                super().close()

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is None and not self.closed:
            self.commit()
        else:
            self.close()

    @abstractmethod
    def _finish(self) -> ObjectInfo: ...

    @abstractmethod
    def _discard(self) -> None: ...


class ObjectStore(Protocol):
    """One bucket. Keys are ``/``-separated ASCII; content is bytes; a write is atomic."""

    def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> ObjectInfo:
        """Store ``data`` whole under ``key``."""
        ...

    def writer(self, key: str, *, content_type: str = "application/octet-stream") -> ObjectWriter:
        """A stream whose commit makes the object; memory is bounded by one part."""
        ...

    def head(self, key: str) -> ObjectInfo:
        """Size and time of an object.

        Raises:
            ObjectMissing: there is none.
        """
        ...

    def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        """``length`` bytes from ``start`` (all the rest when ``None``); fewer when the object ends.

        Raises:
            ObjectMissing: there is none.
            RangeInvalid: ``start`` lies behind the end.
        """
        ...

    def stream(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The same bytes as :meth:`read` in chunks of at most ``STREAM_SIZE``.

        The object is looked up before this returns, so that a missing one is an error, not an empty stream.
        """
        ...

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Every object whose key starts with ``prefix``, by key."""
        ...

    def delete(self, key: str) -> None:
        """Destroy an object; that it is already gone is no error."""
        ...

    def delete_prefix(self, prefix: str) -> int:
        """Destroy every object under a non-empty ``prefix``; returns how many there were."""
        ...
