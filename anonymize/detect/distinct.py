"""The distinct values of a column in bounded memory.

All of them up to a bound; beyond it the ones with the smallest hashes, which is a fair sample that depends
neither on the order of rows nor on where batches end (k minimum values: Bar-Yossef et al., Counting
distinct elements in a data stream, 2002).
"""

from __future__ import annotations

import polars as pl

from anonymize.cells import own_copy

SEED = 20_240_101


class DistinctValues:
    """Takes cells, gives distinct values with the number of rows of each.

    Args:
        bound: values kept.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._pieces: list[pl.DataFrame] = []
        self._kept = 0
        self._threshold: int | None = None
        self._settled = True

    def add(self, values: pl.Series, counts: pl.Series | None) -> None:
        """Non-empty cells; ``counts``: rows of each (``UInt32``), one each when left out."""
        hashes = values.hash(SEED)
        if self._threshold is not None:
            small = hashes < self._threshold
            values, hashes = values.filter(small), hashes.filter(small)
            counts = None if counts is None else counts.filter(small)
        if values.is_empty():
            return
        ones = pl.repeat(1, values.len(), dtype=pl.UInt32, eager=True) if counts is None else counts
        frame = pl.DataFrame({"value": own_copy(values), "hash": hashes, "count": ones})
        self._pieces.append(frame)
        self._kept += frame.height
        self._settled = False
        if self._kept > 2 * self._bound:
            self._settle()

    def merge(self, other: DistinctValues) -> None:
        """Take in what another one has of the same column."""
        if not other._pieces:
            return
        other._settle()
        if other._threshold is not None and (self._threshold is None or other._threshold < self._threshold):
            self._threshold = other._threshold
            self._pieces = [piece.filter(pl.col("hash") < self._threshold) for piece in self._pieces]
        for piece in other._pieces:
            kept = piece if self._threshold is None else piece.filter(pl.col("hash") < self._threshold)
            self._pieces.append(kept)
        self._kept = sum(piece.height for piece in self._pieces)
        self._settled = False
        if self._kept > 2 * self._bound:
            self._settle()

    @property
    def sampled(self) -> bool:
        """True when more distinct values came than are kept."""
        self._settle()
        return self._threshold is not None

    def frame(self) -> pl.DataFrame:
        """``value`` and ``count``."""
        self._settle()
        if not self._pieces:
            return pl.DataFrame(schema={"value": pl.String, "count": pl.UInt32})
        return self._pieces[0].select("value", "count")

    def number(self) -> int:
        """How many there are; an estimate by the largest hash kept when sampled."""
        kept = self.frame().height
        return kept if self._threshold is None else max(kept, round(kept / (self._threshold / 2**64)))

    def _settle(self) -> None:
        if self._settled or not self._pieces:
            return
        # What is a sample by hash anyway is told apart by hash, which is many times as fast.
        key, other = ("value", "hash") if self._threshold is None else ("hash", "value")
        merged = pl.concat(self._pieces).group_by(key).agg(pl.col(other).first(), pl.col("count").sum())
        merged = merged.select("value", "hash", "count")
        if merged.height > self._bound:
            self._threshold = int(merged["hash"].bottom_k(self._bound + 1).max())  # type: ignore[arg-type]
            merged = merged.filter(pl.col("hash") < self._threshold)
        merged = merged.with_columns(own_copy(merged["value"]))
        self._pieces, self._kept, self._settled = [merged], merged.height, True
