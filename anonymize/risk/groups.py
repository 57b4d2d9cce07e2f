"""Equivalence classes: how many rows share each combination of quasi-identifiers, counted exactly."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

COUNT = "\x00rows"
"""A name that no header has: readers refuse NUL."""


class Groups:
    """Adds up batches; holds one row for each combination, never the table."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self._total: pl.DataFrame | None = None

    def add(self, frame: pl.DataFrame) -> None:
        """Count the rows of ``frame`` (which has at least these columns)."""
        if not self.columns:
            return
        self._add(frame.group_by(self.columns).agg(pl.len().cast(pl.Int64).alias(COUNT)))

    def merge(self, other: Groups) -> None:
        """Take in what was counted of other rows over the same columns."""
        if other._total is not None:
            self._add(other._total)

    def _add(self, counted: pl.DataFrame) -> None:
        if self._total is None:
            self._total = counted
        else:
            both = pl.concat([self._total, counted])
            self._total = both.group_by(self.columns).agg(pl.col(COUNT).sum())

    @classmethod
    def of(cls, counted: pl.DataFrame) -> Groups:
        """Groups that were counted elsewhere: the columns, and ``COUNT``; equal combinations are added up."""
        groups = cls([name for name in counted.columns if name != COUNT])
        groups._add(counted.group_by(groups.columns).agg(pl.col(COUNT).sum().cast(pl.Int64)))
        return groups

    @property
    def frame(self) -> pl.DataFrame:
        """The combinations and their ``COUNT``."""
        if self._total is None:
            return pl.DataFrame(schema={**dict.fromkeys(self.columns, pl.String), COUNT: pl.Int64})
        return self._total
