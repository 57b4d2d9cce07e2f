"""Whether a column repeats the row's own name or address, which only comparing the two can tell.

The comparison needs names and addresses, which are known for certain only at the end of a scan. For a large
table they are guessed from its first batch, so that the counting goes on beside the scan; when the guess has
missed a column, the table is read once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
import polars as pl

from anonymize.cells import lengths
from anonymize.detect.batch import Batch, Column
from anonymize.detect.census import Census
from anonymize.entities import Entity
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.registry import recognizers

KINDS = (Entity.PERSON, Entity.ADDRESS)
"""What is looked for in other columns."""
_LEAST = 2
"""Characters of a cell that is looked for."""
_GUESSED_BY = 500
_LIKELY = 0.3


class Repeats:
    """Counts the rows in which a cell of one column stands inside the cell of another.

    Args:
        sources: columns whose cells are looked for, without outer blanks.
        targets: columns that are searched, as they are.
    """

    def __init__(self, sources: Sequence[str], targets: Sequence[str]) -> None:
        self.sources, self.targets = tuple(sources), tuple(targets)
        self.rows: Counter[tuple[str, str]] = Counter()
        """Rows by (source, target); only pairs with any."""

    @classmethod
    def guessed(cls, batch: Batch) -> Repeats:
        """For the columns that look like names or addresses in these rows, in all others.

        A column of numbers is searched too: it may turn out to be a text (a serial number does), and that no
        name stands in it is told by its characters at once.
        """
        sources = [c.cells.name for c in batch if not c.facts.ascii and _is_likely(c.cells)]
        return cls(sources, [c.cells.name for c in batch])

    def covers(self, sources: Collection[str], targets: Collection[str]) -> bool:
        """Whether all these pairs are counted."""
        return set(sources) <= set(self.sources) and set(targets) <= set(self.targets)

    def feed(self, batch: Batch) -> None:
        """One batch."""
        if not batch.height:
            return
        targets = [_Target(batch[name]) for name in self.targets] if self.sources else []
        for name in self.sources:
            source = _Source(batch[name])
            possible = [target for target in targets if target.name != name and source.may_stand_in(target)]
            held = source.in_some_of([target for target in possible if target.few is not None])
            for target in possible:
                if count := source.count(target, source.wanted if target.few is None else held):
                    self.rows[name, target.name] += count

    def feed_all(self, batches: Iterator[Batch]) -> None:
        """All batches."""
        for batch in batches:
            self.feed(batch)


class _Source:
    """One column whose cells are looked for."""

    def __init__(self, column: Column) -> None:
        self._cells, self._values, self._pure = column.cells, column.reduced[0], column.facts.pure
        if not column.facts.unspaced:
            self._cells, self._values = self._cells.str.strip_chars(), self._values.str.strip_chars()
            self._pure = Census(self._values).pure

    @cached_property
    def _long(self) -> pl.Series:
        """The values that are long enough to be looked for."""
        return self._values.filter(self._values.str.len_chars() >= _LEAST)

    @cached_property
    def wanted(self) -> pl.Series:
        """Numbers of the rows whose cell is long enough."""
        if self._long.len() == self._values.len():
            return pl.int_range(self._cells.len(), dtype=pl.UInt32, eager=True)
        return (self._cells.str.len_chars() >= _LEAST).arg_true()

    @cached_property
    def _shortest(self) -> int:
        """Bytes of the shortest cell that is looked for."""
        return int(lengths(self._long).min()) if self._long.len() else 2**31

    def may_stand_in(self, target: _Target) -> bool:
        """Whether lengths and characters leave it open."""
        return self._shortest <= target.facts.longest and not (self._pure and target.facts.ascii)

    def in_some_of(self, targets: Sequence[_Target]) -> pl.Series:
        """Those of ``wanted`` that stand in one of the few different cells of one of these columns."""
        if not targets:
            return self.wanted.clear()
        sizes = self._long.str.len_chars().unique().to_list()
        grams = sorted({gram for target in targets for gram in target.grams(sizes)})
        known = pl.Series(grams, dtype=pl.String)
        held = self._long.filter(self._long.is_in(known.implode()))
        if held.is_empty():
            return self.wanted.clear()
        return self.wanted.filter(self._cells.gather(self.wanted).is_in(held.implode()))

    def count(self, target: _Target, rows: pl.Series) -> int:
        """Rows of ``rows`` in which the cell stands in the target's."""
        if rows.is_empty():
            return 0
        both = pl.DataFrame({"inner": self._cells.gather(rows), "outer": target.cells.gather(rows)})
        fits = lengths(both["inner"]) <= lengths(both["outer"])
        if not fits.any():
            return 0
        both = both.filter(pl.Series(np.asarray(fits)))
        return int(both.select(pl.col("outer").str.contains(pl.col("inner"), literal=True).sum()).item())


class _Target:
    """One column that is searched."""

    def __init__(self, column: Column) -> None:
        self.name, self.cells = column.cells.name, column.cells
        self._column = column

    @property
    def facts(self) -> Census:
        """What is true of all cells."""
        return self._column.facts

    @cached_property
    def few(self) -> list[str] | None:
        """The different cells when there are few of them."""
        values = self._column.few
        return None if values is None else values.to_list()

    def grams(self, sizes: Sequence[int]) -> set[str]:
        """Every piece of so many characters of the few different cells."""
        return {
            text[at : at + size]
            for text in self.few or ()
            for size in sizes
            for at in range(len(text) - size + 1)
        }


def _is_likely(cells: pl.Series) -> bool:
    values = canonical(cells.head(_GUESSED_BY))
    return any(float(recognizers()[kind].validate(values).mean() or 0.0) >= _LIKELY for kind in KINDS)  # type: ignore[arg-type]
