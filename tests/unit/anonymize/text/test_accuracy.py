"""The marks of issue 4 on sentences as offices write them, the templates held back from every tuning."""

from __future__ import annotations

import polars as pl
import pytest

from anonymize.tagger import Tagger
from anonymize.text import analyze
from tests.factories.texts import Sentence, address_score, person_score, sentences

TEXTS: list[Sentence] = [*sentences("tuned"), *sentences("held")]


def _found(texts: list[Sentence], entity: str, tagger: Tagger | None) -> list[list[tuple[int, int]]]:
    spans: list[list[tuple[int, int]]] = [[] for _ in texts]
    for row, start, end, kind, _ in analyze(pl.Series([t.text for t in texts]), tagger=tagger).iter_rows():
        if kind == entity:
            spans[row].append((start, end))
    return spans


def _gold(texts: list[Sentence], entity: str) -> list[list[tuple[int, int]]]:
    return [[(start, end) for start, end, kind in t.gold if kind == entity] for t in texts]


@pytest.fixture(scope="module", params=["tuned", "held"])
def texts(request: pytest.FixtureRequest) -> list[Sentence]:
    return sentences(request.param)


def test_there_are_enough_sentences_and_templates_with_nothing_personal() -> None:
    assert len(TEXTS) >= 400
    assert sum(not t.gold for t in TEXTS) >= 50


def test_persons_are_found_and_nothing_else_is_taken_for_one(texts: list[Sentence], tagger: Tagger) -> None:
    score = person_score(_found(texts, "PERSON", tagger), _gold(texts, "PERSON"))
    assert score.precision >= 0.98
    assert score.recall >= 0.98


def test_addresses_are_covered_and_little_else_is(texts: list[Sentence], tagger: Tagger) -> None:
    score = address_score(_found(texts, "ADDRESS", tagger), _gold(texts, "ADDRESS"))
    assert score.recall >= 0.97
    assert score.precision >= 0.9


def test_addresses_need_no_tagger(texts: list[Sentence]) -> None:
    score = address_score(_found(texts, "ADDRESS", None), _gold(texts, "ADDRESS"))
    assert score.recall >= 0.97


def test_the_tagger_alone_finds_fewer(texts: list[Sentence], tagger: Tagger) -> None:
    alone = [
        [(s.start, s.end) for s in spans if s.label == "PERSON"]
        for spans in tagger.tag([t.text for t in texts])
    ]
    gold = _gold(texts, "PERSON")
    ours = person_score(_found(texts, "PERSON", tagger), gold)
    assert ours.recall > person_score(alone, gold).recall


def test_numbers_in_the_sentences_are_found_too(texts: list[Sentence], tagger: Tagger) -> None:
    assert _found(texts, "CN_MOBILE", tagger) == _gold(texts, "CN_MOBILE")
