"""What the fast parser does not tell about an XLS (BIFF in an OLE compound file), and how it fails."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import fastexcel

from anonymize.errors import AnonymizeError
from anonymize.readers import complaint
from anonymize.readers.package import PackageFacts, PartFacts

_WORKBOOK_BEGINS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x002F
_EARLY_RECORDS = 6
_NUMBER = re.compile(rb"\x03\x02\x0e\x00.{6}(.{8})", re.DOTALL)
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_WIDE_MOMENT = re.compile(rb"(?:\d\0){4}(?:-\0(?:\d\0){2}){2} \0(?:\d\0){2}(?::\0(?:\d\0){2}){2}")
_BOOLEANS = tuple(word.encode(code) for word in ("true", "false") for code in ("ascii", "utf-16-le"))


def facts_of_xls(data: bytes) -> PackageFacts:
    """Whether some *text* looks like a moment or a truth value, and how many numbers are too long.

    A workbook of this kind has no parts: the facts about its sheets stand together under no name. BIFF
    keeps a text of Latin characters as one byte each, or as UTF-16 beside Chinese ones.

    Raises:
        SourceUnreadable: the workbook opens with a password only. The fast parser would read noise.
    """
    if _encrypted(data):
        raise complaint.encrypted()
    return PackageFacts(
        sheets={"": PartFacts(long_numbers=_long_numbers(data))},
        text_moments=bool(_MOMENT.search(data) or _WIDE_MOMENT.search(data)),
        text_booleans=any(word in data for word in _BOOLEANS),
    )


def _long_numbers(data: bytes) -> int:
    """NUMBER records ([MS-XLS] 2.4.180) with 16 digits and more, of which a double keeps the first 15."""
    values = (struct.unpack("<d", match[1])[0] for match in _NUMBER.finditer(data))
    return sum(1 for value in values if 1e15 <= abs(value) < 1e19)


def _encrypted(data: bytes) -> bool:
    """FILEPASS ([MS-XLS] 2.4.117) is among the first records of the workbook, which begins a sector."""
    at = data.find(_WORKBOOK_BEGINS)
    while at != -1:
        place = at
        for _ in range(_EARLY_RECORDS):
            if place + 4 > len(data):
                break
            kind, length = struct.unpack_from("<HH", data, place)
            if kind == _FILEPASS:
                return True
            place += 4 + length
        at = data.find(_WORKBOOK_BEGINS, at + 1)
    return False


@contextmanager
def panics_as_damage() -> Iterator[None]:
    """Around calls of the parser: its errors and its panics (no ``Exception``) become one sentence.

    Their messages may quote cells and are dropped.
    """
    try:
        yield
    except AnonymizeError:
        raise
    except fastexcel.FastExcelError as error:
        if "password" in str(error).lower():
            raise complaint.encrypted() from None
        raise complaint.damaged_workbook() from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise complaint.damaged_workbook() from None
