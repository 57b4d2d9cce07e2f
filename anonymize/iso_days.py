"""Days written ``2024-02-29`` (GB/T 7408, ISO 8601), told by their bytes: faster than reading them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.cells import words

Bools = npt.NDArray[np.bool_]


@cache
def _days() -> npt.NDArray[np.uint8]:
    """By the digits of month and day, four bits each, lowest first: 1 a day of any year, 2 of leap years."""
    longest = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    table = np.zeros(1 << 16, dtype=np.uint8)
    for month, length in enumerate(longest, start=1):
        for day in range(1, length + 1):
            table[_nibbles(f"{month:02d}{day:02d}")] = 1
    table[_nibbles("0229")] = 2
    return table


@cache
def _years(first: int, last: int) -> npt.NDArray[np.uint8]:
    """By the four digits: 1 a common year, 2 a leap year, 0 out of bounds or none."""
    table = np.zeros(1 << 16, dtype=np.uint8)
    for year in range(first, last + 1):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        table[_nibbles(f"{year:04d}")] = 2 if leap else 1
    return table


def _nibbles(digits: str) -> int:
    return sum(int(digit) << 4 * place for place, digit in enumerate(digits))


def _packed(digits: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The low halves of four bytes side by side."""
    half = (digits | (digits >> 4)) & 0x00FF00FF
    return (half | (half >> 8)) & 0xFFFF


def iso_days(column: pl.Series, first: int, last: int) -> Bools:
    """Which cells are a day of the calendar from year ``first`` to ``last``, written ``2024-02-29``."""
    cells = words(column)
    size, year = cells[:, 0], cells[:, 1] ^ 0x30303030
    month = cells[:, 2] ^ 0x2D30302D  # -MM-
    day = cells[:, 3] ^ 0x3030  # DD, and nothing after it
    good: Bools = (size == 10) & (year & 0xF0F0F0F0 == 0)
    good &= (month & 0xFFF0F0FF == 0) & (day & 0xFFFFF0F0 == 0)
    numbers = _packed(((month >> 8) & 0xFFFF) | (day << 16))
    kind, of_year = _days()[numbers], _years(first, last)[_packed(year)]
    good &= (kind > 0) & (of_year >= kind)
    return good
