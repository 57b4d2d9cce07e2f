"""``analyze``: everything personal in many texts, as one frame.

Texts are looked at once each, however often they occur. Numbers are found by ``patterns``, names by
``people``, addresses by ``places``; where two claim the same characters the better proof is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum
from functools import lru_cache
from threading import Lock

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.normal import INVISIBLE, fold, has_invisible
from anonymize.recognizers.registry import in_text
from anonymize.tagger import Tagger, load_tagger
from anonymize.text.patterns import LABEL, find_in_text
from anonymize.text.people import TAGGED, persons
from anonymize.text.places import addresses

FOUND: dict[str, type[pl.DataType]] = {
    "row": pl.UInt32,
    "start": pl.UInt32,
    "end": pl.UInt32,
    "entity": pl.String,
    "score": pl.Float64,
}
"""Columns of the answer: row in the series, characters from 0, end excluded, score 0–1."""

SURE = 0.5
"""From this score on a span must not stay in a text that leaves. Below it stand disguised names (李某)."""

LEAN = 1.0
"""How far the tagger leans towards persons; what it finds only so must look like a name besides."""

_READING = Lock()
"""A tagger keeps its working memory: one caller at a time, while writers and the re-scan run in threads."""

_PATTERN_SCORE = 0.95


class _Auto(Enum):
    AUTO = "auto"


AUTO = _Auto.AUTO
"""Use the tagger of this installation if there is one."""


@lru_cache(maxsize=1)
def default_tagger() -> Tagger | None:
    """The installed tagger in this process, loaded once; None when there is none."""
    return load_tagger(lean=LEAN)


def analyze(
    texts: pl.Series,
    entities: Collection[Entity] | None = None,
    tagger: Tagger | _Auto | None = AUTO,
    least: float = 0.0,
) -> pl.DataFrame:
    """Find personal data in texts.

    Args:
        texts: ``String``; nulls are read as empty.
        entities: the kinds to look for; all when left out.
        tagger: who finds the names that no rule gives away; None for rules alone; the installed one when left out.
        least: spans of a lower score are left out.

    Returns:
        A frame of ``FOUND``, sorted by row and start; spans of one row do not overlap. Offsets count
        characters of the texts as given.
    """  # noqa: E501
    wanted = set(in_text() if entities is None else entities)
    values = texts.fill_null("") if texts.null_count() else texts
    distinct = values.unique(maintain_order=True)
    if distinct.len() == values.len():
        return _analyze(values, wanted, tagger, least)
    found = _analyze(distinct, wanted, tagger, least)
    places = pl.DataFrame({"text": values}).with_row_index("row")
    numbers = pl.DataFrame({"text": distinct}).with_row_index("of")
    rows = places.join(numbers, on="text", how="inner").select("row", "of")
    spread = rows.join(found.rename({"row": "of"}), on="of", how="inner")
    return spread.select(list(FOUND)).sort("row", "start")


def naming(texts: pl.Series, tagger: Tagger | _Auto | None = AUTO) -> float:
    """Share of texts (0–1) that name a person, by the tagger alone; 0 where there is none.

    For the decision about a column of prose that shows no other sign of persons: spans that only a rule or
    a second reading found do not count, since a column of places or makes must not be taken for one.
    """
    engine = default_tagger() if isinstance(tagger, _Auto) else tagger
    if engine is None or texts.len() == 0:
        return 0.0
    found = analyze(texts, {Entity.PERSON}, engine, TAGGED)
    return float(found["row"].n_unique()) / texts.len()


def redact(texts: pl.Series, tagger: Tagger | _Auto | None = AUTO) -> pl.Series:
    """The texts with everything found (``SURE`` and above) replaced by its label, ``[姓名]`` for a name."""
    values = texts.fill_null("") if texts.null_count() else texts
    found = analyze(values, tagger=tagger, least=SURE)
    if found.height == 0:
        return values
    grouped = found.group_by("row", maintain_order=True).agg("start", "end", "entity")
    cleaned = []
    for text, starts, ends, kinds in zip(
        values.gather(grouped["row"]), grouped["start"], grouped["end"], grouped["entity"], strict=True
    ):
        pieces, at = [], 0
        for start, end, kind in zip(starts, ends, kinds, strict=True):
            pieces += [text[at:start], LABEL[Entity(kind)]]
            at = end
        cleaned.append("".join([*pieces, text[at:]]))
    return values.clone().scatter(grouped["row"], pl.Series(cleaned, dtype=pl.String)).alias(texts.name)


def _analyze(
    values: pl.Series, wanted: set[Entity], tagger: Tagger | _Auto | None, least: float
) -> pl.DataFrame:
    hidden = has_invisible(values)
    if hidden.any():
        return _with_invisible(values, hidden, wanted, tagger, least)
    spans: list[tuple[int, int, int, str, float, int]] = []
    patterns = wanted - {Entity.PERSON, Entity.ADDRESS}
    if patterns:
        for row, start, end, entity in find_in_text(values, patterns).iter_rows():
            spans.append((row, start, end, entity, _PATTERN_SCORE, 0))
    if wanted & {Entity.PERSON, Entity.ADDRESS}:
        engine = default_tagger() if isinstance(tagger, _Auto) else tagger
        folded = fold(values)
        lines = folded.to_list()
        # The tagger has a folding of its own: it reads the text as it was written.
        tags = None
        if engine is not None:
            with _READING:
                tags = engine.tag(lines if folded is values else values.to_list())
        if Entity.ADDRESS in wanted:
            spans += [(r, s, e, Entity.ADDRESS.value, p, 1) for r, s, e, p in addresses(folded, lines, tags)]
        if Entity.PERSON in wanted:
            spans += [(r, s, e, Entity.PERSON.value, p, 2) for r, s, e, p in persons(folded, lines, tags)]
    kept = _without_overlap(s for s in spans if s[4] >= least)
    return pl.DataFrame(kept, schema=FOUND, orient="row")


def _with_invisible(
    values: pl.Series, hidden: pl.Series, wanted: set[Entity], tagger: Tagger | _Auto | None, least: float
) -> pl.DataFrame:
    """Look without the characters that show nothing, and translate positions back to the texts as given."""
    found = _analyze(values.str.replace_all(f"[{INVISIBLE}]", ""), wanted, tagger, least)
    places = {
        row: [i for i, character in enumerate(values[row]) if character not in INVISIBLE]
        for row in hidden.arg_true().to_list()
    }
    moved = [
        (row, places[row][start], places[row][end - 1] + 1, entity, score)
        if row in places
        else (row, start, end, entity, score)
        for row, start, end, entity, score in found.iter_rows()
    ]
    return pl.DataFrame(moved, schema=FOUND, orient="row")


def _without_overlap(
    spans: Iterable[tuple[int, int, int, str, float, int]],
) -> list[tuple[int, int, int, str, float]]:
    """Numbers before addresses before names; what sticks out of a stronger span is kept when it is long enough."""  # noqa: E501
    kept: list[tuple[int, int, int, str, float]] = []
    group: list[tuple[int, int, int, str, float, int]] = []
    reach, at = 0, -1
    for span in sorted(spans):
        if group and (span[0] != at or span[1] >= reach):
            kept += _settled(group)
            group, reach = [], 0
        group.append(span)
        at, reach = span[0], max(reach, span[2])
    if group:
        kept += _settled(group)
    return kept


def _settled(group: list[tuple[int, int, int, str, float, int]]) -> list[tuple[int, int, int, str, float]]:
    if len(group) == 1:
        return [group[0][:5]]
    taken: list[tuple[int, int, int, str, float]] = []
    for row, start, end, entity, score, _ in sorted(group, key=lambda s: (s[5], -s[4], s[1])):
        pieces = [(start, end)]
        for _, a, b, _, _ in taken:
            pieces = [
                piece
                for s, e in pieces
                for piece in (((s, min(e, a)), (max(s, b), e)) if s < b and a < e else ((s, e),))
                if piece[0] < piece[1]
            ]
        whole = pieces == [(start, end)]
        taken += [(row, s, e, entity, score) for s, e in pieces if whole or e - s > 2]
    return sorted(taken)
