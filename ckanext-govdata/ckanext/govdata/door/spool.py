"""A file in the making: in memory while it is small, sealed in the private bucket when it grows.

Its digest and size are known before its first byte leaves; nothing of it is ever on a disk in plain.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

from ckanext.govdata.storage import buckets, sealed

PREFIX: Final = "door/"
IN_MEMORY: Final = 4 * 1024 * 1024
_PIECE: Final = 256 * 1024


class Spool:
    """Takes bytes by ``write``; :meth:`finish`, then :meth:`pieces`. ``discard`` in every case."""

    def __init__(self, name: str, in_memory: int = IN_MEMORY) -> None:
        self.name, self._key, self._most = name, PREFIX + name, in_memory
        self._held = io.BytesIO()
        self._sealing = ExitStack()
        self._sink: io.RawIOBase | None = None
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Add bytes; how many."""
        self._hash.update(data)
        self.size += len(data)
        if self._sink is None and self.size <= self._most:
            return self._held.write(data)
        if self._sink is None:
            writer = self._sealing.enter_context(
                sealed.sealing(buckets.staging(), self._key, buckets.keyring())
            )
            self._sink = writer
            writer.write(self._held.getvalue())
            self._held = io.BytesIO()
        self._sink.write(data)
        return len(data)

    def flush(self) -> None:
        """Whole parts only."""

    def finish(self) -> str:
        """No byte comes any more; the SHA-256 of all of them, in hexadecimal."""
        self._sealing.close()
        return self._hash.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """The file from its first byte on."""
        if self._sink is None:
            yield self._held.getvalue()
            return
        with sealed.open_sealed(buckets.staging(), self._key, buckets.keyring()) as stream:
            while piece := stream.read(_PIECE):
                yield piece

    def discard(self) -> None:
        """Destroy what was stored; repeatable."""
        if self._sink is not None:
            buckets.staging().delete(self._key)
