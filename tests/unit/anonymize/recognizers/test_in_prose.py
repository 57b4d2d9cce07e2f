"""presidio's own engine finds names and addresses as the library does."""

from __future__ import annotations

from anonymize.recognizers import analyzer, recognizers
from anonymize.recognizers.in_prose import ProseRecognizer


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


def test_the_two_kinds_that_need_more_than_a_pattern_ask_for_it() -> None:
    assert {e.value for e, r in recognizers().items() if isinstance(r, ProseRecognizer)} == {
        "PERSON",
        "ADDRESS",
    }
