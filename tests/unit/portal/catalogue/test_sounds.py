"""How Chinese words sound: pinyin, initials, characters of the same sound."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.catalogue import sounds

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12)


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(sounds).failed == 0


@pytest.mark.parametrize(
    ("word", "sound"),
    [("会计师", "kuaijishi"), ("长途客运", "changtukeyun"), ("银行", "yinhang"), ("绿地率", "lvdilv")],
)
def test_a_character_sounds_as_its_word_says(word: str, sound: str) -> None:
    assert "".join(sounds.syllables(word)) == sound


@given(HAN)
def test_every_character_has_one_syllable(han: str) -> None:
    assert len(sounds.syllables(han)) == len(han)


@given(HAN)
def test_a_text_sounds_like_itself_and_like_its_initials(han: str) -> None:
    read = sounds.syllables(han)
    if all(one.isascii() and one for one in read):
        assert (0, len(han)) in sounds.spans(han, "".join(read))
        assert (0, len(han)) in sounds.spans(han, "".join(one[0] for one in read))


@given(st.text(max_size=40), st.text("abcdehioungqxzst", min_size=2, max_size=10))
def test_what_sounds_alike_lies_within_the_text(text: str, sound: str) -> None:
    assert all(0 <= begin < end <= len(text) for begin, end in sounds.spans(text, sound))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ting Che Chang", "tingchechang"),
        ("nüxing", "nvxing"),
        ("xi'an", "xian"),
        ("PM2.5", ""),
        ("停车", ""),
    ],
)
def test_only_letters_are_read_as_a_sound(typed: str, read: str) -> None:
    assert sounds.letters(typed) == read


def test_a_very_long_query_is_no_sound() -> None:
    assert sounds.letters("a" * 61) == ""
