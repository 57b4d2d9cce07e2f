"""Mondrian: cut the table into boxes, each as small as the bounds allow, and show each box's extent.

K. LeFevre, D. DeWitt, R. Ramakrishnan, Mondrian Multidimensional K-Anonymity, ICDE (2006). All boxes of one
depth are cut at the same time by one sort of the rows, so that the work is that of sorting, a few times the
logarithm of the number of boxes, and not a call per box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.risk.bounds import Judge
from anonymize.risk.codes import Bools, Floats, Ints, dense


@dataclass(frozen=True, slots=True)
class Boxes:
    """``of``: (rows,) box of each row; ``low``, ``high``: (boxes, quasi-identifiers) least and greatest
    place shown in each box, in the order of the column's values."""

    of: Ints
    low: Ints
    high: Ints


def partition(points: Sequence[Ints], values: Ints | None, judge: Judge, *, strict: bool = True) -> Boxes:
    """Cut until no box can be cut any more without breaking a bound.

    Args:
        points: for each quasi-identifier (rows,) the place of the cell in the order of its column.
        values: (rows,) joint code of the sensitive cells; None when no bound is on them.
        judge: the bounds; ``suppress`` is not used, every row stays.
        strict: equal cells stay on one side of a cut. Otherwise rows with the median cell may be divided,
            so that every box has fewer than 2k rows when k is the only bound.
    """
    rows = len(points[0]) if points else 0
    boxes = np.zeros(rows, dtype=np.int64)
    widths = [max(int(p.max() - p.min()), 1) if rows else 1 for p in points]
    open_rows: Ints = np.arange(rows, dtype=np.int64)
    number = 1 if rows else 0
    while len(open_rows):
        cut, made = _cut_all(
            [p[open_rows] for p in points],
            boxes[open_rows],
            None if values is None else values[open_rows],
            widths,
            judge,
            strict=strict,
        )
        # Each box that was cut becomes two new ones; the others are finished.
        open_rows = open_rows[cut]
        if len(open_rows):
            numbers, sizes = dense(made[cut], int(made.max()) + 1)
            boxes[open_rows] = number + numbers
            number += len(sizes)
    boxes, sizes = dense(boxes, number)
    low, high = _extent(points, boxes, len(sizes))
    return Boxes(boxes, low, high)


def _extent(points: Sequence[Ints], boxes: Ints, number: int) -> tuple[Ints, Ints]:
    order = np.argsort(boxes, kind="stable")
    first = np.searchsorted(boxes[order], np.arange(number))
    shape = (number, len(points))
    low, high = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for index, column in enumerate(points):
        if number:
            low[:, index] = np.minimum.reduceat(column[order], first)
            high[:, index] = np.maximum.reduceat(column[order], first)
    return low, high


def _cut_all(
    points: Sequence[Ints],
    boxes: Ints,
    values: Ints | None,
    widths: Sequence[int],
    judge: Judge,
    *,
    strict: bool,
) -> tuple[Bools, Ints]:
    """Try to cut every box once. Returns (rows,) whether the row's box was cut, and its half's number.

    A box takes the quasi-identifier that is widest in it, relative to the whole table; where that cut
    breaks a bound, the next widest, until none is left.
    """
    local, sizes = dense(boxes, int(boxes.max()) + 1)
    number = len(sizes)
    low, high = _extent(points, local, number)
    spread: Floats = (high - low) / np.array(widths)
    preference = np.argsort(-spread, axis=1, kind="stable")
    halves = local * 2
    done: Bools = np.zeros(number, dtype=np.bool_)
    for attempt in range(len(points)):
        chosen = preference[:, attempt]
        possible = ~done & (spread[np.arange(number), chosen] > 0)
        rows = np.flatnonzero(possible[local])
        if not len(rows):
            continue
        column = np.empty(len(rows), dtype=np.int64)
        which = chosen[local[rows]]
        for index, cells in enumerate(points):
            mine = which == index
            column[mine] = cells[rows[mine]]
        ids, tried_sizes = dense(local[rows], number)
        count = len(tried_sizes)
        right = _right_half(ids, count, column, strict=strict)
        tried = ids * 2 + right
        bad = judge.bad_classes(tried, count * 2, None if values is None else values[rows], None)
        good = ~(bad[0::2] | bad[1::2])
        success = good[ids]
        halves[rows[success]] += right[success]
        done[local[rows[success]]] = True
    return done[local], halves


def _right_half(ids: Ints, count: int, column: Ints, *, strict: bool) -> Ints:
    """(rows,) 1 for the rows of each box that lie above the cut at the median, 0 for the others."""
    order = np.lexsort((column, ids))
    sizes = np.bincount(ids, minlength=count)
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    if not strict:
        place = np.empty(len(ids), dtype=np.int64)
        place[order] = np.arange(len(ids)) - np.repeat(first, sizes)
        return (place >= (sizes // 2)[ids]).astype(np.int64)
    ascending = column[order]
    median, top = ascending[first + (sizes - 1) // 2], ascending[first + sizes - 1]
    # Nothing lies above the greatest cell: there the cut is just below it.
    return (column > np.where(median == top, top - 1, median)[ids]).astype(np.int64)
