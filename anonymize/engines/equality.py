"""Proof that a kept column left with equal decoded cells."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import polars as pl

from anonymize.cells import lengths


class CellDigest:
    """SHA-256 over the cells of a column, whatever the sizes of the batches.

    Lengths and bytes run through two digests of their own, so that no two different columns can be
    joined into the same sequence of bytes.
    """

    def __init__(self) -> None:
        self._lengths, self._bytes = hashlib.sha256(), hashlib.sha256()

    def add(self, cells: pl.Series) -> None:
        """The next cells of the column (``String``, no nulls)."""
        if not cells.len():
            return
        self._lengths.update(lengths(cells).astype("<u4").tobytes())
        array: Any = cells.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        _, offsets, data = array.buffers()
        if data is None:
            return
        ends = np.frombuffer(offsets, dtype=np.int64)
        first, last = int(ends[array.offset]), int(ends[array.offset + len(array)])
        self._bytes.update(memoryview(data)[first:last])

    def copy(self) -> CellDigest:
        """Another digest that has seen the same cells so far."""
        other = CellDigest()
        other._lengths, other._bytes = self._lengths.copy(), self._bytes.copy()
        return other

    def hexdigest(self) -> str:
        """Over lengths and bytes, in hexadecimal."""
        return hashlib.sha256(self._lengths.digest() + self._bytes.digest()).hexdigest()
