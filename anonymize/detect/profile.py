"""What one column was seen to hold, gathered batch by batch in bounded memory.

Distinct values are kept up to a bound; beyond it the ones with the smallest hashes stay, which is a fair
sample that does not depend on order. What must not be missed (identifiers in few rows) is
counted over every row while it passes.
"""

from __future__ import annotations

from collections import Counter

import polars as pl

from anonymize.detect import secrecy
from anonymize.detect.declared import TypeWatch
from anonymize.detect.embedded import find_in_text
from anonymize.entities import Entity
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.registry import in_text, recognizers

TOKEN_ENTITIES = (
    Entity.RESIDENT_ID,
    Entity.RESIDENCE_PERMIT,
    Entity.MOBILE,
    Entity.LANDLINE,
    Entity.BANK_CARD,
    Entity.EMAIL,
)
"""Kinds that are looked for in cells of one word: they have a check digit or an unmistakable form."""

_IN_TEXT = tuple(
    e
    for e in in_text()
    if e not in (Entity.USCC, Entity.ORGANIZATION_CODE, Entity.ADDRESS, Entity.COORDINATES)
)
"""Codes of organisations are public; an address is counted by its grammar alone, without its bounds;
coordinates are judged as a column."""

_TOKEN = r"^[+(]?\d[\d \-()Xx.]{5,30}$|^\S+@\S+$"  # noqa: S105
_WORDY = r"[\p{Han}]|[,;/，；、].{3}|\S\s+\S*[^\d\s]|^.{32,}$|[A-Za-z_#]\d{11,}"
_CODED = r"^([A-Za-z]{1,6}[_\-#]?)(\d{11,18}[Xx]?)$"
"""A code or a number with letters in front: judged as a number, by the company it keeps."""
_HASH_SEED = 20_240_101
_SLICE = 10_000
_PLAINLY = 2_000
"""Texts with identifiers after which a column's fate is settled, when they are a fifth of it."""


class ColumnProfile:
    """Accumulates one column.

    Args:
        index: place of the column, from 0.
        name: its header.
        bound: distinct values kept.
    """

    def __init__(self, index: int, name: str, bound: int) -> None:
        self.index = index
        self.name = name
        self.rows = 0
        self.nulls = 0
        self.max_length = 0
        self.secret_rows = 0
        self.embedded: Counter[Entity] = Counter()
        """Rows whose text holds the entity among other words; estimated once thousands have been counted."""
        self.tokens: Counter[tuple[Entity, int]] = Counter()
        """Rows whose whole cell is the entity, by entity and length."""
        self.token_rows: Counter[int] = Counter()
        """Rows whose whole cell is a number-like word, by length."""
        self._text_rows = 0
        self._text_hits = 0
        self._types = TypeWatch()
        self._bound = bound
        self._pieces: list[pl.DataFrame] = []
        self._kept = 0
        self._threshold: int | None = None

    def feed(self, cells: pl.Series) -> None:
        """Take one batch of cells, exactly as decoded."""
        self.rows += cells.len()
        counted = cells.alias("value").to_frame().group_by("value").agg(pl.len().alias("count"))
        blank = counted["value"].str.strip_chars() == ""
        self.nulls += int(counted["count"].filter(blank).sum())
        counted = counted.filter(~blank)
        if counted.height == 0:
            return
        values, counts = counted["value"], counted["count"]
        self.max_length = max(self.max_length, int(values.str.len_chars().max() or 0))  # type: ignore[arg-type]
        self._types.feed(values)
        self.secret_rows += secrecy.marked_rows(values, counts)
        self._keep(counted)
        self._watch(values, counts)

    @property
    def declared(self) -> TypeWatch:
        return self._types

    @property
    def sampled(self) -> bool:
        """True when more distinct values came than are kept."""
        self._settle()
        return self._threshold is not None

    def values(self) -> pl.DataFrame:
        """Distinct non-empty cells (or their sample) with the number of rows of each: ``value``, ``count``."""  # noqa: E501
        self._settle()
        if not self._pieces:
            return pl.DataFrame(schema={"value": pl.String, "count": pl.UInt32})
        return self._pieces[0].select("value", "count")

    def distinct(self) -> int:
        """Distinct non-empty cells; an estimate (smallest hashes) when sampled."""
        kept = self.values().height
        if self._threshold is None:
            return kept
        return max(kept, round(kept / (self._threshold / 2**64)))

    # -- inside --------------------------------------------------------------------------------

    def _keep(self, counted: pl.DataFrame) -> None:
        if self._threshold is not None:
            counted = counted.with_columns(pl.col("value").hash(_HASH_SEED).alias("hash"))
            counted = counted.filter(pl.col("hash") < self._threshold).select("value", "count")
        self._pieces.append(counted)
        self._kept += counted.height
        if self._kept > 4 * self._bound:
            self._settle()

    def _settle(self) -> None:
        if len(self._pieces) <= 1 and self._kept <= self._bound:
            return
        merged = pl.concat(self._pieces).group_by("value").agg(pl.col("count").sum())
        if merged.height > self._bound:
            hashed = merged.with_columns(pl.col("value").hash(_HASH_SEED).alias("hash")).sort("hash")
            self._threshold = int(hashed["hash"][self._bound])
            merged = hashed.head(self._bound).select("value", "count")
        self._pieces = [merged]
        self._kept = merged.height

    def _watch(self, values: pl.Series, counts: pl.Series) -> None:
        """Count identifiers in every row of the batch."""
        plain = canonical(values)
        coded = plain.str.contains(_CODED)
        wordy = plain.str.contains(_WORDY) & ~coded
        if wordy.any():
            texts, folded, weight = values.filter(wordy), plain.filter(wordy), counts.filter(wordy)
            for at in range(0, texts.len(), _SLICE):
                part = slice(at, at + _SLICE)
                self._watch_texts(texts[part], folded[part], weight[part])
        token = (plain.str.contains(_TOKEN) | coded) & ~wordy
        if not token.any():
            return
        words, weight = plain.filter(token), counts.filter(token)
        letters = words.str.extract(_CODED, 1).fill_null("").str.len_bytes()
        words = words.str.replace(_CODED, "$2")
        # Serial numbers with letters in front are a population of their own.
        lengths = words.str.replace_all(r"[ \-().]", "").str.len_bytes() + 100 * letters
        for length, n in _sums(lengths, weight):
            self.token_rows[length] += n
        for entity in TOKEN_ENTITIES:
            hit = recognizers()[entity].validate(words)
            if hit.any():
                for length, n in _sums(lengths.filter(hit), weight.filter(hit)):
                    self.tokens[(entity, length)] += n

    def _watch_texts(self, texts: pl.Series, plain: pl.Series, weight: pl.Series) -> None:
        scale = 1.0
        if (
            self._text_hits > _PLAINLY
            and self._text_hits * 5 > self._text_rows
            and texts.len() > 2 * _PLAINLY
        ):
            # Nothing more can be learnt about this column: it will not stay. Count on, by a sample.
            chosen = texts.hash(_HASH_SEED).arg_sort().head(_PLAINLY)
            scale = int(weight.sum()) / max(1, int(weight.gather(chosen).sum()))
            texts, plain, weight = texts.gather(chosen), plain.gather(chosen), weight.gather(chosen)
        self._text_rows += int(weight.sum())
        doors = plain.str.contains(recognizers()[Entity.ADDRESS].PREFILTER)
        if doors.any():
            self.embedded[Entity.ADDRESS] += round(scale * int(weight.filter(doors).sum()))
        spans = find_in_text(texts, _IN_TEXT)
        if spans.height == 0:
            return
        hits = spans.select("row", "entity").unique()
        sums = (
            hits.with_columns(weight.gather(hits["row"]).alias("n")).group_by("entity").agg(pl.col("n").sum())
        )
        for entity, n in sums.rows():
            self.embedded[Entity(entity)] += round(scale * n)
        self._text_hits += int(weight.gather(hits["row"].unique()).sum())


def _sums(keys: pl.Series, weight: pl.Series) -> list[tuple[int, int]]:
    frame = pl.DataFrame({"key": keys, "weight": weight}).group_by("key").agg(pl.col("weight").sum())
    return [(int(key), int(n)) for key, n in frame.rows()]
