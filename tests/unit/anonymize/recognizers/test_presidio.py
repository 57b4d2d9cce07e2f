"""Presidio is a way to use the recognizers, and nothing that a table has to wait for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from anonymize.recognizers import analyzer, recognizers, zh_registry
from anonymize.recognizers.presidio import PresidioRecognizer

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
