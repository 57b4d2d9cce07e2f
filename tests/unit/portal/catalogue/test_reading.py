"""How words are understood that do not stand in the catalogue; the index itself: tests/ckan/search."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ckanext.govdata.catalogue import reading
from ckanext.govdata.catalogue.reading import HEARD, WRITTEN, Asked, read


class Index:
    """An index that knows some texts: what it holds as written, and how that sounds."""

    def __init__(self, *written: str, heard: Sequence[str] = (), meant: Sequence[str] = ()) -> None:
        self.written, self.heard, self.meant = written, heard, meant
        self.questions: list[Asked] = []

    def __call__(self, questions: Sequence[Asked]) -> list[int]:
        self.questions += questions
        return [self._hits(asked) for asked in questions]

    def _hits(self, asked: Asked) -> int:
        if asked.q == "*:*":
            return 100
        parts = [part.strip("()").split("^")[0].rstrip("*") for part in asked.q.split(" OR ")]
        need = int(asked.mm) if asked.mm.isdigit() else len(parts)
        known = self.heard if asked.qf == HEARD else self.written
        if "initials" in asked.qf or "~" in asked.q:
            known = ()
        hits = sum(sum(part in text for part in parts) >= need for text in known)
        return hits + (any(word in asked.q for word in self.meant) and asked.qf not in (WRITTEN, HEARD))


@pytest.mark.parametrize("words", ['"公共停车场"', "停车 -收费", "停车 OR 公交", "+停车"])
def test_words_that_say_exactly_what_is_meant_are_not_asked_about(words: str) -> None:
    index = Index()
    assert read(words, index).asked.q == words
    assert index.questions == []


def test_what_stands_in_the_catalogue_is_found_as_it_stands() -> None:
    found = read("停车场", Index("公共停车场", heard=["gonggongtingchechang"]))
    assert (found.kind, found.asked.q) == ("plain", "停车场")


def test_characters_of_the_same_sound_stand_for_each_other() -> None:
    found = read("停车厂", Index("公共停车场", heard=["gonggongtingchechang"]))
    assert found.kind == "sound"
    assert "tingchechang" in found.asked.q


def test_another_name_of_the_thing_goes_before_parts_of_the_words() -> None:
    found = read("泊位", Index("公共停车场", meant=["泊位"]))
    assert (found.kind, found.asked.q) == ("plain", "泊位")


def test_letters_are_read_as_pinyin() -> None:
    found = read("ting che", Index("公共停车场", heard=["gonggongtingchechang"]))
    assert found.kind == "pinyin"
    assert "tingche*" in found.asked.q


def test_half_of_the_parts_is_enough_and_less_is_not() -> None:
    assert read("养狗办证", Index("养狗登记与办证")).asked == Asked("养狗 OR 办证", mm="2")
    assert read("量子计算机网络", Index("计算方法")).kind == "plain"


def test_a_telling_part_is_enough_where_no_entry_has_two() -> None:
    many = [f"孩子{n}" for n in range(9)]
    found = read("给孩子起名", Index("起名参考", *many))
    assert found.asked == Asked("起名", mm="1")


def test_what_is_only_said_around_is_no_part() -> None:
    assert reading.parts_of("我想查一下哪里可以免费停车") == ["免费", "费停", "停车"]
    assert reading.essence("什么") == "什么"


def test_a_long_query_asks_about_few_parts() -> None:
    assert len(reading.parts_of("一二三四五六七八九十" * 20)) <= reading.MOST_PARTS
