"""Columns as integers: what every measure and every search of this folder counts with.

A cell is compared once, when its column is encoded; from then on classes are sums of integers. Arrays
are one-dimensional ``int64`` unless a docstring says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.risk.numbering import BLOCK, number

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_DIRECT = 1 << 16
"""A table of this many counters is cheaper than sorting, whatever the number of rows."""
_RADIX_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of ``rows`` cells. ``values``: (rows,) in ``[0, len(labels))``; ``labels``: each different
    cell once, in order of first appearance."""

    values: Ints
    labels: pl.Series

    @property
    def size(self) -> int:
        """How many different cells there are."""
        return len(self.labels)


def encode(column: pl.Series) -> Codes:
    """Number the cells of a column; equal cells get equal numbers, a null counts as an empty cell."""
    texts = column if column.dtype == pl.String else column.cast(pl.String)
    if texts.null_count():
        texts = texts.fill_null("")
    values, firsts = number(texts)
    return Codes(values, texts[firsts].alias(column.name))


def renumber(numbers: Ints, table: Ints) -> None:
    """Replace each number by what ``table`` has for it, in place."""
    for first in range(0, len(numbers), BLOCK):
        rows = slice(first, first + BLOCK)
        numbers[rows] = table.take(numbers[rows])


def dense(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """Renumber ``keys`` (each in ``[0, size)``) without gaps, keeping their order.

    Returns:
        (rows,) the new numbers, and (numbers,) how many rows have each.
    """
    numbers = keys.copy()
    return numbers, _close_gaps(numbers, size)


def _close_gaps(keys: Ints, size: int) -> Ints:
    """``dense`` in place; answers with the rows of each number."""
    if size <= max(_DIRECT, 4 * len(keys)):
        rows = np.bincount(keys, minlength=size)
        present = rows > 0
        if not present.all():
            renumber(keys, np.cumsum(present, dtype=np.int64) - 1)
        return rows[present]
    _, inverse, rows = np.unique(keys, return_inverse=True, return_counts=True)
    keys[:] = inverse.reshape(-1)
    return rows


def combine(columns: Iterable[Ints], sizes: Sequence[int], rows: int) -> tuple[Ints, Ints]:
    """Number the combinations of several coded columns; ``sizes``: how many codes each column may have.

    No column at all makes one class of every row. Columns are asked for one after another and not kept.

    Returns:
        (rows,) number of the combination, ascending as the codes do, and (numbers,) how many rows have each.
    """
    keys, size = np.zeros(rows, dtype=np.int64), 1
    for values, count in zip(columns, sizes, strict=True):
        if size * max(count, 1) >= _RADIX_LIMIT:
            size = len(_close_gaps(keys, size))
        keys *= max(count, 1)
        keys += values
        size *= max(count, 1)
    return keys, _close_gaps(keys, size)


def add_up(keys: Ints, size: int, weights: Ints | None) -> Ints:
    """(size,) sums of ``weights`` (rows, when None) by key. Exact below 2⁵³ rows."""
    return np.bincount(keys, weights=weights, minlength=size).astype(np.int64)


def ranks(labels: pl.Series) -> tuple[Ints, bool]:
    """The place of each label in the order of its column, and whether that order is of numbers.

    Numbers when every label that is not empty is one (``007`` and ``7`` then share a place; an empty cell
    comes first); the order of the texts otherwise.
    """
    numbers = labels.cast(pl.Float64, strict=False)
    empty = labels == ""
    are_numbers = bool((numbers.is_finite().fill_null(value=False) | empty).all()) and not bool(empty.all())
    order = numbers.fill_null(-np.inf) if are_numbers else labels
    return order.rank("dense").to_numpy().astype(np.int64) - 1, are_numbers
