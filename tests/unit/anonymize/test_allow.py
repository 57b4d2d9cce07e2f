"""What public bodies publish of themselves stays, and nothing beside it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.allow import AllowList, one_writing
from anonymize.entities import Entity
from anonymize.policy_parts import Allowance
from anonymize.text.patterns import redact_text

DESK = Allowance(Entity.LANDLINE, values=("0571-87654321", "12345"), reason="政务服务中心")
EXCHANGE = Allowance(Entity.LANDLINE, prefixes=("0571-8505",), reason="市政府总机")
HALL = Allowance(Entity.ADDRESS, values=("杭州市上城区解放东路18号",), reason="市民中心")


@pytest.mark.parametrize(
    ("value", "public"),
    [
        ("0571-87654321", True),
        ("０５７１－８７６５４３２１", True),
        ("(0571)8765 4321", True),
        ("0571-87654322", False),
        ("0571-87654321 张三", False),
        ("", False),
    ],
)
def test_a_number_of_an_office_is_known_in_every_writing(value: str, public: bool) -> None:
    assert AllowList([DESK]).cells("电话", pl.Series([value])).to_list() == [public]


def test_a_beginning_allows_the_numbers_of_an_exchange_and_no_others() -> None:
    allow = AllowList([EXCHANGE])
    values = pl.Series(["0571-85051234", "0571-85061234", "0571-85051234 13800138000"])
    assert allow.cells("电话", values).to_list() == [True, False, False]


@pytest.mark.parametrize(
    "broad",
    [
        Allowance(Entity.LANDLINE, prefixes=("0571",), reason="r"),
        Allowance(Entity.MOBILE, prefixes=("1380013",), reason="r"),
        Allowance(Entity.PERSON, prefixes=("王",), reason="r"),
    ],
)
def test_a_beginning_that_would_let_everybody_through_allows_nothing(broad: Allowance) -> None:
    values = pl.Series(["0571-87654321", "13800138000", "王秀英"])
    assert not AllowList([broad]).cells("电话", values).any()


def test_a_column_of_office_telephones_stays_but_a_mobile_in_it_does_not() -> None:
    allow = AllowList([Allowance(Entity.LANDLINE, columns=("窗口电话",), reason="服务窗口")])
    values = pl.Series(["0571-87654321", "87654321", "13800138000", "0571-87654321/13800138000", ""])
    assert allow.cells("窗口电话", values).to_list() == [True, True, False, False, False]
    assert not allow.cells("联系电话", values).any()


def test_an_address_column_of_offices_keeps_no_person_in_it() -> None:
    allow = AllowList([Allowance(Entity.ADDRESS, columns=("办公地址",), reason="机构地址")])
    values = pl.Series(["解放东路18号A座3楼", "解放东路18号 联系人王秀英 13800138000"])
    assert allow.cells("办公地址", values).to_list() == [True, False]


def test_what_was_masked_comes_back_only_where_it_is_public() -> None:
    before = pl.Series("电话", ["0571-87654321", "0571-87654322"])
    after = pl.Series("电话", ["0571-********", "0571-********"])
    assert AllowList([DESK]).restore("电话", before, after).to_list() == ["0571-87654321", "0571-********"]


def test_a_text_keeps_the_office_and_loses_the_person() -> None:
    texts = pl.Series(
        ["请市民王秀英（13800138000）拨打0571-87654321咨询，或0571-87654322", "无", "13800138000"]
    )
    cleaned = AllowList([DESK]).around(texts, redact_text)
    assert cleaned[0].count("0571-87654321") == 1
    assert "13800138000" not in cleaned[0]
    assert "0571-87654322" not in cleaned[0]
    assert cleaned.to_list()[1:] == ["无", "[手机号]"]


def test_the_second_scan_does_not_see_what_is_public() -> None:
    allow = AllowList([DESK, HALL])
    frame = pl.DataFrame(
        {"电话": ["0571-87654321", "0571-87654322"], "说明": ["详询0571-87654321或13800138000", "x"]}
    )
    hidden = allow.hide_frame(frame)
    assert hidden["电话"].to_list() == ["", "0571-87654322"]
    assert "0571-87654321" not in hidden["说明"][0]
    assert "13800138000" in hidden["说明"][0]


def test_an_empty_list_allows_nothing_and_is_false() -> None:
    allow = AllowList([])
    assert not allow
    assert not allow.cells("电话", pl.Series(["0571-87654321"])).any()
    assert allow.hide("电话", pl.Series("电话", ["0571-87654321"])).to_list() == ["0571-87654321"]


@given(st.lists(st.text(max_size=20), max_size=8))
def test_nothing_that_is_not_named_becomes_public(values: list[str]) -> None:
    allow = AllowList([DESK, EXCHANGE, HALL])
    series = pl.Series("x", values, dtype=pl.String)
    named = one_writing(series).is_in(["057187654321", "12345", "杭州市上城区解放东路18号"])
    begun = one_writing(series).str.starts_with("05718505")
    assert not (allow.cells("x", series) & ~(named | begun)).any()


@given(st.lists(st.text(alphabet="0123456789张三，：-电话 x\U000f0000\U000f0001", max_size=40), max_size=6))
def test_texts_come_back_as_they_were_when_nothing_is_removed(texts: list[str]) -> None:
    series = pl.Series("t", texts, dtype=pl.String)
    assert AllowList([DESK]).around(series, lambda s: s).to_list() == texts
