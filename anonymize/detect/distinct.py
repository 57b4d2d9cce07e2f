"""The distinct values of a column in bounded memory.

All of them up to a bound; beyond it the ones with the smallest hashes, which is a fair sample that depends
neither on the order of rows nor on where batches end (k minimum values: Bar-Yossef et al., Counting
distinct elements in a data stream, 2002).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.cells import own_copy

SEED = 20_240_101
_ROOM = 4
"""Times as many values as are kept may wait until equal ones are put together."""


class DistinctValues:
    """Takes cells, gives distinct values with the number of rows of each.

    Args:
        bound: values kept.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._pieces: list[_Piece] = []
        self._kept = 0
        self._threshold: int | None = None
        self._settled = True

    def add(self, values: pl.Series, counts: pl.Series | None) -> None:
        """Non-empty cells; ``counts``: rows of each (``UInt32``), one each when left out."""
        hashes = values.hash(SEED).to_numpy()
        rows = np.ones(len(hashes), dtype=np.uint32) if counts is None else counts.to_numpy()
        piece = _Piece(values, hashes, rows)
        if self._threshold is not None:
            piece = piece.below(self._threshold)
        if not piece.height:
            return
        self._pieces.append(piece._replace(values=own_copy(piece.values)))
        self._kept += piece.height
        self._settled = False
        if self._kept > _ROOM * self._bound:
            self._settle()

    def merge(self, other: DistinctValues) -> None:
        """Take in what another one has of the same column."""
        if not other._pieces:
            return
        other._settle()
        if other._threshold is not None and (self._threshold is None or other._threshold < self._threshold):
            self._threshold = other._threshold
            self._pieces = [piece.below(self._threshold) for piece in self._pieces]
        for piece in other._pieces:
            self._pieces.append(piece if self._threshold is None else piece.below(self._threshold))
        self._kept = sum(piece.height for piece in self._pieces)
        self._settled = False
        if self._kept > _ROOM * self._bound:
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
        piece = self._pieces[0]
        return pl.DataFrame({"value": piece.values, "count": piece.rows})

    def number(self) -> int:
        """How many there are; an estimate by the largest hash kept when sampled."""
        self._settle()
        kept = self._kept
        return kept if self._threshold is None else max(kept, round(kept / (self._threshold / 2**64)))

    def _settle(self) -> None:
        if self._settled or not self._pieces:
            return
        whole = _Piece(
            pl.concat([piece.values for piece in self._pieces], rechunk=True),
            np.concatenate([piece.hashes for piece in self._pieces]),
            np.concatenate([piece.rows for piece in self._pieces]),
        )
        order = np.argsort(whole.hashes)
        hashes = whole.hashes[order]
        first = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
        end = hashes.size
        if first.size > self._bound:
            end = int(first[self._bound])
            self._threshold = int(hashes[end])
            first = first[: self._bound]
        merged = _Piece(
            whole.values.gather(pl.Series(order[first])),
            hashes[first],
            np.add.reduceat(whole.rows[order[:end]], first, dtype=np.uint32),
        )
        # What is a sample by hash is told apart by hash; what is complete has every value.
        if self._threshold is None and not _alike(whole.values.gather(pl.Series(order)), first):
            merged = _by_value(whole)
        self._pieces = [merged._replace(values=own_copy(merged.values))]
        self._kept, self._settled = merged.height, True


class _Piece(NamedTuple):
    """Values with their hashes and the rows of each."""

    values: pl.Series
    hashes: npt.NDArray[np.uint64]
    rows: npt.NDArray[np.uint32]

    @property
    def height(self) -> int:
        return len(self.hashes)

    def below(self, threshold: int) -> _Piece:
        """The values with smaller hashes."""
        small = self.hashes < np.uint64(threshold)
        return _Piece(self.values.filter(pl.Series(small)), self.hashes[small], self.rows[small])


def _alike(values: pl.Series, first: npt.NDArray[np.int64]) -> bool:
    """Whether all values from one of ``first`` to the next are the same."""
    group = np.repeat(first, np.diff(np.append(first, values.len())))
    return bool((values == values.gather(pl.Series(group))).all())


def _by_value(piece: _Piece) -> _Piece:
    """Every value once."""
    frame = pl.DataFrame({"value": piece.values, "hash": piece.hashes, "count": piece.rows})
    merged = frame.group_by("value").agg(pl.col("hash").first(), pl.col("count").sum())
    return _Piece(merged["value"], merged["hash"].to_numpy(), merged["count"].cast(pl.UInt32).to_numpy())
