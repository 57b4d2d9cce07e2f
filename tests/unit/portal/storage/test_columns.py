"""Column ids: the header itself wherever PostgreSQL and CKAN can carry it."""

from __future__ import annotations

import pytest
from ckanext.datastore.helpers import is_valid_field_name
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.datastore_columns import MAX_BYTES, column_ids


@pytest.mark.parametrize(
    "header", ["姓名", "停车场名称(全称)", "占比%", "a.b", "it's", "2023年人口(万人)", "x,y", "A B"]
)
def test_an_ordinary_header_is_its_own_id(header: str) -> None:
    assert column_ids([header]) == [header]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('引"号', "引\uff02号"),
        ("比例:男", "比例\uff1a男"),
        ("a\\b", "a\uff3cb"),
        ("_id", "\uff3fid"),
        ("  空白  ", "空白"),
        ("换\n行", "换 行"),
        ("", "列1"),
        ("\t", "列1"),
        ("ctid", "ctid_2"),
    ],
)
def test_what_cannot_be_carried_is_replaced(header: str, expected: str) -> None:
    assert column_ids([header]) == [expected]


def test_a_long_chinese_header_is_cut_at_a_character_and_stays_recognisable() -> None:
    header = "指标名称" * 10
    (name,) = column_ids([header])
    assert name.startswith("指标名称指标名称")
    assert len(name.encode()) <= MAX_BYTES
    assert name == column_ids([header, "别的"])[0]


def test_long_headers_that_begin_alike_stay_apart() -> None:
    one, two = column_ids(["指标" * 20 + "甲", "指标" * 20 + "乙"])
    assert one != two


def test_repeated_headers_stay_apart() -> None:
    assert column_ids(["金额", "金额", "金额", "金额_2"]) == ["金额", "金额_2", "金额_3", "金额_2_2"]


@given(st.lists(st.text(max_size=90), max_size=40))
def test_ids_are_valid_different_short_enough_and_repeatable(headers: list[str]) -> None:
    ids = column_ids(headers)
    assert len(set(ids)) == len(headers) == len(ids)
    assert all(is_valid_field_name(name) for name in ids)
    assert all(len(name.encode()) <= MAX_BYTES for name in ids)
    assert ids == column_ids(headers)
