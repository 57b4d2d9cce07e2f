"""Equal cells get equal numbers, in order of first appearance, by a few passes over whole arrays.

Every cell writes its row into the slot of its hash, the first row last: the cell that stays there stands
for all that are equal to it. A cell that finds another one in its slot goes into the next round, with other
hashes. A hash only says where to look; whether two cells are equal is told by comparing them whole.
"""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.cells import views

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Table = npt.NDArray[np.signedinteger[Any]]
_NOTHING: Ints = np.zeros(0, dtype=np.int64)

_INLINE = 12
"""Bytes of a cell that its view holds whole."""
BLOCK = 1 << 14
"""Cells that are worked on together: what is made on the way stays near the core."""
_FEW_BITS = 14
"""Of the number of a slot when few values are expected."""
_HEAD = 2_048
"""Cells that write first; when they have few values, most other cells have one of them."""
_ROUNDS = 8
"""Chance leaves nothing after so many; what intent left is sorted."""
_RANDOM: Words = np.frombuffer(secrets.token_bytes(16 * _ROUNDS), dtype=np.uint64)
_FACTORS: Words = _RANDOM.reshape(_ROUNDS, 2) | np.uint64(1)
"""Two for each round, odd, of this process alone: nobody can make cells beforehand that share their slots."""


def number(cells: pl.Series) -> tuple[Ints, Ints]:
    """Number the cells of a column (``String``, no nulls).

    Returns:
        (rows,) number of each cell, equal for equal cells and for no others, and (numbers,) the row where
        each value first stands; the numbers ascend with these rows.
    """
    if cells.n_chunks() > 1:
        cells = cells.rechunk()
    words = views(cells).view(np.uint64)
    if not len(words) or int(words.view(np.uint32)[:, 0].max()) <= _INLINE:
        return _numbered(_Short(words), 0)
    return _numbered(_Long.of(cells), 0)


class _Short:
    """Cells of at most twelve bytes, as their views: (cells, 2) words."""

    block = BLOCK

    def __init__(self, words: Words) -> None:
        self._words = words

    def __len__(self) -> int:
        return len(self._words)

    def part(self, rows: slice) -> _Short:
        return _Short(self._words[rows])

    def at(self, rows: Ints) -> _Short:
        return _Short(self._words.take(rows, axis=0))

    def hashes(self, factors: Words) -> Words:
        made = self._words[:, 0] * factors[0]
        made += self._words[:, 1] * factors[1]
        return made

    def others(self, values: _Short, numbers: Ints) -> Ints:
        same = values._words.take(numbers, axis=0) == self._words
        return _NOTHING if same.all() else np.flatnonzero(~(same[:, 0] & same[:, 1]))

    def sorted(self) -> tuple[Ints, Ints]:
        order = np.lexsort((self._words[:, 1], self._words[:, 0]))  # equal ones stay in the order of rows
        ascending = self._words[order]
        begins = np.append(True, (ascending[1:] != ascending[:-1]).any(axis=1))
        numbers = np.empty(len(order), dtype=np.int64)
        numbers[order] = np.cumsum(begins) - 1
        return _in_order(numbers, order[begins])


class _Long:
    """Cells of any length, and a hash of each."""

    block = 1 << 18  # every call of polars has its price

    def __init__(self, cells: pl.Series, hashed: Words) -> None:
        self._cells, self._hashed = cells, hashed

    @classmethod
    def of(cls, cells: pl.Series) -> _Long:
        return cls(cells, cells.hash(int(_FACTORS[0, 0])).to_numpy())

    def __len__(self) -> int:
        return len(self._hashed)

    def part(self, rows: slice) -> _Long:
        return _Long(self._cells[rows], self._hashed[rows])

    def at(self, rows: Ints) -> _Long:
        return _Long(self._cells[rows], self._hashed[rows])

    def hashes(self, factors: Words) -> Words:
        return self._hashed * factors[0]

    def others(self, values: _Long, numbers: Ints) -> Ints:
        same = values._cells[numbers] == self._cells
        return _NOTHING if same.all() else np.flatnonzero(~same.to_numpy())

    def sorted(self) -> tuple[Ints, Ints]:
        numbers = self._cells.rank("dense").to_numpy().astype(np.int64) - 1
        firsts = np.zeros(int(numbers.max()) + 1, dtype=np.int64)
        firsts[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
        return _in_order(numbers, firsts)


_Column = TypeVar("_Column", _Short, _Long)


def _numbered(column: _Column, done: int) -> tuple[Ints, Ints]:
    """``number`` of a column or of some cells of one, after so many rounds."""
    if done == _ROUNDS:
        return column.sorted()
    factors = _FACTORS[done]
    table, firsts = _first_rows(column, factors, head_alone=not done)
    values = column.at(firsts)
    table[_slots(values.hashes(factors), len(table))] = np.arange(len(firsts))
    numbers = np.empty(len(column), dtype=np.int64)
    for rows in _blocks(len(column), BLOCK):
        numbers[rows] = table.take(_slots(column.part(rows).hashes(factors), len(table)))
    others: list[Ints] = [
        column.part(rows).others(values, numbers[rows]) + rows.start
        for rows in _blocks(len(column), column.block)
    ]
    left = np.concatenate([_NOTHING, *others])
    if not len(left):
        return numbers, firsts
    more, where = _numbered(column.at(left), done + 1)
    numbers[left] = more + len(firsts)
    return _in_order(numbers, np.concatenate((firsts, left[where])))


def _blocks(rows: int, block: int) -> list[slice]:
    return [slice(first, min(first + block, rows)) for first in range(0, rows, block)]


def _first_rows(column: _Short | _Long, factors: Words, *, head_alone: bool) -> tuple[Table, Ints]:
    """``_written`` by the head when that is asked for and its values are few, else by all cells."""
    if head_alone:
        head = column.part(slice(_HEAD))
        table, firsts = _written(head, factors, _FEW_BITS)
        if len(firsts) <= len(head) // 2:
            return table, firsts
    return _written(column, factors, len(column).bit_length() + 1)


def _written(column: _Short | _Long, factors: Words, bits: int) -> tuple[Table, Ints]:
    """(slots,) one more than the first row that has each slot, 0 where there is none; these rows, ascending.

    A cell that looks into a slot of nobody will find the first value there, and that it is another.
    """
    rows = len(column)
    table = np.zeros(1 << bits, dtype=np.int32 if rows < (1 << 31) - 1 else np.int64)
    for part in reversed(_blocks(rows, BLOCK)):  # of several that write to one slot the last stays
        slots = _slots(column.part(part).hashes(factors)[::-1], len(table))
        table[slots] = np.arange(part.stop, part.start, -1, dtype=table.dtype)
    stays = np.zeros(rows + 1, dtype=np.bool_)
    stays[table[np.flatnonzero(table)]] = True
    return table, np.flatnonzero(stays) - 1


def _slots(hashes: Words, count: int) -> Ints:
    return (hashes >> np.uint64(65 - count.bit_length())).view(np.int64)


def _in_order(numbers: Ints, firsts: Ints) -> tuple[Ints, Ints]:
    """The same with numbers that ascend with the first rows; ``firsts`` are a few ascending runs."""
    order = np.argsort(firsts, kind="stable")
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    for rows in _blocks(len(numbers), BLOCK):
        numbers[rows] = places[numbers[rows]]
    return numbers, firsts[order]
