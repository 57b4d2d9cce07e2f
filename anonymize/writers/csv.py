"""CSV by RFC 4180: UTF-8 with BOM, so that Excel shows Chinese, commas, CRLF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import IO, Literal

import polars as pl

from anonymize.cells import begins_with, lengths, text_of
from anonymize.writers.base import FieldSpec, Writer
from anonymize.writers.formulas import FIRST, is_formula

_TO_QUOTE = (b",", b'"', b"\n", b"\r")


class CsvWriter(Writer):
    """Cells as they are, except that an apostrophe stands before what a spreadsheet would run."""

    format, extension, media_type = "csv", "csv", "text/csv; charset=utf-8"

    def __init__(self, stream: IO[bytes], fields: Sequence[FieldSpec]) -> None:
        super().__init__(stream, fields)
        self._out.write(b"\xef\xbb\xbf")
        header = pl.DataFrame({f.name: [f.name] for f in self.fields})
        self._put(header)

    def _write(self, frame: pl.DataFrame) -> None:
        # Hardly a column has such cells: the first characters alone tell which have to be looked at.
        possible = [name for name in frame.columns if begins_with(frame[name], FIRST).any()]
        counts = frame.select(is_formula(pl.col(name)).sum() for name in possible).row(0) if possible else ()
        touched = [name for name, n in zip(possible, counts, strict=True) if n]
        for name, n in zip(possible, counts, strict=True):
            if n:
                self.notes.neutralised[name] = self.notes.neutralised.get(name, 0) + n
        if touched:
            frame = frame.with_columns(
                pl.when(is_formula(pl.col(name)))
                .then(pl.lit("'") + pl.col(name))
                .otherwise(pl.col(name))
                .alias(name)
                for name in touched
            )
        self._put(frame)

    def _put(self, frame: pl.DataFrame) -> None:
        quoted = any(_to_quote(frame[name]) for name in frame.columns)
        # An empty cell of a table with one column is written "", or the line would be no record.
        if frame.width > 1 and quoted:
            empty = [name for name in frame.columns if not lengths(frame[name]).all()]
            frame = frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in empty)
        buffer = io.BytesIO()
        style: Literal["necessary", "never"] = "necessary" if quoted or frame.width == 1 else "never"
        frame.write_csv(buffer, include_header=False, line_terminator="\r\n", quote_style=style)
        self._out.write(buffer.getbuffer())

    def _finish(self) -> None:
        """A CSV has no end mark."""


def _to_quote(column: pl.Series) -> bool:
    """Whether any cell has to stand in quotes. Asked of all at once, this costs a fraction of asking each."""
    text = text_of(column)
    return any(mark in text for mark in _TO_QUOTE)
