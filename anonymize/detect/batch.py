"""One batch of a table, and what all who look at it ask of its columns, found once.

The profile of a column, the search for repeated names and the search for leaks ask the same: which cells are
different, and what is true of all of them. Whoever asks first finds out; the others, in whatever thread, wait
for it. It lives no longer than the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import RLock

import polars as pl

from anonymize.cells import same_cells
from anonymize.detect.census import Census, take
from anonymize.few_values import LOOKED_AT, counted

_VARIED = 0.9
"""Share of distinct cells at the head of a batch from which on it is not reduced to its distinct cells."""
_FEW = 100
"""Different cells of a column up to which these are searched instead of every row."""


class Column:
    """The cells (``String``, no nulls) of one column in one batch."""

    def __init__(self, cells: pl.Series) -> None:
        self.cells = cells
        self._lock = RLock()
        self._reduced: tuple[pl.Series, pl.Series | None] | None = None
        self._facts: Census | None = None

    @property
    def reduced(self) -> tuple[pl.Series, pl.Series | None]:
        """The distinct cells and their rows; the cells themselves, without rows, where that saves nothing."""
        with self._lock:
            if self._reduced is None:
                self._reduced = _reduced(self.cells)
            return self._reduced

    @property
    def facts(self) -> Census:
        """What is true of all cells, taken over ``reduced``."""
        with self._lock:
            if self._facts is None:
                self._facts = take(self.reduced[0])
            return self._facts

    @property
    def few(self) -> pl.Series | None:
        """The different cells when there are few of them."""
        values, counts = self.reduced
        return None if counts is None or values.len() > _FEW else values


class Batch:
    """The columns of one frame by name."""

    def __init__(self, frame: pl.DataFrame, like: Batch | None = None) -> None:
        """``like``: a batch of the same rows, whose facts hold for a column that is the same memory."""
        self.height = frame.height
        self._columns = {cells.name: _known(cells, like) or Column(cells) for cells in frame}

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns.values())


def _known(cells: pl.Series, like: Batch | None) -> Column | None:
    column = None if like is None else like._columns.get(cells.name)
    return column if column is not None and same_cells(column.cells, cells) else None


def _reduced(cells: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    return counted(cells, round(_VARIED * LOOKED_AT)) or (cells, None)
