"""XLS of Excel 97-2003 ([MS-XLS]) parsed by ``xlrd``, which is Python alone.

The parser of XLSX reads this format as well, but a damaged file makes it abort the whole process; here
damage is an exception. A sheet has at most 65,536 rows of 256 columns, so that speed matters less.
"""

from __future__ import annotations

import datetime
import io
import math
import struct
from collections.abc import Iterator
from typing import Any, Literal

import polars as pl
import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from anonymize.readers import complaint
from anonymize.readers import complaint_structured as structured
from anonymize.readers.canonical import positional
from anonymize.readers.limits import Limits
from anonymize.readers.package import Merge, PartFacts
from anonymize.readers.sheets import Sheet
from anonymize.readers.source import ByteSource

#: What the parser raises on damaged bytes, besides its own error.
_DAMAGE = (
    struct.error,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
    ZeroDivisionError,
)
_EXACT = 1e15
"""From here on a double holds fewer digits than were written."""


def xls_sheets(source: ByteSource, limits: Limits) -> Iterator[Sheet]:
    """The worksheets in their order.

    Raises:
        SourceUnreadable: damaged, too large, or with an opening password.
    """
    data = source.held(limits.max_held)
    if data is None:
        raise structured.too_large_to_hold("xls", limits.max_held)
    try:
        # What the parser would print (file names, odd records) goes nowhere.
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True, on_demand=True
        )
        names = book.sheet_names()
    except (XLRDError, CompDocError, *_DAMAGE) as error:
        if "encrypted" in str(error):
            raise complaint.encrypted() from None
        raise complaint.damaged_workbook() from None
    for index, name in enumerate(names):
        try:
            page = book.sheet_by_index(index)
            facts = PartFacts(rows=page.nrows, columns=page.ncols, left=0)
            facts.merges = [
                Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in page.merged_cells
            ]
            columns = _columns(page, book.datemode, facts)
            visible = page.visibility == 0
            book.unload_sheet(index)
        except (XLRDError, CompDocError, *_DAMAGE):
            raise complaint.damaged_workbook() from None
        yield Sheet(name, visible, pl.DataFrame(columns), facts)


def _columns(page: Any, datemode: Literal[0, 1], facts: PartFacts) -> list[pl.Series]:
    """The used area as text; counts what a person should know in ``facts``."""
    grid: list[list[str]] = [[""] * page.nrows for _ in range(page.ncols)]
    for row in range(page.nrows):
        kinds = page.row_types(row)
        for column, value in enumerate(page.row_values(row)):
            kind = kinds[column]
            if kind == xlrd.XL_CELL_TEXT:
                grid[column][row] = value
            elif kind == xlrd.XL_CELL_NUMBER:
                facts.long_numbers += abs(value) >= _EXACT
                grid[column][row] = _number(value)
            elif kind == xlrd.XL_CELL_DATE:
                grid[column][row] = _moment(value, datemode)
            elif kind == xlrd.XL_CELL_BOOLEAN:
                grid[column][row] = "TRUE" if value else "FALSE"
            elif kind == xlrd.XL_CELL_ERROR:
                facts.error_cells += 1
    return [pl.Series(f"column_{i}", cells, dtype=pl.String) for i, cells in enumerate(grid)]


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return positional(repr(value)).removesuffix(".0")


def _moment(value: float, datemode: Literal[0, 1]) -> str:
    """A date alone, a time alone, or both; a number that is no date of the calendar stays a number."""
    try:
        moment = xlrd.xldate_as_datetime(value, datemode)
    except (xlrd.xldate.XLDateError, OverflowError, ValueError):
        return _number(value)
    moment = (moment + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
    if 0 < value < 1:
        return moment.strftime("%H:%M:%S")
    text = f"{moment:%Y-%m-%d %H:%M:%S}"
    return text.removesuffix(" 00:00:00")
