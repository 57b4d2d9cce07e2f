"""Counted combinations of codes, and how those of a coarse node follow from those of a finer one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.risk.codes import Ints, add_up, combine
from anonymize.risk.hierarchy import Hierarchy
from anonymize.risk.numbering import BLOCK

_KEPT = 48
_DIRECT = 1 << 16
"""So many counters, or `_SPARSE` for each row, are cheaper than sorting the rows."""
_SPARSE = 32
_RADIX_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True)
class Rows:
    """The table before anything is counted. ``keys``: one (rows,) array of codes for each quasi-identifier;
    ``values``: (rows,) code of the sensitive cells taken together, None when no bound is on them;
    ``weights``: (rows,) how many rows each stands for, None for one."""

    keys: tuple[Ints, ...]
    values: Ints | None
    weights: Ints | None

    @property
    def number(self) -> int:
        """How many rows are stood for."""
        if self.weights is not None:
            return int(self.weights.sum())
        return len(self.keys[0]) if self.keys else 0


@dataclass(frozen=True, slots=True)
class Counted:
    """Combinations and their rows, each combination once. ``keys``: one (combinations,) array of codes for
    each quasi-identifier; ``values``: (combinations,) code of the sensitive cells taken together, None when
    no bound is on them; ``counts``: (combinations,) rows."""

    keys: tuple[Ints, ...]
    values: Ints | None
    counts: Ints

    def classes(self) -> tuple[Ints, int]:
        """(combinations,) class of equal quasi-identifiers, and how many classes there are."""
        if self.values is None:
            return np.arange(len(self.counts), dtype=np.int64), len(self.counts)
        sizes = [int(keys.max()) + 1 if len(keys) else 0 for keys in self.keys]
        classes, combinations = combine(self.keys, sizes, len(self.counts))
        return classes, len(combinations)


@dataclass(frozen=True, slots=True)
class Column:
    """What is counted of one column: ``codes`` (rows,), replaced by what ``table`` (when there is one) has
    for them, which is in ``[0, size)``."""

    codes: Ints
    table: Ints | None
    size: int

    def part(self, rows: slice) -> Ints:
        """The codes of some rows."""
        return self.codes[rows] if self.table is None else self.table.take(self.codes[rows])


def count(columns: Sequence[Column], weights: Ints | None) -> tuple[list[Ints], Ints]:
    """Add up equal combinations.

    Args:
        columns: at least one.
        weights: rows that each row stands for, one when None.

    Returns:
        for each column (combinations,) its codes, and (combinations,) the rows of each.
    """
    length = len(columns[0].codes)
    product = 1
    for column in columns:
        product *= max(column.size, 1)
    if product >= _RADIX_LIMIT:
        whole = [column.part(slice(None)) for column in columns]
        ids, rows_of = combine(whole, [column.size for column in columns], length)
        first = np.zeros(len(rows_of), dtype=np.int64)
        first[ids[::-1]] = np.arange(length - 1, -1, -1)
        sums = rows_of if weights is None else add_up(ids, len(rows_of), weights)
        return [codes[first] for codes in whole], sums
    joint = _joint(columns, length)
    if product <= max(_DIRECT, _SPARSE * length):
        sums = add_up(joint, product, weights)
        present = np.flatnonzero(sums)
        sums = sums[present]
    elif weights is None:
        present, sums = np.unique(joint, return_counts=True)
    else:
        present, inverse = np.unique(joint, return_inverse=True)
        sums = add_up(inverse.reshape(-1), len(present), weights)
    picked: list[Ints] = []
    for column in reversed(columns):
        above = present // max(column.size, 1)
        picked.insert(0, present - above * max(column.size, 1))
        present = above
    return picked, sums


def _joint(columns: Sequence[Column], length: int) -> Ints:
    """(rows,) one number for each combination, from which its codes can be told."""
    joint = np.zeros(length, dtype=np.int64)
    for first in range(0, length, BLOCK):
        rows = slice(first, first + BLOCK)
        keys = joint[rows]
        for column in columns:
            if column.size > 1:
                keys *= column.size
                keys += column.part(rows)
    return joint


class Rollup:
    """The counts of any node of the lattice, from the smallest table already counted below it."""

    def __init__(self, hierarchies: Sequence[Hierarchy], rows: Rows) -> None:
        self._hierarchies, self._rows = hierarchies, rows
        some = rows.values is not None and len(rows.values) > 0
        self._value_size = int(rows.values.max()) + 1 if rows.values is not None and some else 1
        self._tables: dict[tuple[int, ...], Counted] = {}

    def at(self, levels: tuple[int, ...]) -> Counted:
        """The counted combinations on these levels."""
        if levels in self._tables:
            return self._tables[levels]
        below = self._smallest(levels)
        if below is None:
            below = self._finer(levels)
            self._keep(
                below, self._count(self._rows.keys, self._rows.values, self._rows.weights, None, below)
            )
        if below != levels:
            table = self._tables[below]
            self._keep(levels, self._count(table.keys, table.values, table.counts, below, levels))
        return self._tables[levels]

    def _smallest(self, levels: tuple[int, ...]) -> tuple[int, ...] | None:
        below = (known for known in self._tables if all(a <= b for a, b in zip(known, levels, strict=True)))
        return min(below, key=lambda known: len(self._tables[known].counts), default=None)

    def _finer(self, levels: tuple[int, ...]) -> tuple[int, ...]:
        """Levels at or below ``levels`` whose table is at most half the rows, whatever they are.

        To count all rows costs the same for a finer node, and that one serves its neighbours as well.
        """
        most = len(self._rows.keys[0]) // 2
        sizes = [[level.size for level in hierarchy.levels] for hierarchy in self._hierarchies]
        finer = list(levels)
        while True:
            product = self._value_size
            for column, level in zip(sizes, finer, strict=True):
                product *= column[level]
            steps = [
                (product // sizes[i][level] * sizes[i][level - 1], i)
                for i, level in enumerate(finer)
                if level
            ]
            if not steps or min(steps)[0] > most:
                return tuple(finer)
            finer[min(steps)[1]] -= 1

    def _count(
        self,
        keys: Sequence[Ints],
        values: Ints | None,
        weights: Ints | None,
        low: tuple[int, ...] | None,
        levels: tuple[int, ...],
    ) -> Counted:
        """Count what has its codes on the levels ``low`` (the lowest when None) on ``levels``."""
        columns = [
            Column(codes, None if a == b else hierarchy.between(a, b), hierarchy.levels[b].size)
            for hierarchy, codes, a, b in zip(
                self._hierarchies, keys, low or [0] * len(levels), levels, strict=True
            )
        ]
        if values is not None:
            columns.append(Column(values, None, self._value_size))
        made, counts = count(columns, weights)
        of_values = made.pop() if values is not None else None
        return Counted(tuple(made), of_values, counts)

    def _keep(self, levels: tuple[int, ...], table: Counted) -> None:
        if len(self._tables) > _KEPT:
            # The largest helps least.
            self._tables.pop(max(self._tables, key=lambda known: len(self._tables[known].counts)))
        self._tables[levels] = table
