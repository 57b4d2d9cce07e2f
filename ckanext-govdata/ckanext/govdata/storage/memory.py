"""An object store in memory: for unit tests and for tools that need no server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timezone

from ckanext.govdata.storage.errors import ObjectMissing, RangeInvalid
from ckanext.govdata.storage.objects import STREAM_SIZE, ObjectInfo, ObjectWriter


class MemoryStore:
    """One bucket as a dictionary; behaves as the contract suite asks, nothing more."""

    def __init__(self) -> None:
        self._objects: dict[str, tuple[bytes, datetime]] = {}
        self._lock = threading.Lock()

    def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> ObjectInfo:
        del content_type  # nobody can ask for it back: the download view decides the type
        now = datetime.now(timezone.utc)
        with self._lock:
            self._objects[key] = (bytes(data), now)
        return ObjectInfo(key, len(data), now)

    def writer(self, key: str, *, content_type: str = "application/octet-stream") -> ObjectWriter:
        del content_type
        return _MemoryWriter(self, key)

    def head(self, key: str) -> ObjectInfo:
        data, modified = self._get(key)
        return ObjectInfo(key, len(data), modified)

    def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        data, _ = self._get(key)
        if start > len(data) or (start == len(data) and start > 0):
            raise RangeInvalid("对象没有这一段字节。", "The object has no such bytes.")
        return data[start:] if length is None else data[start : start + length]

    def stream(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        data = self.read(key, start, length)
        return (data[at : at + STREAM_SIZE] for at in range(0, len(data), STREAM_SIZE))

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        with self._lock:
            found = [(k, v) for k, v in sorted(self._objects.items()) if k.startswith(prefix)]
        return (ObjectInfo(key, len(data), modified) for key, (data, modified) in found)

    def delete(self, key: str) -> None:
        with self._lock:
            self._objects.pop(key, None)

    def delete_prefix(self, prefix: str) -> int:
        if not prefix:
            raise ValueError("an empty prefix would destroy the bucket")
        with self._lock:
            doomed = [key for key in self._objects if key.startswith(prefix)]
            for key in doomed:
                del self._objects[key]
        return len(doomed)

    def _get(self, key: str) -> tuple[bytes, datetime]:
        with self._lock:
            try:
                return self._objects[key]
            except KeyError:
                raise ObjectMissing("对象不存在。", "There is no such object.") from None


class _MemoryWriter(ObjectWriter):
    def __init__(self, store: MemoryStore, key: str) -> None:
        super().__init__(key)
        self._store, self._buffer = store, bytearray()

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._buffer += data
        self._position += len(data)
        return len(data)

    def _finish(self) -> ObjectInfo:
        return self._store.put(self.key, bytes(self._buffer))

    def _discard(self) -> None:
        self._buffer.clear()
