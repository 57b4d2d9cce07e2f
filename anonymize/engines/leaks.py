"""Whether a row's own identifiers stand somewhere else in what leaves of it.

A name that was masked in 户主 may stand in full in 备注. No recognizer needs to know the value: the row
itself says what must not be found. Most pairs of columns are settled by their lengths and characters (no
telephone stands in a column of sexes); only cells that can hold the value are searched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.cells import lengths
from anonymize.entities import Entity
from anonymize.operators.normal import compact
from anonymize.operators.tokens import identifier_tokens

_SHARED = 5
"""A cell that stands in so many rows of a batch, and mostly beside other names, is a class (黄山区), not
a trace of the one person who is called like it."""
_LOOKED_AT = 2_000
_FEW = 100
"""Different cells of a text column up to which these are searched instead of every row."""
_EXPANSION = 6
"""NFKC makes a character of three bytes at most this many times as long (㍿ is 株式会社; U+FDFA aside)."""

Leaks = Counter[tuple[str, str]]
"""Rows by (identifier column, text column)."""


def row_leaks(
    before: pl.DataFrame, after: pl.DataFrame, identifiers: Mapping[str, Entity | None], texts: Sequence[str]
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
        for text, haystack in haystacks.items():
            if text == column:
                continue
            hit = _hits(needles, haystack)
            if hit is None:
                continue
            if entity is Entity.PERSON:
                hit = hit & ~_is_class(after[text], hit)
            if rows := int(hit.sum()):
                counts[column, text] += rows
    return counts


class _Needles:
    """The pieces of one identifier column, computed when a text column can hold them at all."""

    def __init__(self, values: pl.Series, entity: Entity | None) -> None:
        self._values, self._entity = values, entity
        self.least = 2 if entity is Entity.PERSON else 6
        """Characters of the shortest piece that is looked for."""

    @cached_property
    def ascii(self) -> bool:
        """No cell has any other character."""
        return _ascii(self._values)

    @cached_property
    def never_ascii(self) -> bool:
        """Every piece of every cell has another character: names in Han, addresses."""
        if self._entity is Entity.PERSON:
            return not self._values.str.contains(r"[!-~]{2}").any()
        if self._entity is Entity.ADDRESS:
            return bool((self._values.str.contains(r"[^\x00-\x7f]") | (self._values == "")).all())
        return False

    @cached_property
    def mail(self) -> bool:
        """Every piece has an ``@``."""
        return self._entity is Entity.EMAIL and not bool(
            (~self._values.str.contains("@", literal=True)).any()
        )

    @cached_property
    def shortest(self) -> int:
        """Bytes of the shortest piece at least."""
        if self._entity is Entity.PERSON:
            return self.least
        size = lengths(self._values)
        filled = size[size > 0]
        if not filled.size:
            return 2**31
        # What groups the digits of a number is left out of its compact form.
        grouped = r"[^0-9A-Za-z\p{Han}]" if self._entity is Entity.ADDRESS else r"[^0-9A-Za-z]"
        return self.least if self._values.str.contains(grouped).any() else max(self.least, int(filled.min()))

    @cached_property
    def pieces(self) -> list[tuple[npt.NDArray[np.int64], pl.Series]]:
        """Row numbers and pieces, without the empty ones."""
        odd = self._values.str.contains(
            r"[^\p{Han}]" if self._entity is Entity.PERSON else r"[^0-9A-Z]"
        ).to_numpy()
        plain = ~odd & (self._values.str.len_chars() >= self.least).to_numpy()
        found = [(np.flatnonzero(plain), self._values.filter(pl.Series(plain)))] if plain.any() else []
        if odd.any():
            rows = np.flatnonzero(odd)
            for token in identifier_tokens(self._values.filter(pl.Series(odd)), self._entity):
                filled = token != ""
                if filled.any():
                    found.append((rows[filled.to_numpy()], token.filter(filled)))
        return found


class _Text:
    """One text column of the output, as far as it is needed."""

    def __init__(self, cells: pl.Series) -> None:
        self.cells = cells

    @cached_property
    def lengths(self) -> npt.NDArray[np.uint32]:
        return lengths(self.cells)

    @cached_property
    def longest(self) -> int:
        """Bytes that a cell has at most, in whatever form it is searched."""
        if self.few is not None:
            both = pl.concat([self.few, compact(self.few)])
            return int(both.str.len_bytes().max() or 0)  # type: ignore[arg-type]
        longest = int(self.lengths.max()) if self.lengths.size else 0
        return longest if self.ascii else _EXPANSION * longest

    @cached_property
    def ascii(self) -> bool:
        return _ascii(self.cells)

    @cached_property
    def few(self) -> pl.Series | None:
        """The different cells when there are few of them."""
        if self.cells.head(_LOOKED_AT).n_unique() > _FEW:
            return None
        distinct = self.cells.unique()
        return distinct if distinct.len() <= _FEW else None

    @cached_property
    def run(self) -> int:
        """The longest run of ASCII letters and digits in a cell, separators left out."""
        cells = self.cells if self.few is None else self.few
        runs = compact(cells).str.extract_all(r"[!-~]{6,}").list.eval(pl.element().str.len_bytes()).list.max()
        return int(runs.max() or 0)  # type: ignore[arg-type]

    @cached_property
    def at(self) -> bool:
        return bool((self.cells if self.few is None else self.few).str.contains("@", literal=True).any())

    def grams(self, size: int) -> set[str]:
        """Every piece of ``size`` characters of the few different cells, as they are and in compact form."""
        assert self.few is not None  # noqa: S101  asked for then only
        return {
            text[at : at + size]
            for cells in (self.few, compact(self.few))
            for text in cells.to_list()
            for at in range(len(text) - size + 1)
        }


def _hits(needles: _Needles, text: _Text) -> pl.Series | None:
    """Rows in which a piece stands in the text; None when there can be none."""
    if text.longest < needles.shortest or (text.ascii and needles.never_ascii):
        return None
    if needles.mail and not text.at:
        return None
    if needles.ascii and text.run < max(needles.shortest, needles.least):
        return None
    hit = np.zeros(text.cells.len(), dtype=np.bool_)
    for rows, pieces in needles.pieces:
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
    """The rows, with their pieces, whose text is long enough; of few texts, those that hold the piece."""
    if text.few is not None:
        sizes = pieces.str.len_chars()
        at_most = int(text.few.str.len_chars().max() or 0)  # type: ignore[arg-type]
        known = pl.repeat(False, pieces.len(), dtype=pl.Boolean, eager=True)
        for size in sizes.unique().to_list():
            if size <= at_most and (grams := text.grams(size)):
                known = known | ((sizes == size) & pieces.is_in(pl.Series(sorted(grams)).implode()))
        chosen = known.to_numpy()
    else:
        chosen = lengths(pieces) <= (1 if text.ascii else _EXPANSION) * text.lengths[rows]
    if chosen.any():
        yield rows[chosen], pieces.filter(pl.Series(chosen))


def _ascii(values: pl.Series) -> bool:
    return int(values.str.len_chars().sum()) == int(values.str.len_bytes().sum())


def _is_class(cells: pl.Series, hit: pl.Series) -> pl.Series:
    """Where the cell is shared by many rows of the batch of which only a few are hits."""
    frame = pl.DataFrame({"c": cells, "hit": hit})
    counted = frame.group_by("c").agg(
        pl.len().cast(pl.Int64).alias("all"), pl.col("hit").sum().cast(pl.Int64)
    )
    classes = counted.filter((pl.col("all") >= _SHARED) & (pl.col("hit") * 2 <= pl.col("all")))["c"]
    return cells.is_in(classes.implode())
