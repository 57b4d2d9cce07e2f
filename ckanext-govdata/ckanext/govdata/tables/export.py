"""The rows that fit a question as a CSV or JSON file, streamed.

CSV is written as the published files are: UTF-8 with BOM, CRLF, and a cell that a spreadsheet would run as
a formula gets an apostrophe. An answer is never cut short in silence: too many rows are refused before the
first byte.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Literal

import sqlalchemy as sa

from ckanext.govdata.tables import question as asked
from ckanext.govdata.tables import reading, rows
from ckanext.govdata.tables.errors import TooMany
from ckanext.govdata.tables.question import Question
from ckanext.govdata.tables.shape import Column, Shape

Format = Literal["csv", "json"]
MOST = 100_000
SECONDS = 60.0
_BATCH = 2_000
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+)?[%‰]?|-+")
_BEGINS = frozenset("=+-@\t\r")


def export(shape: Shape, question: Question, form: Format) -> Iterator[bytes]:
    """The file piece by piece, in the question's order.

    Raises TooMany for more than 100,000 rows; then the published file is what the reader wants.
    """
    found = rows.count(shape, question, most=MOST)
    if found > MOST:
        raise TooMany(
            "符合条件的超过 {most} 行，请收紧筛选条件，或下载整个文件。",
            "More than {most} rows fit. Narrow the filter, or download the whole file.",
            most=f"{MOST:,}",
        )
    columns = question.shown or shape.columns
    lines = _lines(shape, question, columns)
    return _csv(columns, lines) if form == "csv" else _json(columns, lines)


def neutral(cell: str) -> str:
    """``cell`` so that no spreadsheet runs it.

    >>> neutral("=1+1"), neutral("-3.5"), neutral("--")
    ("'=1+1", '-3.5', '--')
    """
    if cell[:1] in _BEGINS and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def _lines(shape: Shape, question: Question, columns: tuple[Column, ...]) -> Iterator[list[list[str | None]]]:
    query = (
        sa.select(
            *(sa.cast(asked.named(one), sa.UnicodeText).label(f"_{at}") for at, one in enumerate(columns))
        )
        .select_from(reading.table(shape.resource_id))
        .where(*asked.where(question))
        .order_by(*asked.order(question))
        .limit(MOST)
    )
    with reading.connection(SECONDS, streamed=True) as connected:
        result = connected.execute(query)
        while batch := result.fetchmany(_BATCH):
            yield [list(row) for row in batch]


def _csv(columns: tuple[Column, ...], batches: Iterable[list[list[str | None]]]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([neutral(column.label) for column in columns])
    yield b"\xef\xbb\xbf" + _taken(buffer)
    text = [column.kind == "text" for column in columns]
    for batch in batches:
        for row in batch:
            writer.writerow(
                [
                    neutral(cell or "") if is_text else cell or ""
                    for cell, is_text in zip(row, text, strict=True)
                ]
            )
        yield _taken(buffer)


def _json(columns: tuple[Column, ...], batches: Iterable[list[list[str | None]]]) -> Iterator[bytes]:
    names = [column.label for column in columns]
    if len(set(names)) < len(names):
        names = [column.id for column in columns]
    yield b"["
    first = True
    for batch in batches:
        parts = [json.dumps(_record(columns, names, row), ensure_ascii=False) for row in batch]
        yield (("\n" if first else ",\n") + ",\n".join(parts)).encode()
        first = False
    yield b"\n]\n"


def _record(columns: tuple[Column, ...], names: list[str], row: list[str | None]) -> dict[str, object]:
    """Whole numbers that every reader holds exactly, and truths, are written as such."""
    record: dict[str, object] = {}
    for column, name, cell in zip(columns, names, row, strict=True):
        value: object = cell
        if cell is None or cell == "":
            value = None
        elif column.kind == "truth":
            value = cell == "true"
        elif column.kind == "number":
            value = _number(cell)
        record[name] = value
    return record


def _number(cell: str) -> object:
    if cell.lstrip("-").isdigit():
        return int(cell) if len(cell) <= 15 else cell
    return float(cell) if len(cell) <= 15 and cell.lower() not in {"nan", "infinity", "-infinity"} else cell


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
