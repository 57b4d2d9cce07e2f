"""What all tables share whose columns are known only after every record was seen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

import polars as pl

from anonymize.findings import Sentence, SourceInfo
from anonymize.readers import complaint, header
from anonymize.readers.flatten import Piece
from anonymize.readers.limits import Limits


class StreamedTable(ABC):
    """A ``Table`` over a stream of pieces, each with the columns that its own records mention.

    A subclass gives ``_pieces`` and calls ``_survey`` once, which walks them, checks every cell and
    settles the columns: the union in the order in which they first appear. A field that a record
    lacks is an empty cell.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._names: dict[str, str] = {}
        self._columns: tuple[str, ...] = ()
        self._surroundings: tuple[str, ...] = ()
        self._notes: tuple[Sentence, ...] = ()
        self._info: SourceInfo

    @abstractmethod
    def _pieces(self) -> Iterable[Piece]:
        """Every record in the order of the source, from the first one at each call."""

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def columns(self) -> tuple[str, ...]:
        return self._columns

    @property
    def surroundings(self) -> tuple[str, ...]:
        return self._surroundings

    @property
    def notes(self) -> tuple[Sentence, ...]:
        return self._notes

    def batches(self) -> Iterator[pl.DataFrame]:
        rows = 0
        for piece in self._pieces():
            if not set(piece.frame.columns) <= self._names.keys():
                raise complaint.changed()
            rows += piece.rows
            yield from self._whole(piece)
        if rows != self._info.rows:
            raise complaint.changed()

    def _whole(self, piece: Piece) -> Iterator[pl.DataFrame]:
        """The piece with all columns, in slices of bounded size."""
        step = max(1, min(self._limits.batch_rows, self._limits.batch_cells // len(self._columns)))
        present = set(piece.frame.columns)
        for start in range(0, piece.rows, step):
            rows = min(step, piece.rows - start)
            part = piece.frame.slice(start, rows)
            blank = pl.repeat("", rows, dtype=pl.String, eager=True)
            yield pl.DataFrame(
                [
                    part[source].alias(name) if source in present else blank.alias(name)
                    for source, name in self._names.items()
                ]
            )

    def _survey(self) -> int:
        """Walk the source once; the number of its rows.

        Raises:
            SourceUnreadable: no rows, too many rows or columns, a bad name, a cell beyond the limits.
        """
        found: dict[str, None] = {}
        rows = 0
        for piece in self._pieces():
            found.update(dict.fromkeys(piece.frame.columns))
            if len(found) > self._limits.max_columns:
                raise complaint.too_many_columns(len(found), self._limits.max_columns)
            check_cells(piece.frame, rows + 1, self._limits)
            rows += piece.rows
            if rows > self._limits.max_rows:
                raise complaint.too_many_rows(self._limits.max_rows)
        if not rows or not found:
            raise complaint.header_only()
        names = header.clean_names(list(found))
        header.check_names(names, 1, self._limits)
        self._names = dict(zip(found, names, strict=True))
        self._columns = tuple(names)
        return rows


def check_cells(frame: pl.DataFrame, first: int, limits: Limits) -> None:
    """Refuse a cell that is too long or holds a NUL; ``first`` is the number of the frame's first row."""
    if not frame.width:
        return
    longest = frame.select(pl.all().str.len_bytes().max()).row(0)
    for index, length in enumerate(longest):
        if (length or 0) > limits.max_cell:
            row = frame.to_series(index).str.len_bytes().arg_max() or 0
            raise complaint.cell_too_long(first + row, index + 1, limits.max_cell)
    nuls = frame.select(pl.all().str.contains("\0", literal=True).any()).row(0)
    if any(nuls):
        bad = frame.to_series(nuls.index(True)).str.contains("\0", literal=True).arg_max() or 0
        raise complaint.nul_bytes(first + bad)
