"""A workbook of Excel 97-2003, made by hand: BIFF8 records in an OLE compound file.

[MS-XLS] and [MS-CFB]. One sheet of text, numbers, dates and truth values; enough to read, and small enough
to see through.
"""

from __future__ import annotations

import datetime
import struct
from collections.abc import Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_GENERAL, _DATE = 0, 1
"""Indices of the two cell formats below."""

Cell = str | int | float | bool | datetime.date | None


def workbook(rows: Sequence[Sequence[Cell]], sheet: str = "名单", protected: bool = False) -> bytes:
    """An XLS with one sheet. ``protected`` puts the mark of an opening password in front."""
    bof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    head = bof
    if protected:
        head += _record(0x002F, struct.pack("<HHH", 0, 0x1234, 0x5678))
    head += _record(0x0042, struct.pack("<H", 1200))
    for number_format in (0, 14):
        head += _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, number_format, 0, 0, 0, 0, 0, 0, 0, 0))
    name = sheet.encode("utf-16-le")
    bound = struct.pack("<BBBB", 0, 0, len(sheet), 1) + name
    # The offset of the sheet's own stream of records: behind this record and the end mark.
    offset = len(head) + 4 + 4 + len(bound) + 4
    head += _record(0x0085, struct.pack("<I", offset) + bound) + _record(0x000A, b"")
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            body += _cell(row, column, cell)
    return _compound(head + body + _record(0x000A, b""))


def _cell(row: int, column: int, cell: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, _DATE if isinstance(cell, datetime.date) else _GENERAL)
    if cell is None or cell == "":
        return b""
    if isinstance(cell, bool):
        return _record(0x0205, place + struct.pack("<BB", cell, 0))
    if isinstance(cell, datetime.date):
        return _record(0x0203, place + struct.pack("<d", (cell - datetime.date(1899, 12, 30)).days))
    if isinstance(cell, (int, float)):
        return _record(0x0203, place + struct.pack("<d", cell))
    units = len(cell.encode("utf-16-le")) // 2
    return _record(0x0204, place + struct.pack("<HB", units, 1) + cell.encode("utf-16-le"))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    """The stream ``Workbook`` in a compound file: header, FAT, directory, stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    fats = 1
    while fats * 128 < fats + 1 + sectors:
        fats += 1
    table = [_FAT] * fats + [_END]
    table += [len(table) + i + 1 for i in range(sectors - 1)] + [_END]
    table += [_FREE] * (fats * 128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fats, fats, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *(i if i < fats else _FREE for i in range(109)))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, fats + 1, len(stream))
    directory += _entry("", 0, _FREE, 0, 0) * 2
    return header + struct.pack(f"<{len(table)}I", *table) + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    links = struct.pack("<III", _FREE, _FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
