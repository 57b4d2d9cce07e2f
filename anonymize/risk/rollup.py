"""Counted combinations of codes, and how those of a coarse node follow from those of a finer one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.risk.codes import Ints, add_up, combine
from anonymize.risk.hierarchy import Hierarchy

_KEPT = 48
_DIRECT = 1 << 22
_RADIX_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True)
class Counted:
    """Combinations and their rows. ``keys``: one (combinations,) array of codes for each
    quasi-identifier; ``values``: (combinations,) code of the sensitive cells taken together, None when no
    bound is on them; ``counts``: (combinations,) rows; ``rows``: their sum."""

    keys: tuple[Ints, ...]
    values: Ints | None
    counts: Ints
    rows: int

    def classes(self) -> tuple[Ints, int]:
        """(combinations,) class of equal quasi-identifiers, and how many classes there are."""
        if self.values is None:
            # Every combination stands here once.
            return np.arange(len(self.counts), dtype=np.int64), len(self.counts)
        sizes = [int(keys.max()) + 1 if len(keys) else 0 for keys in self.keys]
        return combine(self.keys, sizes, len(self.counts))


def count(
    keys: Sequence[Ints],
    sizes: Sequence[int],
    values: Ints | None,
    value_size: int,
    counts: Ints | None,
    rows: int,
) -> Counted:
    """Add up equal combinations. ``counts``: rows of each, one when None."""
    columns = [*keys, values] if values is not None else list(keys)
    radix = [*sizes, value_size] if values is not None else list(sizes)
    product = 1
    for size in radix:
        product *= max(size, 1)
    length = len(columns[0]) if columns else 0
    if product >= _RADIX_LIMIT:
        ids, different = combine(columns, radix, length)
        first = np.zeros(different, dtype=np.int64)
        first[ids[::-1]] = np.arange(length - 1, -1, -1)
        picked = [column[first] for column in columns]
        sums = add_up(ids, different, counts)
    else:
        joint = np.zeros(length, dtype=np.int64)
        for column, size in zip(columns, radix, strict=True):
            joint = joint * max(size, 1) + column
        if product <= _DIRECT:
            sums = add_up(joint, product, counts)
            present = np.flatnonzero(sums)
            sums = sums[present]
        elif counts is None:
            present, sums = np.unique(joint, return_counts=True)
        else:
            present, inverse = np.unique(joint, return_inverse=True)
            sums = add_up(inverse.reshape(-1), len(present), counts)
        picked = []
        for size in reversed(radix):
            present, code = np.divmod(present, max(size, 1))
            picked.insert(0, code)
    made = picked.pop() if values is not None else None
    return Counted(tuple(picked), made, sums, rows)


class Rollup:
    """The counts of any node of the lattice, from the smallest table already counted below it."""

    def __init__(self, hierarchies: Sequence[Hierarchy], base: Counted) -> None:
        self._hierarchies, self._base = hierarchies, base
        self._value_size = int(base.values.max()) + 1 if base.values is not None and base.rows else 1
        self._tables: list[tuple[tuple[int, ...], Counted]] = [((0,) * len(hierarchies), base)]

    def at(self, levels: tuple[int, ...]) -> Counted:
        """The counted combinations on these levels."""
        known, table = min(
            (pair for pair in self._tables if all(a <= b for a, b in zip(pair[0], levels, strict=True))),
            key=lambda pair: (len(pair[1].counts), pair[1] is self._base),
        )
        if known == levels and table is not self._base:
            # The base may list a combination more than once: it has to be counted too.
            return table
        keys = [
            codes if low == high else hierarchy.between(low, high)[codes]
            for hierarchy, codes, low, high in zip(self._hierarchies, table.keys, known, levels, strict=True)
        ]
        sizes = [h.levels[level].size for h, level in zip(self._hierarchies, levels, strict=True)]
        made = count(keys, sizes, table.values, self._value_size, table.counts, table.rows)
        if len(self._tables) > _KEPT:
            # The base stays; of the others the largest helps least.
            largest = max(range(1, len(self._tables)), key=lambda i: len(self._tables[i][1].counts))
            self._tables.pop(largest)
        self._tables.append((levels, made))
        return made
