"""Whether a row's own identifiers stand somewhere else in what leaves of it.

A name that was masked in 户主 may stand in full in 备注. No recognizer needs to know the value: the row
itself says what must not be found. Most pairs of columns are settled by their lengths and characters (no
telephone stands in a column of sexes); columns with few different cells are searched all at once; and of the
others only cells that can hold the value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.cells import lengths
from anonymize.detect.batch import Batch, Column
from anonymize.detect.census import Census
from anonymize.entities import Entity
from anonymize.operators.normal import compact
from anonymize.operators.tokens import identifier_tokens

_SHARED = 5
"""A cell that stands in so many rows of a batch, and mostly beside other names, is a class (黄山区), not
a trace of the one person who is called like it."""
_RUN = re.compile("[!-~]{6,}")
_EXPANSION = 6
"""NFKC makes a character of three bytes at most this many times as long (㍿ is 株式会社; U+FDFA aside)."""

Leaks = Counter[tuple[str, str]]
"""Rows by (identifier column, text column)."""
_Pieces = list[tuple[npt.NDArray[np.int64], pl.Series]]
"""Row numbers and, for each, what is looked for."""


def row_leaks(
    before: Batch, after: Batch, identifiers: Mapping[str, Entity | None], texts: Sequence[str]
) -> Leaks:
    """Look for the identifiers of ``before`` in the text columns of ``after``, row by row.

    Args:
        before: one batch as it came, with the rows that leave.
        after: the same rows as they leave.
        identifiers: columns of ``before`` with their kind.
        texts: columns of ``after`` that may hold cells of the input. A column is not searched for itself:
            that an identifier stays in its own column is for the re-scan to refuse.
    """
    counts: Leaks = Counter()
    if not before.height:
        return counts
    haystacks = {name: _Text(after[name]) for name in texts}
    for column, entity in identifiers.items():
        needles = _Needles(before[column], entity)
        possible = {
            text: haystack
            for text, haystack in haystacks.items()
            if text != column and _may_hold(needles, haystack)
        }
        few = [haystack for haystack in possible.values() if haystack.few is not None]
        held = needles.in_some_of(few) if few else []
        for text, haystack in possible.items():
            hit = _hits(needles.pieces if haystack.few is None else held, haystack)
            if hit is None:
                continue
            if entity is Entity.PERSON:
                hit = hit & ~_is_class(haystack.cells, hit)
            if rows := int(hit.sum()):
                counts[column, text] += rows
    return counts


class _Needles:
    """The pieces of one identifier column, computed when a text column can hold them at all."""

    def __init__(self, column: Column, entity: Entity | None) -> None:
        self._column, self._values, self._entity = column, column.cells, entity
        self.least = 2 if entity is Entity.PERSON else 6
        """Characters of the shortest piece that is looked for."""

    @property
    def _facts(self) -> Census:
        return self._column.facts

    @property
    def _different(self) -> pl.Series:
        """The cells, equal ones not more often than needed: enough to tell what is true of all."""
        return self._column.reduced[0]

    @property
    def ascii(self) -> bool:
        """No cell has any other character."""
        return self._facts.ascii

    @cached_property
    def never_ascii(self) -> bool:
        """Every piece of every cell has another character: names in Han, addresses."""
        if self._entity is Entity.PERSON:
            return self._facts.pure or not self._different.str.contains(r"[!-~]{2}").any()
        if self._entity is Entity.ADDRESS:
            cells = self._different
            return bool((cells.str.contains(r"[^\x00-\x7f]") | (cells == "")).all())
        return False

    @cached_property
    def mail(self) -> bool:
        """Every piece has an ``@``."""
        return self._entity is Entity.EMAIL and not bool(
            (~self._different.str.contains("@", literal=True)).any()
        )

    @cached_property
    def shortest(self) -> int:
        """Bytes of the shortest piece at least."""
        if self._entity is Entity.PERSON:
            # Han characters have three bytes.
            return 3 * self.least if self._facts.pure and self._facts.usual else self.least
        size = self._facts.lengths
        filled = size[size > 0]
        if not filled.size:
            return 2**31
        return self.least if self._grouped else max(self.least, int(filled.min()))

    @property
    def _grouped(self) -> bool:
        """Whether a cell may have what is left out of its compact form: marks between groups of digits."""
        address = self._entity is Entity.ADDRESS
        if not self._facts.word:
            return True
        if self._facts.usual if address else self._facts.ascii:
            return False
        grouped = r"[^0-9A-Za-z\p{Han}]" if address else r"[^0-9A-Za-z]"
        return bool(self._different.str.contains(grouped).any())

    @cached_property
    def pieces(self) -> _Pieces:
        """Row numbers and pieces, without the empty ones."""
        odd = self._odd()
        plain = ~odd & (self._values.str.len_chars() >= self.least).to_numpy()
        found = [(np.flatnonzero(plain), self._values.filter(pl.Series(plain)))] if plain.any() else []
        if odd.any():
            rows = np.flatnonzero(odd)
            for token in identifier_tokens(self._values.filter(pl.Series(odd)), self._entity):
                filled = token != ""
                if filled.any():
                    found.append((rows[filled.to_numpy()], token.filter(filled)))
        return found

    def _odd(self) -> npt.NDArray[np.bool_]:
        """Cells that are more than one plain name or number."""
        if self._entity is Entity.PERSON:
            plain, pattern = self._facts.pure and self._facts.usual, r"[^\p{Han}]"
        else:
            plain, pattern = self._facts.upper_word, r"[^0-9A-Z]"
        if plain:
            return np.zeros(self._values.len(), dtype=np.bool_)
        return self._values.str.contains(pattern).to_numpy()

    def in_some_of(self, texts: Sequence[_Text]) -> _Pieces:
        """The pieces that stand in one of the few different cells of one of these columns."""
        found = []
        for rows, pieces in self.pieces:
            sizes = pieces.str.len_chars().unique().to_list()
            grams = sorted({gram for text in texts for size in sizes for gram in text.grams(size)})
            known = pieces.is_in(pl.Series(grams, dtype=pl.String).implode())
            if known.any():
                found.append((rows[known.to_numpy()], pieces.filter(known)))
        return found


class _Text:
    """One text column of the output, as far as it is needed."""

    def __init__(self, column: Column) -> None:
        self._column, self.cells = column, column.cells

    @property
    def facts(self) -> Census:
        """What is true of all cells."""
        return self._column.facts

    @cached_property
    def lengths(self) -> npt.NDArray[np.uint32]:
        """Bytes of each cell."""
        return lengths(self.cells)

    @cached_property
    def longest(self) -> int:
        """Bytes that a cell has at most, in whatever form it is searched."""
        if self.few is not None:
            return max((len(text.encode()) for text in self.forms), default=0)
        return self.facts.longest if self.facts.usual else _EXPANSION * self.facts.longest

    @property
    def ascii(self) -> bool:
        return self.facts.ascii

    @property
    def few(self) -> pl.Series | None:
        """The different cells when there are few of them."""
        return self._column.few

    @cached_property
    def run(self) -> int:
        """The longest run of ASCII letters and digits in a cell, separators left out."""
        if self.facts.ascii and self.facts.word:
            return self.facts.longest
        if self.few is not None:
            return max((len(run) for text in self.forms for run in _RUN.findall(text)), default=0)
        runs = compact(self.cells).str.extract_all(r"[!-~]{6,}").list.eval(pl.element().str.len_bytes())
        return int(runs.list.max().max() or 0)  # type: ignore[arg-type]

    @property
    def at(self) -> bool:
        return self.facts.at

    @cached_property
    def forms(self) -> frozenset[str]:
        """The few different cells, as they are and in compact form."""
        assert self.few is not None  # noqa: S101  asked for then only
        cells = self.few.to_list()
        return frozenset(cells if self.facts.compact else (*cells, *compact(self.few).to_list()))

    def grams(self, size: int) -> set[str]:
        """Every piece of ``size`` characters of the few different cells."""
        return {text[at : at + size] for text in self.forms for at in range(len(text) - size + 1)}


def _may_hold(needles: _Needles, text: _Text) -> bool:
    """Whether any cell can have a piece in it."""
    if text.longest < needles.shortest or (text.ascii and needles.never_ascii):
        return False
    if needles.mail and not text.at:
        return False
    return not needles.ascii or text.run >= max(needles.shortest, needles.least)


def _hits(needles: _Pieces, text: _Text) -> pl.Series | None:
    """Rows in which a piece stands in the text; None when there are none."""
    hit = np.zeros(text.cells.len(), dtype=np.bool_)
    for rows, pieces in needles:
        for chosen, wanted in _possible(rows, pieces, text):
            cells = text.cells.gather(pl.Series(chosen, dtype=pl.UInt32))
            for haystack in (cells, compact(cells)):
                frame = pl.DataFrame({"h": haystack, "t": wanted})
                found = frame.select(pl.col("h").str.contains(pl.col("t"), literal=True)).to_series()
                hit[chosen[found.to_numpy()]] = True
    return pl.Series(hit) if hit.any() else None


def _possible(
    rows: npt.NDArray[np.int64], pieces: pl.Series, text: _Text
) -> Iterator[tuple[npt.NDArray[np.int64], pl.Series]]:
    """The rows, with their pieces, whose text is long enough."""
    chosen = lengths(pieces) <= (1 if text.facts.usual else _EXPANSION) * text.lengths[rows]
    if chosen.any():
        yield rows[chosen], pieces.filter(pl.Series(chosen))


def _is_class(cells: pl.Series, hit: pl.Series) -> pl.Series:
    """Where the cell is shared by many rows of the batch of which only a few are hits."""
    frame = pl.DataFrame({"c": cells, "hit": hit})
    counted = frame.group_by("c").agg(
        pl.len().cast(pl.Int64).alias("all"), pl.col("hit").sum().cast(pl.Int64)
    )
    classes = counted.filter((pl.col("all") >= _SHARED) & (pl.col("hit") * 2 <= pl.col("all")))["c"]
    return cells.is_in(classes.implode())
