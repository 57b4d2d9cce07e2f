"""Equivalence classes: how many rows share each combination of quasi-identifiers, counted exactly."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from anonymize.cells import own_copy

_PIECES = 64
"""Pieces that wait to be added up, however small they are."""
_ROOM = 50_000
"""Combinations that may wait, however few are known."""
COUNT = "\x00rows"
"""A name that no header has: readers refuse NUL."""


class Groups:
    """Adds up batches; holds about one row for each combination, never the table.

    Counts wait until there are as many as combinations known so far, so that the work grows with the rows and
    not with their square when nearly every row has a combination of its own.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self._pieces: list[pl.DataFrame] = []
        self._waiting = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Count the rows of ``frame`` (which has at least these columns)."""
        if not self.columns:
            return
        self._add(frame.group_by(self.columns).agg(pl.len().cast(pl.Int64).alias(COUNT)))

    def merge(self, other: Groups) -> None:
        """Take in what was counted of other rows over the same columns."""
        for piece in other._pieces:
            self._add(piece)

    def _add(self, counted: pl.DataFrame) -> None:
        # A piece that went on pointing into its batch would keep all of the batch in memory.
        self._pieces.append(_apart(counted))
        self._waiting += counted.height
        known = self._pieces[0].height
        if len(self._pieces) > _PIECES or self._waiting > max(_ROOM, known):
            self._settle()

    def _settle(self) -> None:
        """Add the pieces up into the first."""
        if len(self._pieces) > 1:
            total = pl.concat(self._pieces).group_by(self.columns).agg(pl.col(COUNT).sum())
            self._pieces = [_apart(total)]
        self._waiting = 0

    @classmethod
    def of(cls, counted: pl.DataFrame) -> Groups:
        """Groups that were counted elsewhere: the columns, and ``COUNT``; equal combinations are added up."""
        groups = cls([name for name in counted.columns if name != COUNT])
        groups._add(counted.group_by(groups.columns).agg(pl.col(COUNT).sum().cast(pl.Int64)))
        return groups

    @property
    def frame(self) -> pl.DataFrame:
        """The combinations and their ``COUNT``."""
        self._settle()
        if not self._pieces:
            return pl.DataFrame(schema={**dict.fromkeys(self.columns, pl.String), COUNT: pl.Int64})
        return self._pieces[0]


def _apart(frame: pl.DataFrame) -> pl.DataFrame:
    """The same frame with the texts in buffers of their own."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(own_copy(frame[name]) for name in texts)
