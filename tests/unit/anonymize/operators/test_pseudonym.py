"""``pseudonym`` invents values: stable under one key, unlinkable under another, never the value itself."""

import re
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.entities import Entity
from anonymize.operators import OperatorContext, get_operator
from anonymize.operators.fakes import COMPACT, MAKERS, resident_id
from anonymize.operators.normal import compact
from anonymize.recognizers import recognizers

KEY, OTHER = b"a" * 32, b"b" * 32


def pseudonyms(values: list[str], kind: str, key: bytes = KEY, **params: str) -> list[str]:
    operator = get_operator("pseudonym")
    context = OperatorContext(key, "c")
    result = operator(pl.Series("c", values), operator.parse({"kind": kind, **params}), context)
    assert result is not None
    return [str(value) for value in result]


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_one_value_has_one_pseudonym_inside_a_release(kind: str) -> None:
    first = pseudonyms(["甲", "乙", "甲", ""], kind)
    assert first[0] == first[2]
    assert first[3] == ""
    assert first == pseudonyms(["甲", "乙", "甲", ""], kind)


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_two_releases_cannot_be_joined(kind: str) -> None:
    values = [f"值{n}" for n in range(50)]
    same = [a == b for a, b in zip(pseudonyms(values, kind), pseudonyms(values, kind, OTHER), strict=True)]
    assert sum(same) <= 2


def test_full_width_digits_have_the_pseudonym_of_the_half_width_ones() -> None:
    made = pseudonyms(["13800138000", "１３８００１３８０００", "138 0013 8000"], "mobile")
    assert len(set(made)) == 1


def test_domains_are_set_apart() -> None:
    assert pseudonyms(["甲"], "code", domain="x") != pseudonyms(["甲"], "code", domain="y")


@given(st.sampled_from(sorted(MAKERS)), st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20))
def test_a_pseudonym_never_equals_its_input(kind: str, values: list[str]) -> None:
    for value, made in zip(values, pseudonyms(values, kind), strict=True):
        assert made != value or not value.strip()


@given(st.sampled_from(["person", "company", "mobile", "plate", "code"]), st.integers(0, 500))
def test_an_invented_value_given_as_input_is_replaced_as_well(kind: str, seed: int) -> None:
    invented = pseudonyms([str(seed)], kind)
    again = pseudonyms(invented, kind)
    assert again != invented
    assert compact(pl.Series(again)).to_list() != compact(pl.Series(invented)).to_list()


@pytest.mark.parametrize(
    ("kind", "entity", "shape"),
    [
        ("mobile", Entity.MOBILE, r"10\d{9}"),
        ("resident_id", Entity.RESIDENT_ID, r"99\d{15}[\dX]"),
        ("bank_card", Entity.BANK_CARD, r"0\d{18}"),
        ("plate", Entity.PLATE, r"示A\d{5}"),
    ],
)
def test_an_invented_number_can_be_nobodys(kind: str, entity: Entity, shape: str) -> None:
    made = pseudonyms([str(n) for n in range(500)], kind)
    assert all(re.fullmatch(shape, value) for value in made)
    assert not recognizers()[entity].validate(pl.Series(made)).any()


@given(st.sampled_from(sorted(COMPACT)), st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=50))
def test_what_needs_no_folding_is_its_own_normal_form(kind: str, numbers: list[int]) -> None:
    made = MAKERS[kind](np.array(numbers, dtype=np.uint64))
    assert compact(made).to_list() == made.to_list()


@given(st.integers(0, 2**64 - 1))
def test_an_invented_resident_id_has_a_possible_birth_date_and_a_wrong_check_digit(number: int) -> None:
    (made,) = resident_id(np.array([number], dtype=np.uint64))
    born = date(int(made[6:10]), int(made[10:12]), int(made[12:14]))
    assert 1950 <= born.year <= 2010
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(made[:17], weights, strict=True))
    assert made[17] == "10X98765432"[(total + 1) % 11]
