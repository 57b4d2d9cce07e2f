"""What becomes of cells that are written as nearly all of their kind are, by their bytes.

An operator asks here first. Each function gives the result for the cells whose form it knows, and null for
every other; those are then looked at with expressions, and what is still left cell by cell (``in_turn``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.cells import laid_out, lengths, of_rows, of_words, words
from anonymize.few_values import LOOKED_AT, coded
from anonymize.iso_days import iso_days

Bools = npt.NDArray[np.bool_]
_FEW_CELLS = 300
"""Cells at the head in which the domains of mail are looked for."""


def in_turn(column: pl.Series, *ways: Callable[[pl.Series], pl.Series | None]) -> pl.Series:
    """Every cell by the first way that knows it; the last way knows all."""
    made: pl.Series | None = None
    rest = column
    places: pl.Series | None = None
    for way in ways:
        found = way(rest)
        if found is None:
            continue
        made = found if made is None or places is None else made.scatter(places, found)
        if not found.null_count():
            return made.alias(column.name)
        left = found.is_null().arg_true()
        places = left if places is None else places.gather(left)
        rest = column.gather(places)
    raise TypeError("the last way has left cells")


def _only(made: pl.Series, good: Bools) -> pl.Series:
    """``made`` where ``good`` holds, null elsewhere."""
    if good.all():
        return made
    return made.to_frame("m").select(pl.when(pl.lit(pl.Series(good))).then(pl.col("m"))).to_series()


# -- names -----------------------------------------------------------------------------------------

_FIRST, _LAST = 0xE4B8, 0xE9BF
"""First two bytes of the Han characters of the basic block, U+4E00 to U+9FFF."""
_STAR = ord("*")


def surname_of(column: pl.Series, surnames: frozenset[str], not_before: frozenset[str]) -> pl.Series:
    """``张**`` for names of two or three Han characters that begin with a surname of one.

    Args:
        column: cells.
        surnames: of one character.
        not_before: of two characters; a name that begins as one of them is left.
    """
    cells = words(column)
    size, one, two = cells[:, 0], cells[:, 1].byteswap(), cells[:, 2].byteswap()
    at = np.minimum((one >> 8) - (_FIRST << 8), np.uint32(_PLACES - 1))  # what is smaller wraps round
    second, third = ((one & 0xFF) << 8) | (two >> 24), two & 0xFFFF
    good = (size == 6) | ((size == 9) & (third >= _FIRST) & (third <= _LAST))
    good &= (second >= _FIRST) & (second <= _LAST) & _begins(surnames, not_before)[at]
    shown = np.zeros_like(cells)
    shown[:, 0] = 5
    shown[:, 1] = (cells[:, 1] & 0xFFFFFF) | (_STAR << 24)
    shown[:, 2] = _STAR
    if not good.all():
        shown[~good] = 0  # half of a character is no text
    return _only(of_words(column.name, shown), good)


_PLACES = ((_LAST - _FIRST + 1) << 8) + 1
"""Places of all characters by their three bytes, and one of what is none."""


@cache
def _begins(surnames: frozenset[str], not_before: frozenset[str]) -> Bools:
    """Which characters are a surname and begin none of two, by their bytes."""
    table = np.zeros(_PLACES, dtype=np.bool_)
    for character in surnames - {compound[0] for compound in not_before}:
        place = int.from_bytes(character.encode(), "big") - (_FIRST << 8)
        if len(character.encode()) == 3 and 0 <= place < _PLACES - 1:
            table[place] = True
    return table


# -- numbers ---------------------------------------------------------------------------------------


def digits_begin(column: pl.Series, size: int, start: int, stars: int, last: str = "") -> pl.Series:
    """The first ``start`` digits and so many stars, for cells of ``size`` digits.

    ``last``: letters that may stand for the last digit.
    """
    fitting = lengths(column) == size
    cells = column if fitting.all() else column.filter(pl.Series(fitting))
    text, _ = laid_out(cells)
    matrix = text.reshape(-1, size)
    body, final = matrix[:, : size - 1], matrix[:, size - 1]
    numeric = final - np.uint8(48) <= 9
    for letter in last:
        numeric |= final == ord(letter)
    odd = body - np.uint8(48) > 9
    if odd.any():
        numeric &= ~odd.any(axis=1)
    shown = np.full((len(matrix), start + stars), _STAR, dtype=np.uint8)
    shown[:, :start] = matrix[:, :start]
    if not numeric.all():
        shown[~numeric] = _STAR
    made = _only(of_rows(column.name, shown), numeric)
    if cells is column:
        return made
    every = pl.Series(column.name, [None], dtype=pl.String).new_from_index(0, column.len())
    return every.scatter(pl.Series(np.flatnonzero(fitting)), made)


def usual_size(column: pl.Series, sizes: Sequence[int]) -> int:
    """The length that most of the first cells have, of those in question."""
    found = np.bincount(lengths(column.head(LOOKED_AT)), minlength=max(sizes) + 1)
    return max(sizes, key=lambda size: int(found[size]))


# -- days ------------------------------------------------------------------------------------------


def day_begins(column: pl.Series, size: int) -> pl.Series:
    """The first 4 (year) or 7 (month) characters of days written ``2024-02-29``, 1800 to 2200."""
    cells, good = words(column), iso_days(column, 1800, 2200)
    shown = np.zeros_like(cells)
    shown[:, 0] = size
    shown[:, 1] = cells[:, 1]
    if size > 4:
        shown[:, 2] = cells[:, 2] & 0xFFFFFF
    if not good.all():
        shown[~good] = 0
    return _only(of_words(column.name, shown), good)


# -- mail ------------------------------------------------------------------------------------------


def mail_domain(column: pl.Series, public: re.Pattern[str], hidden: str) -> pl.Series:
    """``hidden@domain`` for cells of printable ASCII with one ``@``, where the domain is a known one.

    Args:
        column: cells.
        public: what the domain must match; those that stand in the first cells are known.
        hidden: stands for what is before the ``@``.
    """
    text, places = laid_out(column)
    starts, ends = places[:-1], places[1:]
    at = np.flatnonzero(text == ord("@"))
    if len(at) != column.len() or not ((at >= starts) & (at < ends)).all():
        return _nothing(column)
    if (text - np.uint8(0x21) > 0x5D).any():
        return _nothing(column)
    domains = sorted({cell[cell.index("@") + 1 :] for cell in column.head(_FEW_CELLS).to_list()})
    known = [domain for domain in domains if public.fullmatch(domain) and len(domain) <= 15]
    padded = np.concatenate([np.zeros(16, dtype=np.uint8), text])
    windows: npt.NDArray[np.uint64] = np.ndarray((len(padded) - 7,), "<u8", padded.data, strides=(1,))
    last, before = windows[ends + 8], windows[ends]
    size = ends - at
    codes = np.full(column.len(), -1, dtype=np.int64)
    for number, domain in enumerate(known):
        wanted = ("@" + domain).encode()
        end, begin = wanted[-8:], wanted[:-8]
        fits = size == len(wanted)
        for window, piece in ((last, end), (before, begin)):
            if piece:
                fits &= window >> np.uint64(64 - 8 * len(piece)) == int.from_bytes(piece, "little")
        codes[fits & (at > starts)] = number
    return _spread(column.name, [f"{hidden}@{domain}" for domain in known], codes)


# -- few values ------------------------------------------------------------------------------------


def by_value(
    name: str, cells: pl.Series, made: Callable[[pl.Series], list[str | None]], most: int = 500
) -> pl.Series | None:
    """What ``made`` says of each value that stands in the first cells; null for other cells.

    Args:
        name: of the column that is given.
        cells: ``Binary`` or ``String``, no nulls.
        made: asked once, for the different cells at the head.
        most: different cells at the head up to which this is worth the while; None for more.
    """
    known = coded(cells, most)
    return None if known is None else _spread(name, made(known.values), known.codes)


def _spread(name: str, values: Sequence[str | None], codes: npt.NDArray[np.int64]) -> pl.Series:
    """The value of each code, null for -1."""
    table = pl.Series(name, [*values, None], dtype=pl.String)
    if len(codes) and codes.min() < 0:
        codes = np.where(codes < 0, len(values), codes)
    return table.gather(pl.Series(codes))


def _nothing(column: pl.Series) -> pl.Series:
    return pl.Series(column.name, [None], dtype=pl.String).new_from_index(0, column.len())
