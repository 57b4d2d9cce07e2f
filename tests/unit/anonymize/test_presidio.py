"""Presidio is a way to use the recognizers, and nothing that a table has to wait for."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import polars as pl
import pytest
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpArtifacts

import anonymize.presidio
from anonymize.presidio import PresidioRecognizer, analyzer, batch_analyzer, zh_registry
from anonymize.recognizers import recognizers
from anonymize.text import analyze

_SCAN = """
import io, sys
import anonymize
cells = "姓名,手机\\n王芳,13800138000\\n李明,13900139000\\n"
table = anonymize.open_table(io.BytesIO(cells.encode()), name="a.csv")
assert [c.entity.value for c in anonymize.scan(table).columns] == ["PERSON", "CN_MOBILE"]
print(sorted({"presidio_analyzer", "spacy", "pandas"} & set(sys.modules)))
"""


def test_a_scan_loads_neither_presidio_nor_what_presidio_loads() -> None:
    done = subprocess.run([sys.executable, "-c", _SCAN], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_recognizer_keeps_its_name_and_its_words_of_context_in_presidio() -> None:
    wrapped = {r.name: r for r in zh_registry().recognizers}
    for entity, recognizer in recognizers().items():
        one = wrapped[type(recognizer).__name__]
        assert isinstance(one, PresidioRecognizer)
        assert (one.supported_entities, one.context) == ([entity.value], list(recognizer.CONTEXT))


@pytest.mark.parametrize("text", ["电话138-0013-8000，邮箱a@qq.com", "无", ""])
def test_presidio_gives_the_places_and_scores_that_the_recognizer_found(text: str) -> None:
    kinds = [e.value for e in recognizers() if e.value in ("CN_MOBILE", "EMAIL_ADDRESS")]
    found = analyzer().analyze(text, language="zh", entities=kinds)
    own = {(e.value, *place) for e, r in recognizers().items() if e.value in kinds for place in r.find(text)}
    # A word of context may raise a score.
    assert {(r.entity_type, r.start, r.end) for r in found} == {one[:3] for one in own}
    assert all(r.score >= score for r in found for kind, start, _, score in own if r.start == start)


def test_presidio_finds_names_and_addresses_of_a_chinese_sentence() -> None:
    text = "户主李建国家住洪山区珞喻路1037号3栋501室，邻居武大海说，联系人：买买提·吐尔逊"
    results = analyzer().analyze(text, language="zh", entities=["PERSON", "ADDRESS"])
    found = {(text[r.start : r.end], r.entity_type) for r in results}
    assert found == {
        ("李建国", "PERSON"),
        ("洪山区珞喻路1037号3栋501室", "ADDRESS"),
        ("武大海", "PERSON"),
        ("买买提·吐尔逊", "PERSON"),
    }


_TEXTS = [
    "户主李建国，电话13800138000",
    "",
    "今日无事",
    "家住洪山区珞喻路1037号3栋501室",
    "身份证\u200b11010519491231002X，邮箱a@qq.com",
    "户主李建国，电话13800138000",
]


def _places(results: list[list[Any]]) -> list[set[tuple[str, int, int]]]:
    return [{(r.entity_type, r.start, r.end) for r in found} for found in results]


@pytest.mark.parametrize("batch_size", [1, 2, 5_000])
def test_a_batch_finds_what_its_texts_hold_one_by_one(batch_size: int) -> None:
    one = analyzer()
    alone = [one.analyze(text, language="zh") for text in _TEXTS]
    together = batch_analyzer().analyze_iterator(_TEXTS, language="zh", batch_size=batch_size)
    assert _places(together) == _places(alone)
    assert [len(found) > 0 for found in together] == [True, False, False, True, True, True]


def test_a_batch_is_read_by_the_tagger_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(texts: pl.Series, *args: Any) -> pl.DataFrame:
        read.append(len(texts))
        return analyze(texts, *args)

    monkeypatch.setattr(anonymize.presidio, "analyze", counted)
    batch_analyzer().analyze_iterator(_TEXTS, language="zh")
    assert read == [len(_TEXTS)]
    read.clear()
    batch_analyzer().analyze_iterator(_TEXTS, language="zh", entities=["CN_MOBILE"])
    assert read == []


def test_the_registry_works_under_somebody_elses_pipeline() -> None:
    engine = AnalyzerEngine(
        registry=zh_registry(), nlp_engine=analyzer().nlp_engine, supported_languages=["zh"]
    )
    others = NlpArtifacts([], [], [], [], None, "zh")
    found = engine.analyze(_TEXTS[0], language="zh", nlp_artifacts=others)
    assert {(r.entity_type, _TEXTS[0][r.start : r.end]) for r in found} >= {
        ("PERSON", "李建国"),
        ("CN_MOBILE", "13800138000"),
    }


def test_the_artifacts_of_another_text_are_not_believed() -> None:
    mobile = next(r for r in zh_registry().recognizers if r.supported_entities == ["CN_MOBILE"])
    ((_, artifacts),) = analyzer().nlp_engine.process_batch(["无"], "zh")
    (found,) = mobile.analyze("电话13800138000", ["CN_MOBILE"], artifacts)
    assert (found.start, found.end) == (2, 13)
