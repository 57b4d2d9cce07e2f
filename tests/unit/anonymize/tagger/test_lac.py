"""The tagger reads as LAC's own package does; ``gold.jsonl.xz`` holds what that package answered.

A line is a text and its words: length and part of speech of each. The texts are invented or drawn at random.
"""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tagger import lac
from anonymize.tagger.lac import LacTagger
from anonymize.tagger.network import TABLE
from anonymize.tagger.protocol import LABELS, MAYBE, PERSON, Span

GOLD = Path(__file__).with_name("gold.jsonl.xz")
SENTENCES = ["户主李建国之妻王秀英住在南京市鼓楼区。", "由民政局负责核查。", "张伟2019年3月到北京大学就读"]


def gold() -> list[tuple[str, str]]:
    with lzma.open(GOLD, "rt", encoding="utf-8") as stream:
        return [tuple(json.loads(line)) for line in stream]


def test_every_word_and_tag_is_the_one_of_the_package(whole: LacTagger) -> None:
    lines = gold()
    assert len(lines) > 2_900
    found = whole.words([text for text, _ in lines])
    differing = [
        place
        for place, ((_, answer), words) in enumerate(zip(lines, found, strict=True))
        if " ".join(f"{word.end - word.start}{word.tag}" for word in words) != answer
    ]
    assert differing == []


def test_words_lie_side_by_side_and_cover_the_text(whole: LacTagger) -> None:
    for text, words in zip(SENTENCES, whole.words(SENTENCES), strict=True):
        assert "".join(text[word.start : word.end] for word in words) == text


def test_persons_places_organisations_and_times_are_spans(whole: LacTagger) -> None:
    first, second, third = whole.tag(SENTENCES)
    assert Span(2, 5, PERSON) in first
    assert Span(7, 10, PERSON) in first
    assert {span.label for spans in (first, second, third) for span in spans} == set(LABELS)


def test_the_list_is_left_as_it_is_and_answered_in_its_order(whole: LacTagger) -> None:
    texts = ["", *SENTENCES, SENTENCES[0], ""]
    given_texts = list(texts)
    found = whole.tag(texts)
    assert texts == given_texts
    assert found[0] == found[-1] == []
    assert found[4] == found[1]
    assert found[1:4] == [whole.tag([text])[0] for text in SENTENCES]
    assert whole.tag([]) == []


@given(st.lists(st.text(max_size=30), max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_and_spans_lie_in_order_within_it(whole: LacTagger, texts: list[str]) -> None:
    for text, spans in zip(texts, whole.tag(texts), strict=True):
        at = 0
        for span in spans:
            assert at <= span.start < span.end <= len(text)
            at = span.end


def test_what_a_damaged_file_holds_is_read(whole: LacTagger) -> None:
    assert len(whole.tag(["\ud800李明\x00\U0010ffff", "\U0010ffff"])) == 2


def test_a_text_longer_than_a_batch_is_read(whole: LacTagger) -> None:
    text = "居民张建国反映路灯损坏。" * 400
    found = whole.tag([text, SENTENCES[0]])
    assert sum(span.label == PERSON for span in found[0]) >= 395
    assert found[1] == whole.tag([SENTENCES[0]])[0]


def test_more_words_than_are_kept_change_nothing(whole: LacTagger, weights_folder: Path) -> None:
    many = [
        line.split("\t")[1] for line in (weights_folder / "conf" / "word.dic").read_text("utf-8").splitlines()
    ]
    texts = ["，".join(many[first : first + 40]) for first in range(0, len(many), 40)]
    assert len(many) > 3 * TABLE
    before = whole.tag(SENTENCES)
    whole.words(texts[:600])
    assert whole.tag(SENTENCES) == before


def test_batches_hold_every_sequence_once_and_keep_their_bounds() -> None:
    import numpy as np

    lengths = np.random.default_rng(1).integers(1, 3_000, 500)
    seen: list[int] = []
    for batch in lac.batches(lengths):
        assert len(batch) <= lac.ROWS
        assert len(batch) == 1 or lengths[batch].sum() <= lac.UNITS
        seen += batch.tolist()
    assert sorted(seen) == list(range(500))


def test_a_leaning_tagger_adds_only_what_may_be_persons(whole: LacTagger, weights_folder: Path) -> None:
    texts = [text for text, _ in gold() if re.search("[一-鿿]{8}", text)][:400]
    plain = whole.tag(texts)
    leaning = LacTagger(weights_folder, lean=4.0).tag(texts)
    assert [[span for span in spans if span.label != MAYBE] for spans in leaning] == plain
    extra = [span for spans in leaning for span in spans if span.label == MAYBE]
    assert extra
    for spans in leaning:
        sure = [span for span in spans if span.label == PERSON]
        for span in spans:
            if span.label == MAYBE:
                assert not any(span.start < other.end and other.start < span.end for other in sure)
