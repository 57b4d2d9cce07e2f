"""Identifiers written in codes, cut in two, digested or taken for amounts; and what only looks so."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from random import Random
from urllib.parse import quote

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import anonymize
from anonymize.detect.legible import legible
from anonymize.findings import ColumnFinding
from tests.factories.people import person
from tests.factories.sources import delimited

DICE = Random("written otherwise")
PEOPLE = [person(DICE) for _ in range(40)]


def b64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def found(**columns: Sequence[str]) -> dict[str, ColumnFinding]:
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    data = delimited(list(columns), rows)
    table = anonymize.open_table(io.BytesIO(data), name="a.csv")
    return {column.name: column for column in anonymize.scan(table).columns}


@pytest.mark.parametrize(
    "code",
    [
        b64,
        lambda v: b64(v).rstrip("="),
        lambda v: v.encode().hex(),
        quote,
        lambda v: json.dumps(v)[1:-1],
        lambda v: "".join(f"&#{ord(c)};" for c in v),
    ],
)
@given(st.lists(st.sampled_from([p.name for p in PEOPLE] + [p.mobile for p in PEOPLE]), min_size=1))
def test_a_code_that_anybody_can_read_is_read(code: Callable[[str], str], values: list[str]) -> None:
    coded = [code(value) for value in values]
    if any(len(one) < 8 for one in coded):
        coded, values = [code(value * 3) for value in values], [value * 3 for value in values]
    assert legible(pl.Series(coded)).to_list() == values


@given(st.lists(st.text(max_size=30)))
def test_reading_never_fails_and_keeps_the_number_of_values(values: list[str]) -> None:
    assert legible(pl.Series(values, dtype=pl.String)).len() == len(values)


@given(st.lists(st.binary(min_size=9, max_size=24), min_size=6))
def test_random_bytes_say_nothing(values: list[bytes]) -> None:
    """Bytes that are no text, at least most of the time: tokens and keys stay what they are."""
    coded = [base64.b64encode(b"\xff" + value).decode() for value in values]
    assert legible(pl.Series(coded)).to_list() == coded


@pytest.mark.parametrize("field", ["mobile", "resident_id", "name"])
@pytest.mark.parametrize("code", [b64, lambda v: v.encode().hex()])
def test_a_column_in_code_is_an_identifier(field: str, code: Callable[[str], str]) -> None:
    cells = [code(getattr(p, field)) for p in PEOPLE]
    column = found(k=cells, n=[str(n) for n in range(40)])["k"]
    assert column.kind == "identifier"
    assert column.proposed.name != "keep"


@pytest.mark.parametrize("header", ["手机号MD5", "身份证号", "mobile_md5", "姓名"])
@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
def test_a_digest_under_the_name_of_a_number_is_hidden(header: str, name: str) -> None:
    cells = [hashlib.new(name, p.mobile.encode(), usedforsecurity=False).hexdigest() for p in PEOPLE]
    column = found(**{header: cells, "n": [str(n) for n in range(40)]})[header]
    assert (column.kind, column.proposed.name) == ("identifier", "redact")


def test_a_digest_of_a_file_stays() -> None:
    cells = [hashlib.sha256(p.mobile.encode()).hexdigest() for p in PEOPLE]
    assert found(sha256=cells, n=[str(n) for n in range(40)])["sha256"].proposed.name == "keep"


@pytest.mark.parametrize("cut", range(6, 18))
@pytest.mark.parametrize("turned", [False, True])
def test_an_id_that_is_cut_in_two_is_hidden_in_both_columns(cut: int, turned: bool) -> None:
    front, back = [p.resident_id[:cut] for p in PEOPLE], [p.resident_id[cut:] for p in PEOPLE]
    halves = (back, front) if turned else (front, back)
    columns = found(a=halves[0], b=halves[1], n=[str(n % 7) for n in range(40)])
    assert [columns[name].proposed.name for name in "abn"] == [
        *(("redact" if columns[name].entity is None else "mask") for name in "ab"),
        "keep",
    ]


def test_a_year_and_a_count_beside_a_shortened_id_stay() -> None:
    columns = found(
        证号=[p.resident_id[:14] for p in PEOPLE],
        年度=[str(2010 + n % 15) for n in range(40)],
        号=[p.resident_id[:17] for p in PEOPLE],
        次数=[str(n % 10) for n in range(40)],
    )
    assert [c.proposed.name == "keep" for c in columns.values()] == [False, True, False, True]


def test_a_division_beside_a_file_number_is_no_half_of_an_id() -> None:
    dice = Random(3)
    codes = [dice.choice(["420106", "110108", "370481"]) for _ in range(40)]
    numbers = [f"2024{dice.randrange(10**8):08d}" for _ in range(40)]
    columns = found(区划=codes, 文件号=numbers)
    assert [column.proposed.name for column in columns.values()] == ["keep", "keep"]


def test_mobile_numbers_that_became_amounts_are_hidden() -> None:
    cells = [f"{int(p.mobile):,}" for p in PEOPLE]
    assert found(c=cells, n=[str(n) for n in range(40)])["c"].proposed.name != "keep"


@pytest.mark.parametrize(("low", "high"), [(10**9, 10**11), (13 * 10**9, 20 * 10**9)])
def test_amounts_with_separators_stay(low: int, high: int) -> None:
    dice = Random(low)
    cells = [f"{dice.randrange(low, high):,}" for _ in range(60)]
    column = found(总产值=cells, n=[str(n) for n in range(60)])["总产值"]
    assert column.proposed.name == "keep"


def test_numbers_of_organisations_stay_under_any_word_for_telephones() -> None:
    cells = ["12345", "95598", "400-820-8820", "800-810-1234", "96510"] * 8
    assert found(服务热线=cells, n=[str(n) for n in range(40)])["服务热线"].proposed.name == "keep"


def test_permits_of_fifteen_digits_are_no_cards() -> None:
    dice = Random(15)
    cells = [f"建字第{dice.choice(['370481', '420106'])}2024{dice.randrange(10**5):05d}号" for _ in range(60)]
    assert found(证号=cells, n=[str(n) for n in range(60)])["证号"].proposed.name == "keep"
