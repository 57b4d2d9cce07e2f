"""Check characters of credit codes and identity numbers, and the keyed hash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core.errors import InvalidInput
from licensing.parties.identity import KEY_BYTES, VARIABLE, IdentityKey, IdentityKeyMissing, masked_name
from licensing.parties.numbers import is_resident_id, is_uscc, normal, resident_check, uscc_check

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
NUMBER = "11010519491231002X"
KEY = IdentityKey(bytes(range(32)))
firsts = st.builds(
    lambda rest, division: f"91{division:06d}{rest}",
    st.text(SIGNS, min_size=9, max_size=9),
    st.integers(0, 999999),
)


@given(firsts)
def test_the_check_character_makes_a_code_valid_and_every_other_one_does_not(first: str) -> None:
    good = uscc_check(first)
    assert [sign for sign in SIGNS if is_uscc(first + sign)] == [good]


@given(firsts, st.integers(0, 16), st.sampled_from(SIGNS))
def test_one_wrong_character_is_found(first: str, place: int, sign: str) -> None:
    code = first + uscc_check(first)
    wrong = code[:place] + sign + code[place + 1 :]
    assert is_uscc(wrong) == (wrong == code)


@given(st.integers(10**16, 10**17 - 1), st.integers(0, 16), st.sampled_from("0123456789"))
def test_the_check_of_an_identity_number_finds_one_wrong_digit(number: int, place: int, digit: str) -> None:
    first = str(number)
    wrong = first[:place] + digit + first[place + 1 :]
    assert (resident_check(first) == resident_check(wrong)) == (first == wrong)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        (NUMBER, True),
        ("110105194912310021", False),
        ("11010519491331002X", False),
        ("1101051949123100", False),
        ("", False),
    ],
)
def test_an_identity_number_has_a_date_and_a_check(number: str, valid: bool) -> None:
    assert is_resident_id(number) is valid


def test_a_number_is_compared_without_spaces_and_in_half_width() -> None:
    assert normal("９１３５０１００ m000100y43") == "91350100M000100Y43"
    assert is_uscc(normal("91350100m000100Y43"))


def test_the_hash_needs_the_key_and_the_number_is_nowhere_in_what_is_kept() -> None:
    proof = KEY.proof("resident_id", NUMBER.lower())
    assert proof == KEY.proof("resident_id", f" {NUMBER} ")
    assert proof.digest != IdentityKey(bytes(32)).proof("resident_id", NUMBER).digest
    assert proof.digest != KEY.proof("passport", NUMBER).digest
    assert proof.masked == f"1{'*' * 16}X"
    assert NUMBER[1:17] not in repr(proof)
    assert repr(KEY) == "IdentityKey()"


@pytest.mark.parametrize(
    ("document", "number"),
    [
        ("resident_id", "110105194912310021"),
        ("library_card", "E12345678"),
        ("passport", "E1"),
        ("passport", "E-123456"),
    ],
)
def test_a_document_that_is_not_right_is_refused_without_repeating_it(document: str, number: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        KEY.proof(document, number)
    assert number not in refusal.value.zh + refusal.value.en


@pytest.mark.parametrize("text", ["", "not base64!", "AAAA"])
def test_without_a_good_key_nobody_is_registered(text: str) -> None:
    with pytest.raises(IdentityKeyMissing):
        IdentityKey.from_environment({VARIABLE: text} if text else {})


def test_the_key_comes_from_the_environment() -> None:
    import base64

    text = base64.b64encode(bytes(range(KEY_BYTES))).decode()
    assert IdentityKey.from_environment({VARIABLE: text}) == KEY


@pytest.mark.parametrize(("name", "shown"), [("张三", "张*"), ("欧阳小明", "欧***"), ("李", "李*")])
def test_a_name_is_masked_but_for_its_first_character(name: str, shown: str) -> None:
    assert masked_name(name) == shown
