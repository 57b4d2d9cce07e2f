"""COPY frames of text cells into a table of PostgreSQL.

An empty cell is NULL in a typed column and stays empty text in a text column. Cells travel in COPY's text
format, which PostgreSQL reads faster than CSV; what has a meaning of its own there is escaped, and only in
the pieces that hold it. A piece is encoded while PostgreSQL still reads the one before.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import psycopg2
from ckanext.datastore.backend import postgres

from anonymize.writers import FieldSpec

Batches = Callable[[], Iterable[pl.DataFrame]]
Progress = Callable[[str, int, int], None]

NULL: Final = "\\N"
_PIECE: Final = 1024 * 1024
_ROWS: Final = 10_000
"""Rows that are encoded at once."""
_ESCAPES: Final = {
    "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r",
    # The one character that PostgreSQL cannot hold; everything else stays as it is.
    "\0": "\ufffd",
}  # fmt: skip


@dataclass(slots=True)
class Source:
    """Where rows come from: ``rows`` are announced, ``done`` have come."""

    batches: Batches
    rows: int | None
    progress: Progress | None
    done: int = 0


def copy_into(
    cursor: Any,
    table: str,
    ids: Sequence[str],
    fields: Sequence[FieldSpec],
    source: Source,
    number: str | None = None,
) -> None:
    """COPY ``source`` into ``table`` (quoted) through a cursor of psycopg2.

    The column ``number``, if one is named, gets the numbers of the rows from 1.

    Raises:
        psycopg2.Error: PostgreSQL refuses a row; or whatever the source raised.
    """
    columns = [postgres.identifier(i) for i in ids]
    stream = _Stream(source, fields, numbered=number is not None)
    into = ", ".join([number, *columns] if number else columns)
    try:
        cursor.copy_expert(f"COPY {table} ({into}) FROM STDIN", stream, size=_PIECE)
    except psycopg2.Error:
        if stream.failure is not None:  # what stopped the stream; psycopg2 wraps it in an error of its own
            raise stream.failure from None
        raise


class _Stream(io.RawIOBase):
    """The frames as text for COPY to read; with a column of numbers first where asked."""

    def __init__(self, source: Source, fields: Sequence[FieldSpec], *, numbered: bool) -> None:
        super().__init__()
        self._source, self._fields, self._numbered = source, fields, numbered
        source.done = 0
        self.failure: Exception | None = None
        self._pieces = self._encoded()
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._piece:
            try:
                piece = next(self._pieces, None)
            except Exception as error:
                self.failure = error
                raise
            if piece is None:
                return 0
            self._piece = memoryview(piece)
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count

    def _encoded(self) -> Iterator[bytes]:
        with ThreadPoolExecutor(1, thread_name_prefix="encode") as ahead:
            before: tuple[Future[bytes], int] | None = None
            came = 0
            for frame in self._slices():
                first = came + 1 if self._numbered else None
                now = ahead.submit(encoded, frame, self._fields, first), frame.height
                came += frame.height
                if before is not None:
                    yield from self._sent(*before)
                before = now
            if before is not None:
                yield from self._sent(*before)

    def _slices(self) -> Iterator[pl.DataFrame]:
        # The first one soon gives PostgreSQL something to read.
        for frame in self._source.batches():
            yield from frame.iter_slices(_ROWS)

    def _sent(self, piece: Future[bytes], rows: int) -> Iterator[bytes]:
        yield piece.result()
        self._source.done += rows
        if self._source.progress is not None:
            self._source.progress("datastore", self._source.done, self._source.rows or self._source.done)


def encoded(frame: pl.DataFrame, fields: Sequence[FieldSpec], first: int | None = None) -> bytes:
    """A frame in COPY's text format, its columns as ``fields``; rows numbered from ``first`` where given."""
    typed = [field.name for field in fields if field.declared_type != "text"]
    cells = frame.select(field.name for field in fields).fill_null("")
    empty = int(cells.select(pl.sum_horizontal((pl.col(typed) == "").sum())).item()) if typed else 0
    plain = _written(cells, typed, first)
    if _says_what_it_holds(plain, cells, empty, numbered=first is not None):
        return plain
    return _written(cells.with_columns(_escaped()), typed, first)


def _escaped() -> pl.Expr:
    return pl.all().str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))


def _written(cells: pl.DataFrame, typed: list[str], first: int | None) -> bytes:
    nulls = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in typed]
    made = cells.with_columns(nulls)
    if first is not None:
        number = pl.int_range(first, first + made.height).cast(pl.String)
        made = made.select(number.alias(_unused(made.columns)), pl.all())
    body = io.BytesIO()
    made.write_csv(body, include_header=False, separator="\t", quote_style="never", null_value=NULL)
    return body.getvalue()


def _unused(names: list[str]) -> str:
    return max(names, key=len, default="") + "_"


def _says_what_it_holds(text: bytes, cells: pl.DataFrame, empty: int, *, numbered: bool) -> bool:
    """No cell holds a character that COPY would take for something else: each there is one of ours."""
    rows, columns = cells.height, cells.width + numbered
    return (
        text.count(b"\n") == rows
        and text.count(b"\t") == rows * (columns - 1)
        and text.count(b"\\") == empty
        and b"\r" not in text
        and b"\0" not in text
    )
