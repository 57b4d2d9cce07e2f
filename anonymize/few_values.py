"""Columns with few different cells: each cell becomes the number of its value.

Sexes, kinds, offices and dates repeat a few values through all rows, and so does whatever was masked. The
values at the head of a batch are taken for all there are; a cell is known by its hash, its length and first
bytes, in NumPy, which neither waits for the threads of polars nor keeps them busy.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.cells import views

LOOKED_AT = 2_000
"""Cells at the head of a batch whose values are known."""
_MOST_BITS = 16
"""Of the number of a slot: so large a table of values still lies near the core."""
_SEED = secrets.randbits(64)
"""Of this process alone: nobody can make two texts beforehand that are taken for one."""


class Coded(NamedTuple):
    """``values``: the different cells at the head; ``codes``: for each cell the place of its value there, -1
    for a cell that is none of them."""

    values: pl.Series
    codes: npt.NDArray[np.int64]


def coded(cells: pl.Series, most: int) -> Coded | None:
    """The values of a column and the number of each cell's.

    Args:
        cells: ``String`` or ``Binary``, no nulls.
        most: different cells at the head up to which this is worth the while.

    Returns:
        None when there are more.
    """
    values = cells.head(LOOKED_AT).unique()
    if values.len() > most:
        return None
    keys, hashes = values.hash(_SEED).to_numpy(), cells.hash(_SEED).to_numpy()
    mask = (1 << min(_MOST_BITS, values.len().bit_length() + 8)) - 1
    slots = keys.view(np.int64) & mask
    number_of = np.full(mask + 1, -1, dtype=np.int64)
    number_of[slots] = np.arange(values.len())  # of two values in one slot the later is known
    codes = number_of[hashes.view(np.int64) & mask]
    if not values.len():
        return Coded(values, codes)
    sure = (keys[codes] == hashes) & (_begun(values)[codes] == _begun(cells)) & (codes >= 0)
    if not sure.all():
        codes[~sure] = -1
    return Coded(values, codes)


def counted(cells: pl.Series, most: int) -> tuple[pl.Series, pl.Series] | None:
    """The different cells of a column (``String``, no nulls), each once, and how often each stands there.

    None when there are more than ``most`` at its head.
    """
    known = coded(cells, most)
    if known is None:
        return None
    rows = np.bincount(known.codes + 1, minlength=known.values.len() + 1)
    there = rows[1:] > 0
    values = known.values if there.all() else known.values.filter(pl.Series(there))
    counts = pl.Series("count", rows[1:][there], dtype=pl.UInt32)
    if not rows[0]:
        return values, counts
    others = cells.filter(pl.Series(known.codes < 0))
    more = counted(others, most) or _grouped(others)
    return tuple(pl.concat(pair, rechunk=True) for pair in ((values, more[0]), (counts, more[1])))  # type: ignore[return-value]


def _grouped(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    frame = cells.alias("value").to_frame().group_by("value").agg(pl.len().alias("count"))
    return frame["value"].alias(cells.name), frame["count"]


def _begun(cells: pl.Series) -> npt.NDArray[np.uint64]:
    """Length and first four bytes of each cell."""
    found: npt.NDArray[np.uint64] = views(cells).view("<u8")[:, 0]
    return found
