"""What one column was seen to hold, gathered batch by batch in bounded memory.

Distinct values are kept up to a bound; beyond it a fair sample of them. What must not be missed (identifiers
in few rows, secrecy markings, the type of every cell) is looked for in every row while it passes.
"""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import polars as pl

from anonymize.cells import begins_with, own_copy
from anonymize.detect import census, secrecy
from anonymize.detect.batch import Column
from anonymize.detect.declared import TypeWatch
from anonymize.detect.distinct import DistinctValues
from anonymize.detect.watch import RowWatch
from anonymize.entities import Entity

_BLANKS = bytes([0, *b" \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85", 0xC2, 0xE1, 0xE2, 0xE3])
"""First bytes of all characters that count as blank; an empty cell begins with zero (``begins_with``)."""
_FEW = 500
"""Different cells of a batch up to which they wait for those of other batches."""
_PIECES = 32
"""Batches that may wait."""
_ROOM = 4_000
"""Cells that may wait."""
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
        self._nulls = 0
        self._longest = 0
        self._secret_rows = 0
        self._types = TypeWatch()
        self._distinct = DistinctValues(bound)
        self._watch = RowWatch()
        self._waiting: list[pl.DataFrame] = []
        self._waiting_rows = 0
        self.conclusion: object | None = None
        """What somebody concluded from these cells, as long as no others have come."""

    def __getstate__(self) -> dict[str, Any]:
        # It can be gathered again wherever it is wanted.
        return self.__dict__ | {"conclusion": None}

    def feed(self, column: Column | pl.Series) -> None:
        """Take one batch of cells, exactly as decoded."""
        column = column if isinstance(column, Column) else Column(column)
        self.conclusion = None
        self.rows += column.cells.len()
        values, counts = column.reduced
        if counts is None or values.len() > _FEW:
            self._take(values, counts, column)
        else:
            self._wait(pl.DataFrame({"value": own_copy(values), "count": counts}))

    def _wait(self, counted: pl.DataFrame) -> None:
        """A look costs much the same for ten cells as for a thousand: few wait for those of more batches."""
        self._waiting.append(counted)
        self._waiting_rows += counted.height
        if len(self._waiting) >= _PIECES or self._waiting_rows > _ROOM:
            self._settle()

    def _settle(self) -> None:
        """Look at what waits."""
        if not self._waiting:
            return
        pieces, self._waiting, self._waiting_rows = self._waiting, [], 0
        counted = pieces[0]
        if len(pieces) > 1:
            counted = pl.concat(pieces).group_by("value").agg(pl.col("count").sum())
        self._take(counted["value"], counted["count"])

    def _take(self, values: pl.Series, counts: pl.Series | None, column: Column | None = None) -> None:
        """Look at cells and the rows of each, one each when left out.

        ``column``: whose ``reduced`` they are.
        """
        blank = _blank(values)
        if blank is not None:
            self._nulls += int((blank if counts is None else counts.filter(blank)).sum())
            values, counts = values.filter(~blank), None if counts is None else counts.filter(~blank)
        if values.is_empty():
            return
        seen = column.facts if column is not None and blank is None else census.take(values)
        self._measure(values, seen)
        self._types.feed(values, seen)
        if seen.secret:
            ones = pl.repeat(1, values.len(), dtype=pl.UInt32, eager=True)
            self._secret_rows += secrecy.marked_rows(values, ones if counts is None else counts)
        self._distinct.add(values, counts)
        if not self._harmless(seen):
            self._watch.feed(values, counts, seen)

    def merge(self, other: ColumnProfile) -> None:
        """Take in the profile of other rows of the same column."""
        self.conclusion = None
        self.rows += other.rows
        self._nulls += other._nulls
        self._longest = max(self._longest, other._longest)
        self._secret_rows += other._secret_rows
        self._types.merge(other._types)
        self._distinct.merge(other._distinct)
        self._watch.merge(other._watch)
        for piece in other._waiting:
            self._wait(piece)

    def at(self, index: int) -> ColumnProfile:
        """This profile as that of column ``index`` of another table with the same cells in it."""
        self._settle()  # both go on with the same counters
        moved = copy.copy(self)
        moved.index, moved.conclusion = index, self.conclusion
        return moved

    @property
    def nulls(self) -> int:
        """Cells that show nothing."""
        self._settle()
        return self._nulls

    @property
    def max_length(self) -> int:
        """Characters of the longest cell."""
        self._settle()
        return self._longest

    @property
    def longest_yet(self) -> int:
        """``max_length`` without the few cells that wait: enough to guess how dear a column is."""
        return self._longest

    @property
    def secret_rows(self) -> int:
        """Cells with a secrecy marking."""
        self._settle()
        return self._secret_rows

    @property
    def declared(self) -> TypeWatch:
        """The types that all cells so far have."""
        self._settle()
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
        self._settle()
        self._watch.look_at_waiting()
        return self._watch

    @property
    def sampled(self) -> bool:
        """True when more distinct values came than are kept."""
        self._settle()
        return self._distinct.sampled

    def values(self) -> pl.DataFrame:
        """Distinct non-empty cells (or their sample) and the rows of each: ``value``, ``count``."""
        self._settle()
        return self._distinct.frame()

    def distinct(self) -> int:
        """Distinct non-empty cells; an estimate (smallest hashes) when sampled."""
        self._settle()
        return self._distinct.number()

    # -- inside --------------------------------------------------------------------------------

    def _measure(self, values: pl.Series, seen: census.Census) -> None:
        """The longest cell in characters: no cell has more of them than bytes."""
        if seen.ascii:
            self._longest = max(self._longest, seen.longest)
            return
        if seen.usual and seen.pure:
            self._longest = max(self._longest, seen.longest // 3)
            return
        if seen.longest > self._longest:
            self._longest = max(self._longest, int(values.str.len_chars().max() or 0))  # type: ignore[arg-type]

    def _harmless(self, seen: census.Census) -> bool:
        """Small numbers and calendar days, all of them so far: no identifier is written like that."""
        declared = self._types.declared
        return declared in ("date", "datetime") or (
            declared in ("integer", "decimal") and seen.longest <= _SMALL
        )


def _blank(values: pl.Series) -> pl.Series | None:
    """Which cells show nothing; None when none does. Only cells that begin with a blank are looked at."""
    suspicious = begins_with(values, _BLANKS)
    if not suspicious.any():
        return None
    blank = pl.Series(suspicious)
    begun = values.filter(blank).str.strip_chars() == ""
    if not begun.any():
        return None
    return pl.Series(suspicious).scatter(pl.Series(suspicious).arg_true(), begun)
