"""A list as a file for a spreadsheet: CSV with a byte order mark, or XLSX; no cell becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from flask import Response
from openpyxl import Workbook

from ckanext.govdata.tables.export import neutral

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def handed_out(rows: Iterable[Sequence[str]], *, name: str, form: str, sheet: str) -> Response:
    """The rows as ``name.form``, the head first; ``sheet`` is what a workbook calls its one sheet.

    Raises:
        KeyError: the form is not in ``FORMATS``.
    """
    kind = FORMATS[form]
    table = ([neutral(cell) for cell in row] for row in rows)
    answer = Response(_csv(table) if form == "csv" else _xlsx(table, sheet), content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.{form}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _csv(table: Iterable[Sequence[str]]) -> bytes:
    """With the mark by which spreadsheets know it for UTF-8."""
    made = io.StringIO(newline="")
    csv.writer(made).writerows(table)
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def _xlsx(table: Iterable[Sequence[str]], title: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in table:
        sheet.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
