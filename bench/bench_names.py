"""Persons and addresses in text: how many are found and how many of the found are right, LAC's tags beside.

    python bench/bench_names.py [msra=FILE] [boson=FILE] [cluener=FILE]

Always: sentences as offices write them (``tests/factories/texts``), once with the templates that the rules were
looked at with and once with templates held back. With files: public corpora in their usual forms
(``corpora.py``). A name counts when it overlaps a true one; of addresses, characters count.
"""  # noqa: E501

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import polars as pl
from corpora import MARKS, READERS
from measure import ROOT, Table

sys.path.insert(0, str(ROOT))

from anonymize.tagger import load_tagger, weights
from anonymize.tagger.lac import LacTagger
from anonymize.text import LEAN, analyze
from tests.factories.texts import Score, address_score, person_score, sentences

OFFICE = (0.98, 0.98)
COVERED, RIGHT = 0.97, 0.90
_Spans = list[list[tuple[int, int]]]


def main(corpora: Iterable[str]) -> None:
    """Measure, print, and end with 1 when a mark is missed."""
    ours = load_tagger(lean=LEAN)
    if ours is None:
        sys.exit("the weights are not there: anonymize tagger fetch")
    lac = LacTagger(weights.folder())  # every text whole, as LAC itself reads it
    table = Table("Names and addresses in text")
    for which, title in (("tuned", "office sentences"), ("held", "office sentences, held back")):
        made = sentences(which, each=12, seed="bench")  # type: ignore[arg-type]
        texts = [s.text for s in made]
        persons: _Spans = [[(a, b) for a, b, kind in s.gold if kind == "PERSON"] for s in made]
        places: _Spans = [[(a, b) for a, b, kind in s.gold if kind == "ADDRESS"] for s in made]
        raw = lac.tag(texts)
        named: _Spans = [[(s.start, s.end) for s in spans if s.label == "PERSON"] for spans in raw]
        placed: _Spans = [[(s.start, s.end) for s in spans if s.label == "LOC"] for spans in raw]
        found = {kind: _found(texts, kind, ours) for kind in ("PERSON", "ADDRESS")}
        _rows(table, title, person_score(found["PERSON"], persons), person_score(named, persons), OFFICE)
        mine, theirs = address_score(found["ADDRESS"], places), address_score(placed, places)
        _row(table, f"{title}: address characters covered", mine.recall, theirs.recall, COVERED)
        _row(table, f"{title}: covered characters that are right", mine.precision, theirs.precision, RIGHT)
    for corpus in corpora:
        name, _, path = corpus.partition("=")
        marked = list(READERS[name](Path(path)))
        texts, gold = [text for text, _ in marked], [spans for _, spans in marked]
        tagged = [[(s.start, s.end) for s in spans if s.label == "PERSON"] for spans in lac.tag(texts)]
        _rows(
            table,
            name,
            person_score(_found(texts, "PERSON", ours), gold),
            person_score(tagged, gold),
            MARKS[name],
        )
    table.finish()


def _found(texts: list[str], kind: str, tagger: object) -> _Spans:
    spans: _Spans = [[] for _ in texts]
    found = analyze(pl.Series(texts, dtype=pl.String), tagger=tagger)  # type: ignore[arg-type]
    for row, start, end, entity, _ in found.iter_rows():
        if entity == kind:
            spans[row].append((start, end))
    return spans


def _rows(table: Table, title: str, ours: Score, lac: Score, marks: tuple[float, float]) -> None:
    _row(table, f"{title}: precision of persons", ours.precision, lac.precision, marks[0])
    _row(table, f"{title}: recall of persons", ours.recall, lac.recall, marks[1])


def _row(table: Table, what: str, ours: float, lac: float, mark: float) -> None:
    """The mark is on the share itself, so that stands where other tables have a ratio."""
    table.row(what, ours, lac, ours, mark)


if __name__ == "__main__":
    main(sys.argv[1:])
