"""Where bytes come from: a path, or a seekable stream that its owner decrypts on the way."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from anonymize.errors import WrongUse
from anonymize.readers import complaint

BLOCK = 4 << 20
"""Bytes read at a time."""


def readable_name(name: str) -> str:
    """A file's name as text. Names that are no UTF-8 come from archives that were packed under GBK; Python
    holds their bytes as halves of characters, which fit no report.

    >>> readable_name(b"\xb5\xcd\xb1\xa3.csv".decode("utf-8", "surrogateescape"))
    '低保.csv'
    """
    raw = name.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


class ByteSource:
    """One source that can be read from its start again and again, without a copy of it anywhere.

    A file has to stay what it was at the first reading: what a scan found would else be told of other cells
    than those that leave, and the SHA-256 in the evidence would be another file's.

    A stream belongs to its caller: it is rewound, never closed. Only one reading may be under way
    at a time, because a stream has one position.
    """

    def __init__(self, source: Path | str | BinaryIO, name: str | None = None) -> None:
        self._path: Path | None = None
        self._stream: BinaryIO | None = None
        self._stamp: tuple[int, ...] | None = None
        if isinstance(source, (str, Path)):
            self._path = Path(source)
            self.name = name or readable_name(self._path.name)
        else:
            if not source.seekable():
                raise WrongUse(
                    "输入流不能回退，无法多次读取；请传入文件路径或可回退的二进制流。",
                    "The stream cannot seek, so it cannot be read twice; "
                    "give a path or a seekable binary stream.",
                )
            self._stream = source
            self.name = name or "upload"

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes from the first one on.

        Raises:
            SourceUnreadable: the file was changed or replaced since the first reading, or during this one.
        """
        if self._path is not None:
            with self._path.open("rb") as file:
                self._compare(file)
                yield file
                self._compare(file)
            return
        stream = self._stream
        assert stream is not None  # noqa: S101 - one of the two is always set
        stream.seek(0)
        yield stream

    def _compare(self, file: BinaryIO) -> None:
        """Size, times and place of the file on its disk are those of the first reading."""
        now = os.fstat(file.fileno())
        stamp = (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
        if self._stamp is None:
            self._stamp = stamp
        elif stamp != self._stamp:
            raise complaint.changed()

    def __getstate__(self) -> dict[str, Any]:
        # On another machine the same path may be a copy of the file, with times of its own.
        return self.__dict__ | {"_stamp": None}

    def head(self, length: int) -> bytes:
        """At most ``length`` first bytes."""
        with self.open() as stream:
            return read_up_to(stream, length)

    def blocks(self, length: int = BLOCK) -> Iterator[bytes]:
        """All bytes in blocks of at most ``length``."""
        with self.open() as stream:
            while block := stream.read(length):
                yield block

    def digest(self) -> tuple[int, str]:
        """Size in bytes and SHA-256 in hexadecimal of the file as it came."""
        sha256 = hashlib.sha256()
        size = 0
        for block in self.blocks():
            sha256.update(block)
            size += len(block)
        return size, sha256.hexdigest()

    def held(self, limit: int) -> bytes | None:
        """All bytes at once; None when there are more than ``limit``."""
        with self.open() as stream:
            data = read_up_to(stream, limit + 1)
        return data if len(data) <= limit else None

    @property
    def shared(self) -> bool:
        """Whether another process can read these very bytes: a path can be sent to it, a stream cannot."""
        return self._path is not None and type(self) is ByteSource

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


def read_up_to(stream: BinaryIO, length: int) -> bytes:
    """Read until ``length`` bytes are there or the stream ends (a raw stream may answer in small pieces)."""
    first = stream.read(length) or b""
    if len(first) == length:
        return first
    buffer = io.BytesIO()
    buffer.write(first)
    while (missing := length - buffer.tell()) > 0 and (piece := stream.read(missing)):
        buffer.write(piece)
    return buffer.getvalue()
