"""Synthetic rows have the dictionary's shape, are the same each time, and are nobody's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata.sandbox import synthetic

ITEMS = [
    {"name": "姓名", "type": "string", "length": "4"},
    {"name": "sfzh", "label": "身份证号", "type": "string"},
    {"name": "联系电话", "type": "string"},
    {"name": "经度", "type": "number"},
    {"name": "泊位编号", "type": "integer"},
    {"name": "启用日期", "type": "date"},
    {"name": "更新时间", "type": "datetime"},
    {"name": "是否收费", "type": "boolean"},
]


def test_rows_have_every_column_in_its_type() -> None:
    for row in synthetic.rows("d", ITEMS, 0, 50):
        assert list(row) == [item["name"] for item in ITEMS]
        assert 0 < len(row["姓名"]) <= 4
        assert isinstance(row["经度"], float)
        assert isinstance(row["泊位编号"], int)
        date.fromisoformat(row["启用日期"])
        assert datetime.fromisoformat(row["更新时间"]).tzinfo is not None
        assert isinstance(row["是否收费"], bool)


def test_numbers_of_persons_are_of_a_form_that_nobody_has() -> None:
    for row in synthetic.rows("d", ITEMS, 0, 200):
        assert row["sfzh"].startswith("000000")
        assert row["联系电话"].startswith("000")


@settings(deadline=None)
@given(start=st.integers(0, 1100), count=st.integers(0, 60))
def test_a_page_is_the_same_rows_wherever_it_begins(start: int, count: int) -> None:
    whole = _whole()
    assert synthetic.rows("d", ITEMS[:3], start, count) == whole[start : start + count]


def test_entries_and_columns_differ() -> None:
    one, other = (synthetic.rows(name, ITEMS, 0, 20) for name in ("d", "e"))
    assert one != other


_kept: list[list[dict[str, Any]]] = []


def _whole() -> list[dict[str, Any]]:
    if not _kept:
        _kept.append(synthetic.rows("d", ITEMS[:3], 0, 5000))
        assert len(_kept[0]) == synthetic.ROWS
    return _kept[0]
