"""Laying sequences of unequal length side by side without padding.

Sequences stand in order of falling length, and their units *by position*: first the first unit of each, then
the second unit of all that have one, and so on. The units of one position are one block of rows, and those
that still run are its first rows, so that a recurrence over a whole batch is a loop over blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Integers: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pack:
    """A batch of sequences. ``units`` rows in all."""

    order: Integers
    """Index of every sequence as it was given, longest first."""
    lengths: Integers
    """Units of every sequence in that order."""
    counts: tuple[int, ...]
    """For every position: how many sequences have a unit there."""
    starts: tuple[int, ...]
    """For every position: its first row; one more at the end, the number of all rows."""
    rows: Integers
    """Row of every unit, sequence after sequence."""
    places: Integers
    """Where every unit stands among the numbers that were given, sequence after sequence."""
    numbers: Integers
    """Number of the unit in every row."""


def pack(numbers: Integers, firsts: Integers, sizes: Integers, chosen: Integers) -> Pack:
    """Lay the sequences ``chosen`` side by side; none of them is empty.

    Sequence i is ``numbers[firsts[i]:firsts[i] + sizes[i]]``.
    """
    falling = np.argsort(-sizes[chosen], kind="stable")
    order = chosen[falling]
    lengths = sizes[order]
    positions = int(lengths[0])
    # lengths fall, so that those greater than a position are counted by a search in the reversed array
    counts = len(order) - np.searchsorted(lengths[::-1], np.arange(positions), side="right")
    starts = np.concatenate([[0], np.cumsum(counts)])
    total = int(starts[-1])
    position = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = starts[position] + np.repeat(np.arange(len(order)), lengths)
    places = np.repeat(firsts[order], lengths) + position
    of_rows = np.empty(total, dtype=np.int64)
    of_rows[rows] = numbers[places]
    return Pack(
        order=order,
        lengths=lengths,
        counts=tuple(counts.tolist()),
        starts=tuple(starts.tolist()),
        rows=rows,
        places=places,
        numbers=of_rows,
    )
