"""The XLSX package before anything parses it: is it whole, honest about its size, free of entities.

Every part is inflated once as a stream and counted, so that what the zip directory claims does not
matter; the same pass hashes the file and gathers the few facts about cells that the fast parser
does not tell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from anonymize.readers import complaint
from anonymize.readers.limits import Limits

_PIECE = 1 << 20
_OVERLAP = 4096
_RATIO_FROM = 10 << 20

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE_REFERENCE = re.compile(rb'<c [^>]*?r="([A-Z]{2,3})\d')
_UNNAMED_CELL = re.compile(rb"<c(?:>| [^r])")
_CELL = re.compile(rb"<c[ >]")
_ROW = re.compile(rb'<row [^>]*?r="(\d{1,7})"')
_ERROR_CELL = b't="e"'
_LONG_NUMBER = re.compile(rb"<v>(?:\d{16,}|\d(?:\.\d+)?E\+1[5-9])</v>")
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_TEXT_MOMENT = re.compile(rb">\d{4}-\d\d-\d\d \d\d:\d\d:\d\d<")
_TEXT_BOOLEAN = re.compile(rb">(?:true|false)<")


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged area, rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class PartFacts:
    """What the raw XML of one worksheet says."""

    rows: int = 0
    columns: int = 26
    """An upper bound: columns up to Z are not told apart."""
    left: int = 25
    """First column (from 0) with a value in it."""
    error_cells: int = 0
    long_numbers: int = 0
    merges: list[Merge] = field(default_factory=list)


@dataclass(slots=True)
class PackageFacts:
    """What the whole package says."""

    sheets: dict[str, PartFacts] = field(default_factory=dict)
    """By part name, e.g. ``xl/worksheets/sheet1.xml``."""
    text_moments: bool = False
    """Some *text* cell looks like ``2024-01-31 08:00:00``, so such strings cannot be told from dates."""
    text_booleans: bool = False


def inspect(stream: BinaryIO, limits: Limits) -> PackageFacts:
    """Inflate and check every part.

    Raises:
        SourceUnreadable: damaged, encrypted, a zip bomb, with entity declarations, or no workbook.
    """
    facts = PackageFacts()
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            names = {m.filename for m in members}
            if "xl/workbook.xml" not in names:
                kind = (
                    "DOCX"
                    if "word/document.xml" in names
                    else "XLSB"
                    if "xl/workbook.bin" in names
                    else "ZIP"
                )
                raise complaint.other_kind(kind)
            if len(members) > limits.max_parts or sum(m.file_size for m in members) > limits.max_unpacked:
                raise complaint.unpacks_too_large()
            budget = limits.max_unpacked
            for member in members:
                if member.flag_bits & 1:
                    raise complaint.encrypted()
                budget -= _inspect_part(archive, member, budget, limits, facts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise complaint.damaged_workbook() from None
    return facts


def _inspect_part(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: int, limits: Limits, facts: PackageFacts
) -> int:
    """Bytes the part has in truth; fills ``facts``."""
    sheet = PartFacts() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename) else None
    strings = member.filename == "xl/sharedStrings.xml"
    markup = member.filename.endswith((".xml", ".rels", ".vml"))
    seen = 0
    tail = b""
    with archive.open(member) as part:
        while piece := part.read(_PIECE):
            seen += len(piece)
            if seen > budget or (seen > _RATIO_FROM and seen > member.compress_size * limits.max_ratio):
                raise complaint.unpacks_too_large()
            if not markup:
                continue
            window = tail + piece
            # A match that reaches into the overlap of the next window is counted there.
            stop = len(window) - _OVERLAP if len(piece) == _PIECE else len(window)
            if _DOCTYPE.search(window):
                raise complaint.unsafe_xml()
            if sheet is not None:
                _read_sheet(window, stop, sheet)
            if sheet is not None or strings:
                facts.text_moments = facts.text_moments or bool(_TEXT_MOMENT.search(window))
                facts.text_booleans = facts.text_booleans or bool(_TEXT_BOOLEAN.search(window))
            tail = window[stop:]
        if sheet is not None:
            _read_sheet(tail, len(tail), sheet)
            facts.sheets[member.filename] = sheet
    return seen


def _read_sheet(window: bytes, stop: int, sheet: PartFacts) -> None:
    for match in _WIDE_REFERENCE.finditer(window):
        if match.start() < stop:
            sheet.columns = max(sheet.columns, column_number(match[1].decode()))
    if _UNNAMED_CELL.search(window):
        # Cells may leave their reference out; then their count in a row is the column. A row may be
        # cut by the window, hence the factor.
        most = max(len(_CELL.findall(row)) for row in window.split(b"<row"))
        sheet.columns = max(sheet.columns, 2 * most)
        sheet.rows += window[:stop].count(b"<row>")
    for match in _ROW.finditer(window):
        if match.start() < stop:
            sheet.rows = max(sheet.rows, int(match[1]))
    while sheet.left and re.search(rb'<c r="[A-%c]\d+"[^>]*[^/>]>' % (64 + sheet.left), window):
        sheet.left -= 1
    sheet.error_cells += window.count(_ERROR_CELL, 0, stop)
    for match in _LONG_NUMBER.finditer(window):
        opening = window[window.rfind(b"<c", 0, match.start()) : match.start()]
        if match.start() < stop and (b" t=" not in opening or b' t="n"' in opening):
            sheet.long_numbers += 1
    if b"<mergeCell" in window:
        for match in _MERGE.finditer(window):
            if match.start() < stop:
                left, right = column_number(match[1].decode()) - 1, column_number(match[3].decode()) - 1
                sheet.merges.append(Merge(int(match[2]) - 1, left, int(match[4]) - 1, right))


def column_number(letters: str) -> int:
    """``A`` is 1, ``XFD`` is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
