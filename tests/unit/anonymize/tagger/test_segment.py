"""Cutting into units: against the definition, written down plainly."""

from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tagger.segment import Segmenter
from anonymize.tagger.vocabulary import Vocabulary
from anonymize.tagger.wordtable import NONE, WordTable, code_points

WORDS = [
    "南京",
    "南京市",
    "市长",
    "长江",
    "江大",
    "大桥",
    "京市",
    "和平",
    "平安",
    "T恤",
    "C++",
    "民政",
    "政局",
]
CHARACTERS = "南京市长江大桥和平安T恤C+a1民政局，\n"
texts = st.lists(st.text(CHARACTERS, max_size=24), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def segmenter(tmp_path_factory: pytest.TempPathFactory) -> Segmenter:
    folder = tmp_path_factory.mktemp("conf")
    vocabulary = [*"南京市长江大桥和平安恤C+a1，", "南京", "大桥", "和平", "a1", "T恤", "OOV"]
    (folder / "word.dic").write_text("".join(f"{n}\t{w}\n" for n, w in enumerate(vocabulary)), "utf-8")
    (folder / "q2b.dic").write_text("Ｃ\tC\n長\t长\n", "utf-8")
    (folder / "tag.dic").write_text("0\tnr-B\n1\tnr-I\n0\tPER-B\n1\tPER-I\n2\tO\n", "utf-8")
    (folder / "small_seg.dic").write_text("".join(f"{w} {n + 3}\n" for n, w in enumerate(WORDS)), "utf-8")
    return Segmenter(folder / "small_seg.dic", Vocabulary(folder))


def _has(text: str, start: int, length: int) -> bool:
    return start + length <= len(text) and text[start : start + length] in WORDS


def plainly(text: str) -> list[str]:
    """The best route, as the module's docstring states it."""
    total = log(sum(range(3, 3 + len(WORDS))))
    best: list[tuple[float, int]] = [(0.0, 0)] * len(text) + [(0.0, len(text))]
    for start in range(len(text) - 1, -1, -1):
        ends = [start + 1] + [start + n for n in (2, 3) if _has(text, start, n)]
        best[start] = max((log(end - start) - total + best[end][0], end) for end in ends)
    units: list[str] = []
    at, loose = 0, False
    while at < len(text):
        unit = text[at : best[at][1]]
        single = len(unit) == 1 and unit.isascii() and unit.isalnum()
        if single and loose:
            units[-1] += unit
        else:
            units.append(unit)
        at, loose = best[at][1], single
    return units


def of(segmenter: Segmenter, some: list[str]) -> list[list[str]]:
    units = segmenter.cut(some)
    found: list[list[str]] = [[] for _ in some]
    for start, length in zip(units.starts.tolist(), units.lengths.tolist(), strict=True):
        found[int(np.searchsorted(units.bounds, start, "right")) - 1].append(
            units.text[start : start + length]
        )
    return found


@given(texts)
@settings(max_examples=300)
def test_texts_are_cut_by_the_best_route(segmenter: Segmenter, some: list[str]) -> None:
    assert of(segmenter, some) == [plainly(text) for text in some]


@given(texts)
def test_units_are_read_whole_if_they_are_known_and_else_by_character(segmenter, some: list[str]) -> None:
    read = segmenter.read(segmenter.cut(some))
    vocabulary = segmenter._vocabulary
    expected = []
    for text in some:
        for unit in plainly(text):
            number = vocabulary.of_unit(unit)
            if number is None:
                expected += [(vocabulary.numbers.get(c, vocabulary.numbers["OOV"]), 1) for c in unit]
            else:
                expected.append((number, len(unit)))
    assert list(zip(read.numbers.tolist(), read.lengths.tolist(), strict=True)) == expected


def test_no_word_is_found_across_two_texts(segmenter: Segmenter) -> None:
    assert of(segmenter, ["南", "京"]) == [["南"], ["京"]]


def test_nothing_to_cut_gives_nothing(segmenter: Segmenter) -> None:
    assert of(segmenter, ["", ""]) == [[], []]
    assert of(segmenter, []) == []


def test_a_form_is_read_as_its_plain_form(segmenter: Segmenter) -> None:
    vocabulary = segmenter._vocabulary
    assert segmenter.read(segmenter.cut(["長"])).numbers.tolist() == [vocabulary.numbers["长"]]


def test_of_two_names_of_a_label_the_later_one_holds(segmenter: Segmenter) -> None:
    assert segmenter._vocabulary.part_of_speech(0) == "PER"
    assert segmenter._vocabulary.begins_word(0)
    assert not segmenter._vocabulary.begins_word(2)


@given(st.sets(st.text(min_size=2, max_size=3), max_size=40), st.lists(st.text(min_size=2, max_size=3)))
def test_a_word_table_finds_its_words_and_no_others(words: set[str], asked: list[str]) -> None:
    listed = sorted(words)
    table = WordTable(listed)

    def key(word: str) -> int:
        codes = [int(code) for code in code_points(word)]
        return sum(code << 21 * (len(codes) - 1 - place) for place, code in enumerate(codes))

    wanted = [*listed, *asked]
    found = table.find(np.array([key(word) for word in wanted], dtype=np.int64)).tolist()
    assert found == [listed.index(word) if word in words else NONE for word in wanted]


@pytest.mark.parametrize("words", [["字"], ["四个字词"], ["南京", "南京"]])
def test_a_word_table_refuses_what_it_cannot_hold(words: list[str]) -> None:
    with pytest.raises(ValueError, match="word"):
        WordTable(words)


def test_the_real_dictionary_has_words_of_two_and_three_characters_only(weights_folder: Path) -> None:
    lines = (weights_folder / "conf" / "small_seg.dic").read_text("utf-8").splitlines()
    assert len(lines) == 95_390
    assert {len(line.split(" ")[0]) for line in lines} == {2, 3}
