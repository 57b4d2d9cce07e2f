"""A spool for uploads that never stands on a disk in plain.

Werkzeug parses a multipart form into a temporary file as soon as it is larger than 500 kB; a raw file of
a department would lie there readable. :class:`SealedSpool` takes its place: up to 1 MiB stays in memory,
the rest goes in blocks of AES-256-GCM into a temporary file that has no name, under a key that exists
only in this process and dies with the spool. :func:`install` makes every request of the application use it.

The same class serves writers that need a seekable place (a zip container, say) for data that may not be
public yet.
"""

from __future__ import annotations

import io
import os
import struct
import tempfile
from collections import OrderedDict
from typing import IO, Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ckanext.govdata.storage.errors import ObjectDamaged

MEMORY_LIMIT = 1024 * 1024
_BLOCK = 256 * 1024
_TAG = 16
_CACHE_BLOCKS = MEMORY_LIMIT // _BLOCK


class SealedSpool(io.RawIOBase):
    """A readable, writable, seekable stream of bytes, as ``tempfile.SpooledTemporaryFile``.

    A block that is written again gets a new nonce (a counter, unique under the one-time key), so that two
    snapshots of the disk tell nothing about what changed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._file: IO[bytes] | None = None
        self._nonces: dict[int, bytes] = {}
        self._counter = 0
        self._blocks: OrderedDict[int, bytearray] = OrderedDict()  # blocks in memory, oldest use first
        self._dirty: set[int] = set()
        self._size = 0
        self._position = 0

    @property
    def on_disk(self) -> bool:
        """Whether anything went to the (encrypted) temporary file."""
        return self._file is not None

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("seek before the start")
        self._position = base + offset
        return self._position

    def truncate(self, size: int | None = None) -> int:
        size = self._position if size is None else size
        if size < self._size:
            keep = -(-size // _BLOCK)
            for index in [i for i in (*self._blocks, *self._nonces) if i >= keep]:
                self._blocks.pop(index, None)
                self._nonces.pop(index, None)
                self._dirty.discard(index)
            if size % _BLOCK:
                block = self._block(size // _BLOCK)
                block[size % _BLOCK :] = bytes(_BLOCK - size % _BLOCK)
                self._dirty.add(size // _BLOCK)
        self._size = size
        return size

    def write(self, data: Any) -> int:
        if self.closed:
            raise ValueError("the spool is closed")
        view = memoryview(data).cast("B")
        done = 0
        while done < len(view):
            index, offset = divmod(self._position, _BLOCK)
            block = self._block(index)
            count = min(_BLOCK - offset, len(view) - done)
            block[offset : offset + count] = view[done : done + count]
            self._dirty.add(index)
            done += count
            self._position += count
        self._size = max(self._size, self._position)
        return done

    def readinto(self, buffer: Any) -> int:
        if self.closed:
            raise ValueError("the spool is closed")
        view = memoryview(buffer).cast("B")
        wanted = max(0, min(len(view), self._size - self._position))
        done = 0
        while done < wanted:
            index, offset = divmod(self._position, _BLOCK)
            piece = self._block(index)[offset : offset + wanted - done]
            view[done : done + len(piece)] = piece
            done += len(piece)
            self._position += len(piece)
        return done

    def close(self) -> None:
        if not self.closed:
            self._blocks.clear()
            self._nonces.clear()
            if self._file is not None:
                self._file.close()
            super().close()

    def _block(self, index: int) -> bytearray:
        if index in self._blocks:
            self._blocks.move_to_end(index)
            return self._blocks[index]
        while len(self._blocks) >= _CACHE_BLOCKS:
            self._evict()
        block = self._load(index)
        self._blocks[index] = block
        return block

    def _evict(self) -> None:
        index, block = self._blocks.popitem(last=False)
        if index not in self._dirty:
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile("w+b", buffering=0)  # noqa: SIM115 - closed in close()
        self._counter += 1
        nonce = struct.pack(">IQ", 0, self._counter)
        sealed = self._cipher.encrypt(nonce, bytes(block), struct.pack(">Q", index))
        _write_all(self._file, index * (_BLOCK + _TAG), sealed)
        self._nonces[index] = nonce
        self._dirty.discard(index)

    def _load(self, index: int) -> bytearray:
        nonce = self._nonces.get(index)
        if nonce is None or self._file is None:
            return bytearray(_BLOCK)  # never written: a hole, zeros as in a file
        sealed = os.pread(self._file.fileno(), _BLOCK + _TAG, index * (_BLOCK + _TAG))
        try:
            return bytearray(self._cipher.decrypt(nonce, sealed, struct.pack(">Q", index)))
        except InvalidTag:
            raise ObjectDamaged(
                "临时存储内容已被改动，操作已停止；请重新上传。",
                "The temporary store was changed; the work was stopped. Upload again.",
            ) from None


def _write_all(file: IO[bytes], offset: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file.fileno(), view, offset)
        view, offset = view[written:], offset + written


def new_spool() -> IO[bytes]:
    """A buffered :class:`SealedSpool`, with ``readline`` and whole reads and writes."""
    return cast(IO[bytes], io.BufferedRandom(SealedSpool(), buffer_size=64 * 1024))


def install(app: Any) -> Any:
    """Make the Flask application ``app`` keep form uploads in :class:`SealedSpool`; repeatable.

    For ``IMiddleware.make_middleware``: CKAN reads ``request.files`` early and everywhere, so this is set
    for the whole application and not for one blueprint.
    """
    base = app.request_class
    if getattr(base, "sealed_spool", False):
        return app

    class SealedRequest(base):  # type: ignore[misc, valid-type]
        sealed_spool = True

        def _get_file_stream(
            self,
            total_content_length: int | None,
            content_type: str | None,
            filename: str | None = None,
            content_length: int | None = None,
        ) -> IO[bytes]:
            del (
                total_content_length,
                content_type,
                filename,
                content_length,
            )  # every upload, whatever its size
            return new_spool()

    app.request_class = SealedRequest
    return app
