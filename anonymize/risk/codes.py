"""Columns as integers: what every measure and every search of this folder counts with.

A cell is compared once, when its column is encoded; from then on classes are sums of integers. Arrays
are one-dimensional ``int64`` unless a docstring says otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_DIRECT = 1 << 16
"""A table of this many counters is cheaper than sorting, whatever the number of rows."""
_RADIX_LIMIT = 1 << 62
_LONG = 20_000
"""Cells from which a second thread earns its start."""


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
    texts = column.cast(pl.String).fill_null("") if column.dtype != pl.String else column.fill_null("")
    # Numbers are told apart faster than texts. That no two texts shared a hash is checked, not hoped for.
    values, _ = _numbered(texts.hash())
    first = np.zeros(int(values.max()) + 1 if len(values) else 0, dtype=np.int64)
    first[values[::-1]] = np.arange(len(values) - 1, -1, -1)
    labels = texts.gather(first)
    if not (labels.gather(values) == texts).all():
        values, labels = _numbered(texts)
    return Codes(values, labels.alias(column.name))


def _numbered(column: pl.Series) -> tuple[Ints, pl.Series]:
    """(rows,) number of each value in order of first appearance, and the values in that order."""
    arrow = column.to_arrow()
    if isinstance(arrow, pa.ChunkedArray):
        arrow = arrow.combine_chunks()
    coded = arrow.dictionary_encode()
    values = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return values, pl.Series(coded.dictionary, dtype=column.dtype)


def encode_all(columns: Sequence[pl.Series]) -> list[Codes]:
    """``encode`` for several columns, at the same time when they are long."""
    workers = min(len(columns), os.cpu_count() or 1)
    if workers < 2 or len(columns[0]) < _LONG:
        return [encode(column) for column in columns]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(encode, columns))


def dense(keys: Ints, size: int) -> tuple[Ints, int]:
    """Renumber ``keys`` (each in ``[0, size)``) without gaps, keeping their order; the count of numbers."""
    if size <= max(_DIRECT, 4 * len(keys)):
        present = np.zeros(size, dtype=np.bool_)
        present[keys] = True
        numbers = np.cumsum(present, dtype=np.int64) - 1
        return numbers[keys], int(numbers[-1]) + 1 if size else 0
    different, inverse = np.unique(keys, return_inverse=True)
    return inverse.astype(np.int64, copy=False).reshape(-1), len(different)


def combine(columns: Sequence[Ints], sizes: Sequence[int], rows: int) -> tuple[Ints, int]:
    """Number the combinations of several coded columns; returns ((rows,), how many there are).

    ``sizes``: how many codes each column may have. No column at all makes one class of every row.
    """
    keys, size = np.zeros(rows, dtype=np.int64), 1
    for values, count in zip(columns, sizes, strict=True):
        if size * max(count, 1) >= _RADIX_LIMIT:
            keys, size = dense(keys, size)
        keys = keys * max(count, 1) + values
        size *= max(count, 1)
    return dense(keys, size) if rows else (keys, 0)


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
