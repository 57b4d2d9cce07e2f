"""What must not be missed though it stands in few rows: identifiers in every cell that passes.

Once thousands of cells of a column hold an identifier that is never permitted to leave, nothing more can be
learnt about it: it will not stay. From then on it is counted by a fair sample of each batch, and the samples
of several batches are looked at together: a look costs much the same for a hundred cells as for thousands.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl

from anonymize.cells import own_copy
from anonymize.detect.census import Census, take
from anonymize.detect.distinct import SEED
from anonymize.entities import LEVEL, Entity
from anonymize.recognizers.registry import in_text, recognizers
from anonymize.text.patterns import find_in_text

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

_NEVER_PUBLIC = frozenset(e for e, level in LEVEL.items() if level > 1) - {Entity.LANDLINE, Entity.ADDRESS}
_TOKEN = r"^[+(]?\d[\d \-()Xx.]{5,30}$|^\S+@\S+$"  # noqa: S105
_WORDY = (
    r"[\p{Han}]|[,;/，；、].{3}|\S\s+\S*[^\d\s]|^.{32,}$|[A-Za-z_#]\d{11,}"
    r"|[“”‘’「」\[\]<>{}|=]|[A-Za-z]:\s?\d{5}"
)
_CODED = r"^([A-Za-z]{1,6}[_\-#]?)(\d{11,18}[Xx]?)$"
"""A code or a number with letters in front: judged as a number, by the company it keeps."""
_HEX = r"^[0-9A-Fa-f\-]{16,}$"
_SLICE = 10_000
_PLAINLY = 2_000
"""Rows with identifiers after which a column is settled."""
_SAMPLED = 150
"""Cells of a batch that are looked at from then on."""
_TOGETHER = 3_000
"""Sampled cells that wait to be looked at in one go."""
_CLEAN = 5_000
"""Texts of a column with few values that are remembered as holding nothing."""
_SHORTEST = 9
"""Bytes that hold no identifier without ``@``: the shortest are a landline of ten digits and a plate of nine
bytes, and the shortest way to name somebody is four characters long."""


class RowWatch:
    """Counts rows with identifiers, batch by batch."""

    def __init__(self) -> None:
        self.embedded: Counter[Entity] = Counter()
        """Rows whose text holds the entity among other words; estimated once the column is settled."""
        self.tokens: Counter[tuple[Entity, int]] = Counter()
        """Rows whose whole cell is the entity, by entity and length."""
        self.token_rows: Counter[int] = Counter()
        """Rows whose whole cell is a number-like word, by length."""
        self._text_hits = 0
        self._clean = pl.Series(dtype=pl.String)
        self._waiting: list[pl.DataFrame] = []

    def feed(self, values: pl.Series, counts: pl.Series | None, census: Census) -> None:
        """Non-empty cells of one batch; ``counts``: rows of each, one each when left out."""
        values, counts = self._worth_looking(values, counts, census)
        at = 0
        while at < values.len():
            rest = values.slice(at), None if counts is None else counts.slice(at)
            if self.settled and rest[0].len() > 2 * _PLAINLY:
                self._wait(_sample(*rest))
                return
            self._look(rest[0].head(_SLICE), None if rest[1] is None else rest[1].head(_SLICE), 1.0, census)
            at += _SLICE

    def look_at_waiting(self) -> None:
        """Count what was sampled and not yet looked at; without it the counters lack the last batches."""
        if self._waiting:
            cells = pl.concat(self._waiting, rechunk=True)
            self._waiting = []
            self._look(cells["value"], cells["count"], 1.0, take(cells["value"]))

    def _wait(self, sample: pl.DataFrame) -> None:
        self._waiting.append(sample)
        if sum(piece.height for piece in self._waiting) >= _TOGETHER:
            self.look_at_waiting()

    def _look(self, values: pl.Series, counts: pl.Series | None, scale: float, census: Census) -> None:
        """Tell words from texts, and look into both; every row stands for ``scale`` rows."""
        plain = census.canonical(values)
        if census.digital and census.longest < 32:
            self._words(plain, counts, None, scale)
            return
        coded = plain.str.contains(_CODED)
        wordy = plain.str.contains(_WORDY) & ~coded & ~_hexadecimal(plain)
        if wordy.any():
            some = _some(counts, wordy)
            self._texts(values.filter(wordy), plain.filter(wordy), some, scale, census.folded)
        if not wordy.all():
            word = ~wordy
            self._words(plain.filter(word), _some(counts, word), coded.filter(word), scale)

    def merge(self, other: RowWatch) -> None:
        """Take in what another one counted in other rows."""
        other.look_at_waiting()
        self.embedded.update(other.embedded)
        self.tokens.update(other.tokens)
        self.token_rows.update(other.token_rows)
        self._text_hits += other._text_hits

    @staticmethod
    def _worth_looking(
        values: pl.Series, counts: pl.Series | None, census: Census
    ) -> tuple[pl.Series, pl.Series | None]:
        """Without the cells that are too short to hold anything."""
        if census.at:
            return values, counts
        shortest = _SHORTEST if census.pure or census.ascii else _SHORTEST - 1
        if census.longest <= shortest:
            return values.clear(), None
        if int(census.lengths.min()) > shortest:
            return values, counts
        long = values.str.len_bytes() > shortest
        return (values, counts) if long.all() else (values.filter(long), _some(counts, long))

    @property
    def settled(self) -> bool:
        """So many identifiers that the column cannot stay, whatever else it holds."""
        if self._text_hits > _PLAINLY:
            return True
        return any(
            n > _PLAINLY and n >= 0.9 * self.token_rows[length]
            for (entity, length), n in self.tokens.items()
            if entity in _NEVER_PUBLIC
        )

    def _words(
        self, plain: pl.Series, counts: pl.Series | None, coded: pl.Series | None, scale: float
    ) -> None:
        token = plain.str.contains(_TOKEN)
        if coded is not None:
            token = token | coded
        if not token.any():
            return
        words, counts = (plain, counts) if token.all() else (plain.filter(token), _some(counts, token))
        if coded is not None:
            letters = words.str.extract(_CODED, 1).fill_null("").str.len_bytes()
            words = words.str.replace(_CODED, "$2")
        else:
            letters = pl.Series([0], dtype=pl.UInt32)
        # Serial numbers with letters in front are a population of their own.
        lengths = words.str.replace_all(r"[ \-().]", "").str.len_bytes() + 100 * letters
        for length, n in _sums(lengths, counts):
            self.token_rows[length] += round(n * scale)
        for entity in TOKEN_ENTITIES:
            hit = recognizers()[entity].validate(words)
            if hit.any():
                for length, n in _sums(lengths.filter(hit), _some(counts, hit)):
                    self.tokens[(entity, length)] += round(n * scale)

    def _texts(
        self, texts: pl.Series, plain: pl.Series, counts: pl.Series | None, scale: float, folded: bool
    ) -> None:
        if counts is not None and self._clean.len():
            new = ~texts.is_in(self._clean)
            texts, plain, counts = texts.filter(new), plain.filter(new), counts.filter(new)
            if texts.is_empty():
                return
        doors = plain.str.contains(recognizers()[Entity.ADDRESS].PREFILTER)
        if doors.any():
            self.embedded[Entity.ADDRESS] += round(scale * _rows(counts, doors))
        spans = find_in_text(texts, _IN_TEXT, folded=folded)
        if counts is not None and self._clean.len() < _CLEAN:
            held = doors.clone().scatter(spans["row"].unique(), True)
            self._clean = pl.concat([self._clean, texts.filter(~held)])
        if spans.height == 0:
            return
        hits = spans.select("row", "entity").unique()
        weight = (
            pl.repeat(1, hits.height, dtype=pl.UInt32, eager=True)
            if counts is None
            else counts.gather(hits["row"])
        )
        sums = hits.with_columns(weight.alias("n")).group_by("entity").agg(pl.col("n").sum())
        for entity, n in sums.rows():
            self.embedded[Entity(entity)] += round(scale * n)
        never = hits.filter(pl.col("entity").is_in([e.value for e in _NEVER_PUBLIC]))["row"].unique()
        self._text_hits += never.len() if counts is None else int(counts.gather(never).sum())


def _sample(values: pl.Series, counts: pl.Series | None) -> pl.DataFrame:
    """Some hundreds of the cells, chosen by their hashes, and the rows that each stands for: ``value``,
    ``count``."""
    hashes = values.hash(SEED + 1).to_numpy()
    places = np.flatnonzero(hashes < np.uint64(2**64 // values.len() * _SAMPLED))
    if not places.size:
        places = np.zeros(1, dtype=np.int64)
    few = own_copy(values.gather(pl.Series(places)))
    rows, weight = values.len(), np.ones(places.size)
    if counts is not None:
        rows, weight = int(counts.sum()), counts.to_numpy()[places].astype(np.float64)
    stands_for = np.rint(weight * (rows / weight.sum())).astype(np.uint32)
    return pl.DataFrame({"value": few, "count": stands_for})


def _hexadecimal(plain: pl.Series) -> pl.Series:
    """Digests and trace numbers: a run of digits between their letters is a number only by chance."""
    hexa = plain.str.contains(_HEX)
    return hexa & (plain.str.count_matches("[A-Fa-f]") >= 4) if hexa.any() else hexa


def _some(counts: pl.Series | None, mask: pl.Series) -> pl.Series | None:
    return None if counts is None else counts.filter(mask)


def _rows(counts: pl.Series | None, mask: pl.Series) -> int:
    return int(mask.sum()) if counts is None else int(counts.filter(mask).sum())


def _sums(keys: pl.Series, counts: pl.Series | None) -> list[tuple[int, int]]:
    """Rows by key."""
    frame = keys.alias("key").to_frame()
    if counts is None:
        summed = frame.group_by("key").agg(pl.len().alias("rows"))
    else:
        summed = frame.with_columns(counts.alias("rows")).group_by("key").agg(pl.col("rows").sum())
    return [(int(key), int(n)) for key, n in summed.rows()]
