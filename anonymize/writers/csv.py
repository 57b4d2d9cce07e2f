"""CSV by RFC 4180: UTF-8 with BOM, so that Excel shows Chinese, commas, CRLF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import IO, Literal

import numpy as np
import polars as pl

from anonymize.cells import begins_with, lengths
from anonymize.writers.base import FieldSpec, Writer
from anonymize.writers.formulas import FIRST, is_formula

_LF, _CR, _COMMA = b"\n\r,"
_PIECE = 1 << 18
"""Bytes that are counted in one go: so many stay in the cache of a core."""


class CsvWriter(Writer):
    """Cells as they are, except that an apostrophe stands before what a spreadsheet would run."""

    format, extension, media_type = "csv", "csv", "text/csv; charset=utf-8"

    def __init__(self, stream: IO[bytes], fields: Sequence[FieldSpec]) -> None:
        super().__init__(stream, fields)
        self._quoting = False
        """Some cell had to stand in quotes: the next batch is likely to have such cells too."""
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
        if frame.width > 1 and not self._quoting:
            text = _written(frame, "never")
            if _is_plain(text, frame.height, frame.width):
                self._out.write(text)
                return
            self._quoting = True
        # An empty cell of a table with one column is written "", or the line would be no record.
        if frame.width > 1:
            empty = [name for name in frame.columns if not lengths(frame[name]).all()]
            frame = frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in empty)
        self._out.write(_written(frame, "necessary"))

    def _finish(self) -> None:
        """A CSV has no end mark."""


def _written(frame: pl.DataFrame, style: Literal["necessary", "never"]) -> bytes:
    buffer = io.BytesIO()
    frame.write_csv(buffer, include_header=False, line_terminator="\r\n", quote_style=style)
    return buffer.getvalue()


def _is_plain(text: bytes, rows: int, columns: int) -> bool:
    """Whether records that were written without quotes can be read again: no cell holds a mark that ends one.

    A mark in a cell would be one more than there are ends of cells and records. Asked of the whole text, this
    costs a fraction of asking each cell. NumPy counts what is frequent many times as fast as ``bytes.count``.
    """
    if b'"' in text:
        return False
    feeds = returns = commas = 0
    data = np.frombuffer(text, dtype=np.uint8)
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        feeds += int(np.count_nonzero(piece == _LF))
        returns += int(np.count_nonzero(piece == _CR))
        commas += int(np.count_nonzero(piece == _COMMA))
    return feeds == rows and returns == rows and commas == rows * (columns - 1)
