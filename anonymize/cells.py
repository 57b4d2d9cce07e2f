"""What the fixed-size views of a text column tell without touching the texts.

Arrow keeps a string as a view of sixteen bytes: its length, and its first four bytes. Questions about
lengths and beginnings are answered from these by NumPy, many times as fast as by looking at each cell.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

_VIEW = 16


def _whole(column: pl.Series) -> pl.Series:
    """The column in one piece; one that is so already is not copied."""
    return column if column.n_chunks() == 1 else column.rechunk()


def views(column: pl.Series) -> npt.NDArray[np.uint8]:
    """The views of a ``String`` column without nulls: one row of sixteen bytes a cell."""
    array: Any = _whole(column).to_arrow(compat_level=pl.CompatLevel.newest())
    if len(array) == 0:
        return np.zeros((0, _VIEW), dtype=np.uint8)
    all_views = np.frombuffer(array.buffers()[1], dtype=np.uint8).reshape(-1, _VIEW)
    return all_views[array.offset : array.offset + len(array)]


def own_copy(column: pl.Series) -> pl.Series:
    """The same cells in a buffer of their own.

    What is filtered out of a batch goes on pointing into the batch's buffers and keeps all of them in memory.
    """
    array: Any = _whole(column).to_arrow(compat_level=pl.CompatLevel.oldest())
    return pl.Series(column.name, array, dtype=pl.String)


def begins_with(column: pl.Series, characters: bytes) -> npt.NDArray[np.bool_]:
    """Which cells (``String``, no nulls) begin with one of these bytes; an empty one begins with zero."""
    table = np.zeros(256, dtype=np.bool_)
    table[np.frombuffer(characters, dtype=np.uint8)] = True
    cells = views(column)
    # An empty cell's view goes on with zero bytes.
    found: npt.NDArray[np.bool_] = table[cells[:, 4]]
    return found


def lengths(column: pl.Series) -> npt.NDArray[np.uint32]:
    """Length of each cell (``String``, no nulls) in bytes of UTF-8."""
    whole = views(column)
    return whole.reshape(-1).view("<u4").reshape(-1, _VIEW // 4)[:, 0].copy()


def laid_out(column: pl.Series) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of the cells (``String``, no nulls) one after another; where each begins, and all end."""
    array: Any = _whole(column).to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    if data is None or not len(array):
        return np.zeros(0, dtype=np.uint8), np.zeros(len(array) + 1, dtype=np.int64)
    places = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return np.frombuffer(data, dtype=np.uint8)[places[0] : places[-1]], places - places[0]


def words(column: pl.Series) -> npt.NDArray[np.uint32]:
    """``views`` as four words each: the length, and three that are the cell if it has at most 12 bytes."""
    found: npt.NDArray[np.uint32] = views(column).view("<u4")
    return found


def of_words(name: str, cells: npt.NDArray[np.uint32]) -> pl.Series:
    """A column of cells from their ``words``: valid UTF-8 of at most 12 bytes, zeros after the last one."""
    buffers = [None, pa.py_buffer(np.ascontiguousarray(cells))]
    return pl.Series(name, pa.Array.from_buffers(pa.string_view(), len(cells), buffers))


def of_rows(name: str, cells: npt.NDArray[np.uint8]) -> pl.Series:
    """A column of ASCII cells of one length: a row of characters each."""
    count, length = cells.shape
    places = np.arange(0, (count + 1) * length, length, dtype=np.int64)
    buffers = [None, pa.py_buffer(places), pa.py_buffer(np.ascontiguousarray(cells))]
    return pl.Series(name, pa.Array.from_buffers(pa.large_string(), count, buffers))


def same_cells(one: pl.Series, other: pl.Series) -> bool:
    """Whether both are the very same memory, so that no cell can differ; False says nothing."""
    if one.len() != other.len() or one.n_chunks() != 1 or other.n_chunks() != 1:
        return False
    return _places(one) == _places(other)


def _places(column: pl.Series) -> tuple[tuple[int, int] | None, ...]:
    array: Any = column.to_arrow(compat_level=pl.CompatLevel.newest())
    buffers = tuple(None if b is None else (int(b.address), int(b.size)) for b in array.buffers())
    return ((int(array.offset), len(array)), *buffers)
