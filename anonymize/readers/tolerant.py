"""Records of a text whose quotes break RFC 4180, read as spreadsheet programs read them.

Slower than the main way, and needed only for files with a stray quote (``12" pipe``) in them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

import polars as pl

from anonymize.readers import complaint
from anonymize.readers.limits import Limits


class TolerantRecords:
    """Parses with Python's ``csv`` and gives frames of at most ``limits.batch_rows`` rows.

    Args:
        delimiter: one character.
        columns: names of the frame's columns.
        limits: bounds on a cell and a batch.
        first_row: number of the first record in the file, for messages.
    """

    def __init__(self, delimiter: str, columns: list[str], limits: Limits, first_row: int) -> None:
        self._delimiter = delimiter
        self._columns = columns
        self._limits = limits
        self._first_row = first_row

    def frames(self, blocks: Iterable[bytes]) -> Iterator[pl.DataFrame]:
        lines = _Lines(blocks)
        previous = csv.field_size_limit(self._limits.max_cell)
        try:
            yield from self._frames(lines)
        finally:
            csv.field_size_limit(previous)

    def _frames(self, lines: _Lines) -> Iterator[pl.DataFrame]:
        width = len(self._columns)
        rows: list[list[str]] = []
        row = self._first_row - 1
        reader = csv.reader(lines, delimiter=self._delimiter)
        taken = 0
        while True:
            row += 1
            try:
                record = next(reader, None)
            except csv.Error:
                raise complaint.unclosed_quote(row) from None
            if record is None:
                break
            spans, taken = lines.taken - taken, lines.taken
            if not record:
                if width > 1:
                    continue
                record = [""]
            if spans > 1 and lines.exhausted and not lines.last.rstrip("\r\n").endswith('"'):
                raise complaint.unclosed_quote(row)
            if len(record) != width:
                raise complaint.ragged(row, len(record), width)
            for column, cell in enumerate(record):
                if len(cell) * 4 > self._limits.max_cell and len(cell.encode()) > self._limits.max_cell:
                    raise complaint.cell_too_long(row, column + 1, self._limits.max_cell)
            rows.append(record)
            if len(rows) >= self._limits.batch_rows:
                yield self._frame(rows)
                rows = []
        if rows:
            yield self._frame(rows)

    def _frame(self, rows: list[list[str]]) -> pl.DataFrame:
        return pl.DataFrame(rows, schema=dict.fromkeys(self._columns, pl.String), orient="row")


class _Lines:
    """Lines with their ends, out of UTF-8 blocks; knows how many were taken and which was the last."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._lines = self._split(blocks)
        self.taken = 0
        self.last = ""
        self.exhausted = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.exhausted = True
            raise
        self.taken += 1
        self.last = line
        return line

    def _split(self, blocks: Iterable[bytes]) -> Iterator[str]:
        rest = b""
        for block in blocks:
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                yield (line + b"\n").decode()
        if rest:
            yield rest.decode()
