"""What the gate lets pass: nearly every person that the network finds, and little else."""

from __future__ import annotations

import pytest

from anonymize.tagger.lac import LacTagger
from anonymize.tagger.protocol import PERSON, Tagger
from bench.sentences import sentences
from tests.factories.texts.build import sentences as built

NAMED = [
    *sentences(1_500, 1.0, 31),
    *(text.text for which in ("tuned", "held") for text in built(which, each=6)),
]
NAMELESS = sentences(1_500, 0.0, 32)


def persons(found: list, text: str) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in found if span.label == PERSON]


def test_persons_of_whole_texts_are_found_clause_by_clause(whole: LacTagger, gated: Tagger) -> None:
    found = missed = 0
    for text, all_, some in zip(NAMED, whole.tag(NAMED), gated.tag(NAMED), strict=True):
        kept = persons(some, text)
        for start, end in persons(all_, text):
            found += 1
            missed += not any(start < last and first < end for first, last in kept)
    assert found > 3_000
    assert missed / found < 0.02


def test_true_names_are_found_as_often_as_in_whole_texts(whole: LacTagger, gated: Tagger) -> None:
    texts = [text for which in ("tuned", "held") for text in built(which, each=6)]

    def recall(tagger: LacTagger | Tagger) -> float:
        met = all_ = 0
        for text, spans in zip(texts, tagger.tag([text.text for text in texts]), strict=True):
            kept = persons(spans, text.text)
            for start, end, entity in text.gold:
                if entity == "PERSON":
                    all_ += 1
                    met += any(start < last and first < end for first, last in kept)
        return met / all_

    assert recall(gated) >= recall(whole) - 0.005


def test_most_clauses_without_a_name_are_passed_over(gated: Tagger) -> None:
    units = gated._segmenter.cut(NAMELESS)  # type: ignore[attr-defined]
    starts, ends = gated._gate.clauses(units)  # type: ignore[attr-defined]
    assert (ends - starts).sum() / sum(map(len, NAMELESS)) < 0.2


@pytest.mark.parametrize(
    "text",
    [
        "王秀英反映", "由欧阳娜负责", "姚明到场", "禚秀英称", "买买提·吐尔逊", "次仁卓玛来访", "石子涵未到",
        "于和平来电", "經辦人張偉", "格桑央金参加", "联系人：李 娜，",
    ],
)  # fmt: skip
def test_a_clause_with_a_name_passes(gated: Tagger, text: str) -> None:
    units = gated._segmenter.cut([text])  # type: ignore[attr-defined]
    starts, _ = gated._gate.clauses(units)  # type: ignore[attr-defined]
    assert len(starts) == 1 or "李 娜" in text


@pytest.mark.parametrize(
    "text", ["", "，，。", "路灯损坏", "办理时限为5个工作日", "12345", "请尽快安排维修并回复办理结果"]
)
def test_a_clause_without_any_trace_is_passed_over(gated: Tagger, text: str) -> None:
    units = gated._segmenter.cut([text])  # type: ignore[attr-defined]
    assert len(gated._gate.clauses(units)[0]) == 0  # type: ignore[attr-defined]


def test_clauses_are_told_in_characters_of_their_text(gated: Tagger) -> None:
    text = "路灯损坏，居民王秀英来电反映；请维修。"
    spans = gated.tag(["", text, "李建国"])
    assert [text[span.start : span.end] for span in spans[1] if span.label == PERSON] == ["王秀英"]
    assert [(span.start, span.end) for span in spans[2]] == [(0, 3)]
