"""What one column was seen to hold, gathered batch by batch in bounded memory.

Distinct values are kept up to a bound; beyond it a fair sample of them. What must not be missed (identifiers
in few rows, secrecy markings, the type of every cell) is looked for in every row while it passes.
"""

from __future__ import annotations

import copy
from collections import Counter

import polars as pl

from anonymize.cells import begins_with, lengths
from anonymize.detect import census, secrecy
from anonymize.detect.declared import TypeWatch
from anonymize.detect.distinct import DistinctValues
from anonymize.detect.watch import RowWatch
from anonymize.entities import Entity

_LOOKED_AT = 2_000
_VARIED = 0.9
"""Share of distinct cells at the head of a batch from which on it is not reduced to its distinct cells."""
_BLANKS = bytes([*b" \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85", 0xC2, 0xE1, 0xE2, 0xE3])
"""First bytes of all characters that count as blank."""
_SMALL = 9
"""Digits that no identifier has so few of."""


class ColumnProfile:
    """Accumulates one column.

    Args:
        index: place of the column, from 0.
        name: its header.
        bound: distinct values kept.
    """

    def __init__(self, index: int, name: str, bound: int) -> None:
        self.index = index
        self.name = name
        self.rows = 0
        self.nulls = 0
        self.max_length = 0
        self.secret_rows = 0
        self._types = TypeWatch()
        self._distinct = DistinctValues(bound)
        self._watch = RowWatch()

    def feed(self, cells: pl.Series) -> None:
        """Take one batch of cells, exactly as decoded."""
        self.rows += cells.len()
        values, counts = self._reduced(cells)
        blank = _blank(values)
        if blank is not None:
            self.nulls += int((blank if counts is None else counts.filter(blank)).sum())
            values, counts = values.filter(~blank), None if counts is None else counts.filter(~blank)
        if values.is_empty():
            return
        seen = census.take(values)
        self._measure(values, seen)
        self._types.feed(values)
        if seen.secret:
            ones = pl.repeat(1, values.len(), dtype=pl.UInt32, eager=True)
            self.secret_rows += secrecy.marked_rows(values, ones if counts is None else counts)
        self._distinct.add(values, counts)
        if not self._harmless(seen):
            self._watch.feed(values, counts, seen)

    def merge(self, other: ColumnProfile) -> None:
        """Take in the profile of other rows of the same column."""
        self.rows += other.rows
        self.nulls += other.nulls
        self.max_length = max(self.max_length, other.max_length)
        self.secret_rows += other.secret_rows
        self._types.merge(other._types)
        self._distinct.merge(other._distinct)
        self._watch.merge(other._watch)

    def at(self, index: int) -> ColumnProfile:
        """This profile as that of column ``index`` of another table with the same cells in it."""
        moved = copy.copy(self)
        moved.index = index
        return moved

    @property
    def declared(self) -> TypeWatch:
        return self._types

    @property
    def embedded(self) -> Counter[Entity]:
        """Rows whose text holds the entity among other words; estimated once thousands have been counted."""
        return self._whole_watch.embedded

    @property
    def tokens(self) -> Counter[tuple[Entity, int]]:
        """Rows whose whole cell is the entity, by entity and length."""
        return self._whole_watch.tokens

    @property
    def token_rows(self) -> Counter[int]:
        """Rows whose whole cell is a number-like word, by length."""
        return self._whole_watch.token_rows

    @property
    def _whole_watch(self) -> RowWatch:
        self._watch.look_at_waiting()
        return self._watch

    @property
    def sampled(self) -> bool:
        """True when more distinct values came than are kept."""
        return self._distinct.sampled

    def values(self) -> pl.DataFrame:
        """Distinct non-empty cells (or their sample) and the rows of each: ``value``, ``count``."""
        return self._distinct.frame()

    def distinct(self) -> int:
        """Distinct non-empty cells; an estimate (smallest hashes) when sampled."""
        return self._distinct.number()

    # -- inside --------------------------------------------------------------------------------

    def _reduced(self, cells: pl.Series) -> tuple[pl.Series, pl.Series | None]:
        """The distinct cells and their rows; the cells themselves where that would save nothing."""
        if cells.len() > _LOOKED_AT and cells.head(_LOOKED_AT).n_unique() > _VARIED * _LOOKED_AT:
            return cells, None
        counted = cells.alias("value").to_frame().group_by("value").agg(pl.len().alias("count"))
        return counted["value"], counted["count"]

    def _measure(self, values: pl.Series, seen: census.Census) -> None:
        """The longest cell in characters: no cell has more of them than bytes."""
        if seen.ascii:
            self.max_length = max(self.max_length, seen.longest)
            return
        if seen.longest > self.max_length:
            self.max_length = max(self.max_length, int(values.str.len_chars().max() or 0))  # type: ignore[arg-type]

    def _harmless(self, seen: census.Census) -> bool:
        """Small numbers and calendar days, all of them so far: no identifier is written like that."""
        declared = self._types.declared
        return declared in ("date", "datetime") or (
            declared in ("integer", "decimal") and seen.longest <= _SMALL
        )


def _blank(values: pl.Series) -> pl.Series | None:
    """Which cells show nothing; None when none does. Only cells that begin with a blank are looked at."""
    suspicious = begins_with(values, _BLANKS) | (lengths(values) == 0)
    if not suspicious.any():
        return None
    blank = pl.Series(suspicious)
    begun = values.filter(blank).str.strip_chars() == ""
    if not begun.any():
        return None
    return pl.Series(suspicious).scatter(pl.Series(suspicious).arg_true(), begun)
