"""``fpe``: FF1 as NIST publishes it, turned back by the key, and nobody's number."""

from __future__ import annotations

import string

import polars as pl
import pytest
from fastfpe import ff1
from hypothesis import given
from hypothesis import strategies as st

from anonymize.entities import Entity
from anonymize.errors import PolicyInvalid
from anonymize.operators import OperatorContext, get_operator
from anonymize.operators.fpe import FpeParams, restore
from anonymize.recognizers import recognizers
from tests.unit.anonymize.operators.examples import KEY, OTHER_KEY, run

DIGITS = string.digits
ALNUM = DIGITS + string.ascii_lowercase
K128 = "2B7E151628AED2A6ABF7158809CF4F3C"
K192 = K128 + "EF4359D8D580AA4F"
K256 = K192 + "7F036D6F04FC6A94"
TWEAK = "39383736353433323130"
ALNUM_TWEAK = "3737373770717273373737"


@pytest.mark.parametrize(
    ("key", "tweak", "alphabet", "plain", "cipher"),
    [
        (K128, "", DIGITS, "0123456789", "2433477484"),
        (K128, TWEAK, DIGITS, "0123456789", "6124200773"),
        (K128, ALNUM_TWEAK, ALNUM, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
        (K192, "", DIGITS, "0123456789", "2830668132"),
        (K192, TWEAK, DIGITS, "0123456789", "2496655549"),
        (K192, ALNUM_TWEAK, ALNUM, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
        (K256, "", DIGITS, "0123456789", "6657667009"),
        (K256, TWEAK, DIGITS, "0123456789", "1001623463"),
        (K256, ALNUM_TWEAK, ALNUM, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
    ],
)
def test_the_library_gives_the_samples_of_sp_800_38g(
    key: str, tweak: str, alphabet: str, plain: str, cipher: str
) -> None:
    assert ff1.encrypt(key, tweak, alphabet, plain) == cipher
    assert ff1.decrypt(key, tweak, alphabet, cipher) == plain


def restored(values: list[str], key: bytes = KEY, column: str = "c", **params: object) -> list[str]:
    series = pl.Series(column, values, dtype=pl.String)
    parsed = get_operator("fpe").parse(params)
    assert isinstance(parsed, FpeParams)
    return restore(series, parsed, OperatorContext(key, column)).to_list()


@given(st.lists(st.from_regex(r"[0-9]{6,20}", fullmatch=True), min_size=1, max_size=10, unique=True))
def test_a_number_keeps_its_shape_and_comes_back_under_the_key(values: list[str]) -> None:
    made = run("fpe", values)
    assert [len(cell) for cell in made] == [len(cell) for cell in values]
    assert all(cell.isdigit() for cell in made)
    assert len(set(made)) == len(values)
    assert restored(made) == values


@given(st.lists(st.from_regex(r"[A-Z0-9]{8,20}", fullmatch=True), min_size=1, max_size=5))
def test_letters_and_a_readable_front_come_back_too(values: list[str]) -> None:
    made = run("fpe", values, alphabet="alphanumeric", keep_start=2)
    assert [cell[:2] for cell in made] == [cell[:2] for cell in values]
    assert restored(made, alphabet="alphanumeric", keep_start=2) == values


def test_blanks_and_dashes_stay_where_they_are() -> None:
    made = run("fpe", ["138 0013-8000"])[0]
    assert (made[3], made[8]) == (" ", "-")
    assert restored([made]) == ["138 0013-8000"]


def test_another_key_or_column_does_not_restore() -> None:
    made = run("fpe", ["13800138000"])
    assert restored(made, OTHER_KEY) != ["13800138000"]
    assert restored(made, column="d") != ["13800138000"]


def test_columns_of_one_domain_are_joined() -> None:
    elsewhere = OperatorContext(KEY, "d")
    assert run("fpe", ["13800138000"], domain="电话") == run("fpe", ["13800138000"], elsewhere, domain="电话")


@pytest.mark.parametrize(
    ("value", "params"),
    [
        ("99999", {}),
        ("420111199", {"keep_start": 4}),
        ("1380013800X", {}),
        ("一二三四五六七", {}),
        ("9" * 65, {}),
        ("110105194912310021", {"check": "resident_id"}),
        ("6222020000000000001", {"check": "luhn"}),
    ],
)
def test_a_cell_that_may_not_be_encrypted_is_hidden(value: str, params: dict[str, object]) -> None:
    assert run("fpe", [value, ""], **params) == ["***", ""]


def test_a_resident_id_with_its_check_digit_becomes_nobodys_number_and_comes_back() -> None:
    values = ["11010519491231002X", "440524188001010014"]
    made = run("fpe", values, check="resident_id", keep_start=6)
    assert [cell[:6] for cell in made] == ["110105", "440524"]
    assert not recognizers()[Entity.RESIDENT_ID].validate(pl.Series(made)).any()
    assert restored(made, check="resident_id", keep_start=6) == values


def test_a_bank_card_passes_no_luhn_check_any_more_and_comes_back() -> None:
    values = [f"622202{n:012d}" for n in range(1000, 1200)]
    values = [v + str(-_luhn(v) % 10) for v in values]
    made = run("fpe", values, check="luhn")
    assert not any((_luhn(cell[:-1]) + int(cell[-1])) % 10 == 0 for cell in made)
    assert restored(made, check="luhn") == values


def _luhn(body: str) -> int:
    return sum(sum(divmod(int(d) * 2, 10)) if n % 2 == 0 else int(d) for n, d in enumerate(reversed(body)))


@pytest.mark.parametrize(
    "params", [{"keep_start": 13}, {"alphabet": "hex", "check": "luhn"}, {"alphabet": "b64"}]
)
def test_parameters_that_make_no_sense_are_refused(params: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid):
        get_operator("fpe").parse(params)
