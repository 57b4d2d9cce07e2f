"""Cells are told apart by number as they are by comparing them."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize import few_values
from anonymize.few_values import coded, counted

CELLS = st.lists(st.sampled_from(["", "a", "男", "一个相当长的单位名称", "一个相当长的单位", "ab\0", "ab"]))


@given(CELLS, st.integers(0, 30), st.integers(0, 5))
def test_values_and_their_rows_are_those_of_the_cells(cells: list[str], more: int, start: int) -> None:
    column = pl.Series("c", [*cells, *(f"{n}号" for n in range(more))], dtype=pl.String).slice(start)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(few_values, "LOOKED_AT", 7)  # others turn up after the head
        patch.setattr(few_values, "_MOST_BITS", 3)  # and some share a slot
        known, found = coded(column, 100), counted(column, 100)
    assert known is not None
    assert found is not None
    values = known.values.to_list()
    told = [None if code < 0 else values[code] for code in known.codes]
    assert all(one is None or one == cell for one, cell in zip(told, column, strict=True))
    assert len(set(found[0])) == found[0].len()
    assert dict(zip(found[0], found[1], strict=True)) == dict(Counter(column.to_list()))


def test_of_many_values_nothing_is_said() -> None:
    column = pl.Series("c", [f"{n}" for n in range(3_000)])
    assert coded(column, 1_999) is None
    assert counted(column, 1_999) is None


def test_a_number_is_not_given_for_half_a_cell() -> None:
    bytes_of = pl.Series("c", ["张三丰", "张三", "张三丰"]).cast(pl.Binary).bin.head(4)
    known = coded(bytes_of, 10)
    assert known is not None
    assert known.values.len() == 1
    assert known.codes.tolist() == [0, 0, 0]
