"""XLSX (ECMA-376) parsed by calamine, through ``fastexcel``, once ``package`` has found it honest.

Measured on 200,000 rows × 12 columns it takes about a tenth of the time of openpyxl's read-only mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree
from zipfile import ZipFile

import fastexcel
import polars as pl

from anonymize.readers import complaint
from anonymize.readers import complaint_structured as structured
from anonymize.readers.limits import Limits
from anonymize.readers.package import PackageFacts, PartFacts, inspect
from anonymize.readers.sheets import Sheet
from anonymize.readers.source import ByteSource

_SMALL_PART = 16 << 20
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def xlsx_sheets(source: ByteSource, limits: Limits) -> Iterator[Sheet]:
    """The worksheets in their order, each parsed when it is asked for.

    Raises:
        SourceUnreadable: damaged, too large, or no honest package.
    """
    with source.open() as stream:
        facts = inspect(stream, limits)
    with source.open() as stream, ZipFile(stream) as archive:
        parts = _sheet_parts(archive)
    if (data := source.held(limits.max_held)) is None:
        raise structured.too_large_to_hold("xlsx", limits.max_held)
    try:
        reader = fastexcel.read_excel(data)
        names = reader.sheet_names
    except fastexcel.FastExcelError:
        # Its message may quote a cell.
        raise complaint.damaged_workbook() from None
    for name in names:
        known = facts.sheets.get(parts.get(name, ""), PartFacts())
        if known.rows * known.columns > limits.max_cells_in_sheet:
            raise complaint.sheet_too_large(known.rows, known.columns)
        try:
            sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            frame: pl.DataFrame = sheet.to_polars()
        except fastexcel.FastExcelError:
            raise complaint.damaged_workbook() from None
        yield Sheet(name, sheet.visible == "visible", _canonical(frame, facts), known)


def _sheet_parts(archive: ZipFile) -> dict[str, str]:
    """Sheet name → part name, by the workbook's relationships."""
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        if part not in archive.namelist():
            raise complaint.damaged_workbook()
        if archive.getinfo(part).file_size > _SMALL_PART:
            raise complaint.unpacks_too_large()
    try:
        # Entity and document type declarations were refused before.
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (ElementTree.ParseError, LookupError, ValueError):
        # LookupError and ValueError: an encoding that the declaration names and nobody knows.
        raise complaint.damaged_workbook() from None
    targets = {r.get("Id"): (r.get("Target") or "").lstrip("/") for r in relations}
    found: dict[str, str] = {}
    for element in book.iter():
        if element.tag.endswith("}sheet") and (target := targets.get(element.get(_REL))):
            found[element.get("name") or ""] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _canonical(frame: pl.DataFrame, facts: PackageFacts) -> pl.DataFrame:
    """Dates and booleans as people write them, unless text cells of the same look stand beside them."""
    frame = frame.cast(pl.String)
    if not frame.width:
        return frame
    if not facts.text_moments:
        frame = frame.with_columns(
            pl.all()
            .str.replace(r"^1899-12-3[01] (\d\d:\d\d:\d\d)$", "$1")
            .str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "$1")
        )
    if not facts.text_booleans:
        frame = frame.with_columns(pl.all().replace({"true": "TRUE", "false": "FALSE"}))
    return frame
