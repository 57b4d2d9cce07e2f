"""Sealed objects: chunked authenticated encryption with random access.

Layout of an object (all integers big-endian)::

    magic "GVS1" | chunk size log2 (1) | nonce prefix (8) | key id, padded (32) | wrapped data key (60)
    chunk 0 | chunk 1 | … | last chunk            each: AES-256-GCM ciphertext and a 16-byte tag

Every object has a data key of its own, wrapped by the current key-encryption key. The wrapping is bound
to the object's storage key, so that one sealed object cannot be passed off as another. A chunk's nonce
is the prefix and its index; its associated data hold the magic, the chunk size, the index and whether
it is the last one. So a flipped bit, a chunk moved, removed or repeated, a cut and an extension are all
refused (NIST SP 800-38D for GCM; the last-chunk flag follows the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár 2015). The last chunk is checked when an object is opened, before the
first byte of it is given out.

An empty content is one empty last chunk.
"""

from __future__ import annotations

import io
import os
import struct
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ckanext.govdata.storage.errors import ObjectDamaged
from ckanext.govdata.storage.keyring import KEY_ID_SIZE, KEY_SIZE, TAG_SIZE, WRAPPED_SIZE, Keyring
from ckanext.govdata.storage.objects import ObjectInfo, ObjectStore

MAGIC = b"GVS1"
CHUNK_LOG2 = 20  # 1 MiB of plain content a chunk
_MIN_LOG2, _MAX_LOG2 = 8, 24
_PREFIX_SIZE = 8
_HEADER = struct.Struct(f">4sB{_PREFIX_SIZE}s{KEY_ID_SIZE}s{WRAPPED_SIZE}s")
HEADER_SIZE = _HEADER.size
_MAX_CHUNKS = 2**32
#: Chunks that a reader keeps decrypted, and the most that it fetches ahead in one request.
_CACHE_CHUNKS = 6
_AHEAD_CHUNKS = 4


def sealed_size(size: int, chunk_log2: int = CHUNK_LOG2) -> int:
    """Bytes that a content of ``size`` bytes takes when sealed."""
    chunks = max(1, -(-size // (1 << chunk_log2)))
    return HEADER_SIZE + size + chunks * TAG_SIZE


def plain_size(sealed: int, chunk_log2: int = CHUNK_LOG2) -> int:
    """Bytes of content in a sealed object of ``sealed`` bytes.

    Raises:
        ObjectDamaged: no content has that sealed size.
    """
    body = sealed - HEADER_SIZE
    full, rest = divmod(body, (1 << chunk_log2) + TAG_SIZE)
    if body < TAG_SIZE or 0 < rest < TAG_SIZE or (full and rest == TAG_SIZE):
        raise _damaged()
    return body - (full + (rest > 0)) * TAG_SIZE


class SealingWriter(io.RawIOBase):
    """Encrypts what is written to it into ``sink``; the object is whole only after :meth:`seal`.

    ``sink`` takes ciphertext by ``write`` and is neither flushed nor closed here. ``context`` is the
    storage key under which the object will be read.
    """

    def __init__(self, sink: Any, keyring: Keyring, context: str, chunk_log2: int = CHUNK_LOG2) -> None:
        super().__init__()
        self._sink, self._chunk_size = sink, 1 << chunk_log2
        self._prefix, data_key = os.urandom(_PREFIX_SIZE), os.urandom(KEY_SIZE)
        self._cipher, self._log2 = AESGCM(data_key), chunk_log2
        key_id, wrapped = keyring.wrap(data_key, _envelope_aad(chunk_log2, self._prefix, context))
        sink.write(_HEADER.pack(MAGIC, chunk_log2, self._prefix, key_id.encode("ascii"), wrapped))
        self._buffer = bytearray()
        self._index = 0
        self._position = 0
        self._sealed = False

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self._sealed or self.closed:
            raise ValueError("the object is sealed already")
        view = memoryview(data).cast("B")
        self._buffer += view
        self._position += len(view)
        # A chunk goes out only when a byte after it is known, because the last one is marked.
        while len(self._buffer) > self._chunk_size:
            chunk = bytes(self._buffer[: self._chunk_size])
            del self._buffer[: self._chunk_size]
            self._emit(chunk, last=False)
        return len(view)

    def seal(self) -> int:
        """Write the last chunk; returns the size of the content in bytes."""
        if not self._sealed:
            self._emit(bytes(self._buffer), last=True)
            self._buffer.clear()
            self._sealed = True
        return self._position

    def _emit(self, chunk: bytes, *, last: bool) -> None:
        if self._index >= _MAX_CHUNKS:
            raise OverflowError("a sealed object holds at most 2**32 chunks")
        nonce = self._prefix + struct.pack(">I", self._index)
        self._sink.write(self._cipher.encrypt(nonce, chunk, _chunk_aad(self._log2, self._index, last)))
        self._index += 1


class SealedReader(io.RawIOBase):
    """A seekable plain view of a sealed object; fetches only the chunks that are asked for.

    Raises (at construction):
        ObjectMissing: there is no such object.
        ObjectDamaged: changed, cut, extended or another object.
        KeyUnknown: its key-encryption key is not configured.
    """

    def __init__(self, store: ObjectStore, key: str, keyring: Keyring) -> None:
        super().__init__()
        self._store, self._key = store, key
        total = store.head(key).size
        if total < HEADER_SIZE + TAG_SIZE:
            raise _damaged()
        data_key, self._log2, self._prefix = _open_envelope(store.read(key, 0, HEADER_SIZE), keyring, key)
        self._cipher = AESGCM(data_key)
        self._chunk = 1 << self._log2
        self._slot = self._chunk + TAG_SIZE
        self.size = plain_size(total, self._log2)
        self._last = max(0, -(-self.size // self._chunk) - 1)
        self._total = total
        self._cache: OrderedDict[int, bytes] = OrderedDict()
        self._newest = -1
        self._position = 0
        self._fetch(self._last, 1)  # a cut or extended object fails here, before anything is given out

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("seek before the start")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        if self.closed:
            raise ValueError("the reader is closed")
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self.size - self._position)
        done = 0
        while done < wanted:
            index, offset = divmod(self._position, self._chunk)
            piece = self._plain(index)[offset : offset + wanted - done]
            view[done : done + len(piece)] = piece
            done += len(piece)
            self._position += len(piece)
        return max(0, done)

    def close(self) -> None:
        self._cache.clear()
        super().close()

    def _plain(self, index: int) -> bytes:
        if index not in self._cache:
            # Reading on from the chunk fetched last means a scan: ask for several at once.
            self._fetch(index, _AHEAD_CHUNKS if index == self._newest + 1 else 1)
        self._cache.move_to_end(index)
        return self._cache[index]

    def _fetch(self, index: int, count: int) -> None:
        stop = min(index + count, self._last + 1)
        start = HEADER_SIZE + index * self._slot
        sealed = self._store.read(self._key, start, min(self._total, HEADER_SIZE + stop * self._slot) - start)
        for at in range(index, stop):
            offset = (at - index) * self._slot
            nonce = self._prefix + struct.pack(">I", at)
            aad = _chunk_aad(self._log2, at, at == self._last)
            try:
                self._cache[at] = self._cipher.decrypt(nonce, sealed[offset : offset + self._slot], aad)
            except InvalidTag:
                raise _damaged() from None
        self._newest = stop - 1
        while len(self._cache) > _CACHE_CHUNKS:
            self._cache.popitem(last=False)


def open_sealed(store: ObjectStore, key: str, keyring: Keyring) -> BinaryIO:
    """A seekable, buffered plain stream of the sealed object ``key``; errors as :class:`SealedReader`."""
    return cast(BinaryIO, io.BufferedReader(SealedReader(store, key, keyring), buffer_size=256 * 1024))


@contextmanager
def sealing(store: ObjectStore, key: str, keyring: Keyring) -> Iterator[SealingWriter]:
    """Write a sealed object; it comes to be when the block ends without an exception, else nothing does."""
    with store.writer(key) as sink:
        writer = SealingWriter(sink, keyring, key)
        yield writer
        writer.seal()


def seal_bytes(store: ObjectStore, key: str, keyring: Keyring, content: bytes) -> ObjectInfo:
    """Seal a small content in one go; returns what the store holds (the sealed size)."""
    sink = io.BytesIO()
    writer = SealingWriter(sink, keyring, key)
    writer.write(content)
    writer.seal()
    return store.put(key, sink.getvalue())


def rewrap(store: ObjectStore, key: str, keyring: Keyring) -> bool:
    """Wrap the object's data key under the current key; the chunks stay as they are.

    Returns False when it is under the current key already. The object is replaced at once, so a
    rotation that is cut off can be run again.

    Raises:
        ObjectMissing, ObjectDamaged, KeyUnknown: as :class:`SealedReader`.
    """
    head = store.read(key, 0, HEADER_SIZE)
    data_key, log2, prefix = _open_envelope(head, keyring, key)
    if _key_id(head) == keyring.current:
        return False
    key_id, wrapped = keyring.wrap(data_key, _envelope_aad(log2, prefix, key))
    with store.writer(key) as sink:
        sink.write(_HEADER.pack(MAGIC, log2, prefix, key_id.encode("ascii"), wrapped))
        for piece in store.stream(key, HEADER_SIZE):
            sink.write(piece)
    return True


def key_id_of(store: ObjectStore, key: str) -> str:
    """The id of the key-encryption key that the object is under."""
    return _key_id(store.read(key, 0, HEADER_SIZE))


def rotate(store: ObjectStore, keyring: Keyring, prefix: str = "") -> tuple[int, int]:
    """:func:`rewrap` every object under ``prefix``; returns (rewrapped, already current)."""
    moved = kept = 0
    for info in store.list(prefix):
        if rewrap(store, info.key, keyring):
            moved += 1
        else:
            kept += 1
    return moved, kept


def _open_envelope(head: bytes, keyring: Keyring, context: str) -> tuple[bytes, int, bytes]:
    if len(head) != HEADER_SIZE:
        raise _damaged()
    magic, log2, prefix, _, wrapped = _HEADER.unpack(head)
    if magic != MAGIC or not _MIN_LOG2 <= log2 <= _MAX_LOG2:
        raise _damaged()
    data_key = keyring.unwrap(_key_id(head), wrapped, _envelope_aad(log2, prefix, context))
    return data_key, log2, prefix


def _key_id(head: bytes) -> str:
    try:
        return str(_HEADER.unpack(head)[3].rstrip(b"\0").decode("ascii"))
    except (struct.error, UnicodeDecodeError):
        raise _damaged() from None


def _envelope_aad(log2: int, prefix: bytes, context: str) -> bytes:
    return MAGIC + bytes([log2]) + prefix + context.encode("utf-8")


def _chunk_aad(log2: int, index: int, last: bool) -> bytes:
    return MAGIC + bytes([log2]) + struct.pack(">I?", index, last)


def _damaged() -> ObjectDamaged:
    return ObjectDamaged(
        "加密对象已被改动或不完整，拒绝打开；请重新上传原始文件。",
        "A sealed object was changed or is incomplete; it is not opened. Upload the raw file again.",
    )
