"""A zip that is written from front to back, the same bytes every time, of a size that is known beforehand.

Data pass through unchanged: they are put into *stored* blocks of a Deflate stream (RFC 1951, 3.2.4), five
bytes for every 65,535. Any Deflate writer may choose other bytes in its next version; these never change, so
a download has a length, and two downloads are equal. Method 8 with a data descriptor is also what every
reader takes, streaming ones included; the plain method 0 with a descriptor is not.

Source: PKWARE APPNOTE 6.3.10 (4.3.7 local header, 4.3.9 data descriptor, 4.3.12 central directory,
4.3.14-15 ZIP64, 4.4.4 bit 11: names are UTF-8).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

BLOCK = 65_535
LIMIT = 0xFFFFFFFF
"""From this size or offset on, ZIP64 fields carry the number."""
_FLAGS = 0x0808  # data descriptor, UTF-8 names
_DEFLATE = 8
_TIME, _DATE = 0, 0x21  # 1980-01-01 00:00, the first moment that a zip knows
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: ``size`` bytes that ``content`` gives when it is called."""

    name: str
    size: int
    content: Callable[[], Iterable[bytes]]


class WrongSize(OSError):
    """A member gave another number of bytes than it said; the archive is broken off, not finished."""


def stored_size(size: int) -> int:
    """Bytes that ``size`` bytes take inside the archive."""
    return size + 5 * max(1, -(-size // BLOCK))


def total_size(members: Sequence[Member], limit: int = LIMIT) -> int:
    """The size of the whole archive in bytes, without reading any content."""
    offset, directory = 0, 0
    for member in members:
        large = _is_large(member, limit)
        name = len(member.name.encode("utf-8"))
        directory += len(_central(member, 0, offset, limit))
        offset += 30 + name + (20 if large else 0) + stored_size(member.size) + (24 if large else 16)
    return offset + directory + len(_end(len(members), directory, offset, limit))


def stream(members: Sequence[Member], limit: int = LIMIT) -> Iterator[bytes]:
    """The archive in pieces. ``limit`` is lowered by tests, which have no 4 GiB to spare.

    Raises:
        WrongSize: a member's content is shorter or longer than announced.
    """
    offset, directory = 0, b""
    for member in members:
        header = _local(member, limit)
        yield header
        crc, written = 0, 0
        for piece in _blocks(member):
            crc = zlib.crc32(piece[1], crc)
            written += len(piece[1])
            yield piece[0]
            yield piece[1]
        if written != member.size:
            raise WrongSize(f"{member.name}: {written} bytes came, {member.size} were announced")
        large = _is_large(member, limit)
        packed = stored_size(member.size)
        yield struct.pack("<4sLQQ" if large else "<4sLLL", b"PK\x07\x08", crc, packed, member.size)
        directory += _central(member, crc, offset, limit)
        offset += len(header) + packed + (24 if large else 16)
    yield directory
    yield _end(len(members), len(directory), offset, limit)


def _blocks(member: Member) -> Iterator[tuple[bytes, bytes]]:
    """(header, data) of each stored block; all but the last are full."""
    left, buffer = member.size, bytearray()
    if not member.size:
        yield _block_header(b"", last=True), b""
    for chunk in member.content():
        buffer += chunk
        while len(buffer) >= BLOCK or (buffer and len(buffer) >= left):
            data = bytes(buffer[:BLOCK])
            del buffer[: len(data)]
            left -= len(data)
            yield _block_header(data, last=left <= 0), data
    if buffer:
        raise WrongSize(f"{member.name}: {member.size - left + len(buffer)} bytes came, not {member.size}")


def _block_header(data: bytes, *, last: bool) -> bytes:
    return struct.pack("<BHH", int(last), len(data), len(data) ^ 0xFFFF)


def _is_large(member: Member, limit: int) -> bool:
    return stored_size(member.size) >= limit


def _local(member: Member, limit: int) -> bytes:
    name, large = member.name.encode("utf-8"), _is_large(member, limit)
    # Sizes follow in the descriptor. The ZIP64 field, empty here, says that they take eight bytes there.
    extra = struct.pack("<HHQQ", 1, 16, 0, 0) if large else b""
    sizes = LIMIT if large else 0
    return (
        struct.pack(
            "<4sHHHHHLLLHH", b"PK\x03\x04", 45 if large else 20, _FLAGS, _DEFLATE, _TIME, _DATE,
            0, sizes, sizes, len(name), len(extra),
        )
        + name
        + extra
    )  # fmt: skip


def _central(member: Member, crc: int, offset: int, limit: int) -> bytes:
    name, packed = member.name.encode("utf-8"), stored_size(member.size)
    large, far = _is_large(member, limit), offset >= limit
    wide = (struct.pack("<QQ", member.size, packed) if large else b"") + (
        struct.pack("<Q", offset) if far else b""
    )
    extra = struct.pack("<HH", 1, len(wide)) + wide if wide else b""
    version = 45 if wide else 20
    return (
        struct.pack(
            "<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", (3 << 8) | version, version, _FLAGS, _DEFLATE, _TIME, _DATE,
            crc, LIMIT if large else packed, LIMIT if large else member.size, len(name), len(extra),
            0, 0, 0, _MODE, LIMIT if far else offset,
        )
        + name
        + extra
    )  # fmt: skip


def _end(count: int, size: int, offset: int, limit: int) -> bytes:
    tail = b""
    if offset >= limit or size >= limit or count >= 0xFFFF:
        tail = struct.pack(
            "<4sQHHLLQQQQ", b"PK\x06\x06", 44, (3 << 8) | 45, 45, 0, 0, count, count, size, offset
        ) + struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + size, 1)
        count, size, offset = min(count, 0xFFFF), min(size, LIMIT), LIMIT
    return tail + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, size, offset, 0)
