"""Proof that a kept column left with equal decoded cells."""

from __future__ import annotations

import hashlib

import polars as pl


class CellDigest:
    """SHA-256 over the cells of a column, whatever the sizes of the batches.

    Lengths and bytes run through two digests of their own, so that no two different columns can be
    joined into the same sequence of bytes.
    """

    def __init__(self) -> None:
        self._lengths, self._bytes = hashlib.sha256(), hashlib.sha256()

    def add(self, cells: pl.Series) -> None:
        """The next cells of the column (``String``, no nulls)."""
        self._lengths.update(cells.str.len_bytes().cast(pl.UInt32).to_numpy().astype("<u4").tobytes())
        self._bytes.update("".join(cells.to_list()).encode())

    def hexdigest(self) -> str:
        return hashlib.sha256(self._lengths.digest() + self._bytes.digest()).hexdigest()
