"""A table inside gzip, bzip2, xz, zstd or zip: unpacked on the way, again for each pass.

Nothing is unpacked to a disk. What comes out is counted against the limits, so that a bomb ends after
10 MiB and not after the disk or the memory. A zip must hold one file; its name is used for messages
about the extension and never as a path.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, BinaryIO, Literal, cast

import pyarrow as pa

from anonymize.readers import complaint_structured as structured
from anonymize.readers.limits import Limits
from anonymize.readers.source import ByteSource

Packing = Literal["gz", "bz2", "xz", "zst", "zip"]

SUFFIXES: dict[Packing, tuple[str, ...]] = {
    "gz": (".gz", ".gzip"),
    "bz2": (".bz2",),
    "xz": (".xz",),
    "zst": (".zst", ".zstd"),
    "zip": (".zip",),
}
_BOMB_FROM = 10 << 20
_PIECE = 1 << 20
_XZ_MEMORY = 256 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, ValueError, OSError)


class CompressedSource(ByteSource):
    """The unpacked bytes of ``outer``, as a source of its own.

    Raises:
        SourceUnreadable: from the constructor for a zip that does not hold one plain file, from
            reading for damage and bombs.
    """

    def __init__(self, outer: ByteSource, packing: Packing, limits: Limits) -> None:
        self._outer = outer
        self._packing = packing
        self._limits = limits
        self._size = outer.digest()[0]
        self._member = _only_member(outer) if packing == "zip" else None
        self.name = self._inner_name()

    def _inner_name(self) -> str:
        if self._member is not None:
            return PurePosixPath(self._member).name
        name = self._outer.name
        for suffix in SUFFIXES[self._packing]:
            if name.lower().endswith(suffix):
                return name[: -len(suffix)]
        return name

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The unpacked bytes; the stream reads forward only."""
        with self._outer.open() as packed:
            try:
                stream = _unpacked(packed, self._packing, self._member)
            except _DAMAGE:
                raise structured.damaged(self._packing) from None
            try:
                yield cast(BinaryIO, _Bounded(stream, self._size, self._limits, self._packing))
            finally:
                stream.close()

    def seekable_copy(self, found: str) -> ByteSource:
        """The unpacked bytes held in memory, for a reader that jumps about in its file.

        Raises:
            SourceUnreadable: more than ``limits.max_held``.
        """
        data = self.held(self._limits.max_held)
        if data is None:
            raise structured.too_large_to_hold(found, self._limits.max_held)
        return ByteSource(io.BytesIO(data), self.name)


class _Bounded:
    """Reads on, counts, and turns every way in which a packed file can be damaged into one sentence."""

    def __init__(self, stream: IO[bytes], packed_size: int, limits: Limits, packing: Packing) -> None:
        self._stream = stream
        self._packing = packing
        ratio = max(_BOMB_FROM, packed_size * limits.max_stream_ratio)
        self._left = min(limits.max_stream, ratio)

    def read(self, length: int) -> bytes:
        """At most ``length`` bytes; empty at the end."""
        try:
            data = self._stream.read(length)
        except _DAMAGE:
            raise structured.damaged(self._packing) from None
        self._left -= len(data)
        if self._left < 0:
            raise structured.unpacks_too_far()
        return data


class _Xz(io.RawIOBase):
    """One or more xz streams; other than ``lzma.LZMAFile`` it bounds the memory that a header may ask for."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._decoder = self._fresh()
        self._pending = b""

    @staticmethod
    def _fresh() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def read(self, length: int = -1) -> bytes:
        """At most ``length`` bytes; empty at the end."""
        while True:
            if self._decoder.eof:
                # Padding between streams is made of zeros.
                rest = self._decoder.unused_data or self._pending
                while not rest.strip(b"\0"):
                    rest = self._packed.read(_PIECE)
                    if not rest:
                        return b""
                self._decoder, self._pending = self._fresh(), rest.lstrip(b"\0")
            if self._decoder.needs_input and not self._pending:
                self._pending = self._packed.read(_PIECE)
                if not self._pending:
                    raise EOFError
            piece, self._pending = self._pending, b""
            if data := self._decoder.decompress(piece, length):
                return data


class _Forward:
    """Hides ``close`` and ``seek`` of a stream that belongs to somebody else from pyarrow."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, length: int = -1) -> bytes:
        return self._stream.read(length)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """The stream stays open for its owner."""


def _unpacked(packed: BinaryIO, packing: Packing, member: str | None) -> IO[bytes]:
    if packing == "gz":
        return cast(IO[bytes], gzip.GzipFile(fileobj=packed, mode="rb"))
    if packing == "bz2":
        return bz2.BZ2File(packed)
    if packing == "xz":
        return cast(IO[bytes], _Xz(packed))
    if packing == "zst":
        return cast(IO[bytes], pa.CompressedInputStream(pa.PythonFile(_Forward(packed), "r"), "zstd"))
    return zipfile.ZipFile(packed).open(member or "")


def _only_member(outer: ByteSource) -> str:
    try:
        with outer.open() as stream, zipfile.ZipFile(stream) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not _litter(m.filename)]
    except _DAMAGE:
        raise structured.damaged("zip") from None
    if len(members) != 1:
        raise structured.several_members(len(members))
    member = members[0]
    if member.flag_bits & 1:
        raise structured.packed_with_password()
    if member.compress_type not in _METHODS:
        raise structured.damaged("zip")
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise structured.unsafe_member()
    return member.filename


def _litter(name: str) -> bool:
    """What macOS and Windows put into archives unasked."""
    return name.startswith(_LITTER) or name.rsplit("/", 1)[-1] in _LITTER
