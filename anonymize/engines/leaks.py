"""Whether a row's own identifiers stand somewhere else in what leaves of it.

A name that was masked in 户主 may stand in full in 备注. No recognizer needs to know the value: the row
itself says what must not be found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from anonymize.entities import Entity
from anonymize.operators.normal import compact
from anonymize.operators.tokens import identifier_tokens

_SHARED = 5
"""A cell that stands in so many rows of a batch, and mostly beside other names, is a class (黄山区), not
a trace of the one person who is called like it."""


class RowLeaks:
    """Counts rows by (identifier column, text column) over all batches."""

    def __init__(self, identifiers: Mapping[str, Entity | None], texts: Sequence[str]) -> None:
        self._identifiers = dict(identifiers)
        self._texts = list(texts)
        self.counts: dict[tuple[str, str], int] = {}

    def add(self, before: pl.DataFrame, after: pl.DataFrame) -> None:
        """Look for the identifiers of ``before`` in the text columns of ``after``, row by row."""
        if not self._identifiers or not self._texts or not before.height:
            return
        joined = after.select(pl.concat_str(self._texts, separator="\x1f").alias("t")).to_series()
        haystacks = (joined, compact(joined))
        for column, entity in self._identifiers.items():
            tokens = identifier_tokens(before[column], entity)
            hit = self._any_hit(haystacks, tokens)
            if hit.any():
                self._locate(column, entity, [t.filter(hit) for t in tokens], after.filter(hit), after)

    @staticmethod
    def _any_hit(haystacks: Sequence[pl.Series], tokens: Sequence[pl.Series]) -> pl.Series:
        found = [
            pl.DataFrame({"h": haystack, "t": token})
            .select((pl.col("t") != "") & pl.col("h").str.contains(pl.col("t"), literal=True))
            .to_series()
            for token in tokens
            if (token != "").any()
            for haystack in haystacks
        ]
        if not found:
            return pl.Series([False] * len(haystacks[0]))
        return (
            pl.DataFrame({str(n): f for n, f in enumerate(found)})
            .select(pl.any_horizontal(pl.all()))
            .to_series()
        )

    def _locate(
        self,
        column: str,
        entity: Entity | None,
        tokens: Sequence[pl.Series],
        after: pl.DataFrame,
        batch: pl.DataFrame,
    ) -> None:
        for text in self._texts:
            cells = after[text]
            hit = self._any_hit((cells, compact(cells)), tokens)
            if entity is Entity.PERSON and hit.any():
                hit = hit & ~self._is_class(cells, hit, batch[text])
            if rows := int(hit.sum()):
                self.counts[column, text] = self.counts.get((column, text), 0) + rows

    @staticmethod
    def _is_class(cells: pl.Series, hit: pl.Series, column: pl.Series) -> pl.Series:
        """Where the cell is shared by many rows of the batch of which only a few are hits."""
        frequency = column.alias("c").to_frame().group_by("c").len("all")
        frame = pl.DataFrame({"c": cells, "hit": hit}).with_columns(
            pl.col("hit").sum().over("c").cast(pl.Int64).alias("hits")
        )
        counted = frame.join(frequency, on="c", how="left", maintain_order="left")
        return counted.select(
            (pl.col("all") >= _SHARED) & (pl.col("hits") * 2 <= pl.col("all").cast(pl.Int64))
        ).to_series()
