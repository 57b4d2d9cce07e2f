"""How far a release lies from the one before: nothing for equal tables, symmetrical, and never a value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.quality.drift import Drifts, drift, stability
from ckanext.govdata.release import receipt
from ckanext.govdata.tables.statistics import ColumnFacts, TableFacts

COUNTS = st.lists(st.integers(0, 10_000), min_size=2, max_size=20)


def numbers(
    bins: list[int], low: str = "0", high: str = "100", empty: int = 0, name: str = "泊位"
) -> TableFacts:
    filled = sum(bins)
    column = ColumnFacts(name, "number", filled, filled, low, high, 1.0, 1.0, [], bins)
    return TableFacts(filled + empty, [column])


def words(top: list[tuple[str, int]], rest: int = 0) -> TableFacts:
    filled = sum(count for _, count in top) + rest
    return TableFacts(filled, [ColumnFacts("类型", "text", filled, 9, "a", "z", None, None, top)])


@given(COUNTS)
def test_a_distribution_lies_at_no_distance_from_itself(counts: list[int]) -> None:
    assert stability(counts, counts) == pytest.approx(0)


@given(
    COUNTS.flatmap(
        lambda a: st.tuples(st.just(a), st.lists(st.integers(0, 10_000), min_size=len(a), max_size=len(a)))
    )
)
def test_the_distance_is_never_negative_and_the_same_both_ways(pair: tuple[list[int], list[int]]) -> None:
    there, back = stability(*pair), stability(pair[1], pair[0])
    assert there >= 0
    assert there == pytest.approx(back)


@given(st.lists(st.integers(5, 500), min_size=20, max_size=20), st.integers(0, 50))
def test_a_table_has_not_moved_from_itself(bins: list[int], empty: int) -> None:
    facts = numbers(bins, empty=empty)
    assert drift(1, facts, facts).found == []


@given(st.lists(st.integers(0, 500), min_size=20, max_size=20), st.floats(0.5, 500), st.floats(-100, 100))
def test_rows_are_kept_when_bins_are_spread_over_another_range(
    bins: list[int], span: float, low: float
) -> None:
    from ckanext.govdata.quality.drift import _spread

    spread = _spread(bins, low, low + span, low - 10, low + span + 10)
    assert sum(spread) == pytest.approx(sum(bins))


def test_a_shifted_number_and_a_shifted_word_are_found_and_small_noise_is_not() -> None:
    old = numbers([10] * 20)
    assert [d.kind for d in drift(1, old, numbers([0] * 15 + [40] * 5)).found] == ["shift"]
    assert [d.kind for d in drift(1, old, numbers([10] * 20, "400", "500")).found] == ["shift"]
    assert drift(1, old, numbers([11, 9] * 10)).found == []
    kinds = words([("路侧", 50), ("楼宇", 50)])
    assert [d.kind for d in drift(1, kinds, words([("广场", 90), ("路侧", 10)])).found] == ["shift"]
    assert drift(1, kinds, words([("路侧", 48), ("楼宇", 52)])).found == []


def test_rows_empty_cells_lost_and_changed_columns_are_found() -> None:
    old = numbers([10] * 20)
    assert [d.kind for d in drift(1, old, numbers([4] * 20)).found] == ["rows"]
    (empty,) = drift(1, old, numbers([10] * 20, empty=60)).found
    assert (empty.kind, empty.column, empty.before, round(empty.after, 3)) == ("empty", "泊位", 0.0, 0.231)
    assert [d.kind for d in drift(1, old, numbers([10] * 20, name="车位")).found] == ["lost"]
    texts = TableFacts(200, [ColumnFacts("泊位", "text", 200, 3)])
    assert [d.kind for d in drift(1, old, texts).found] == ["kind"]


def test_few_rows_say_nothing_of_a_distribution() -> None:
    assert drift(1, numbers([1] * 20), numbers([0] * 19 + [20])).found == []


def test_a_column_that_took_too_long_to_count_is_passed_over() -> None:
    unknown = TableFacts(200, [ColumnFacts("泊位", "number")])
    assert drift(1, numbers([10] * 20), unknown).found == []
    assert drift(1, unknown, numbers([10] * 20)).found == []


@pytest.mark.article("HB-17")
def test_what_the_department_is_told_names_columns_and_rows_and_no_value() -> None:
    found = drift(3, words([("绝密值甲", 90), ("绝密值乙", 10)]), words([("绝密值丙", 100)]))
    assert Drifts.read(json.loads(json.dumps(found.document()))) == found
    checked = {
        "rows": 100, "whole": True, "bad_rows": 2,
        "faults": [
            {"kind": "type-error", "column": "泊位", "count": 2, "rows": [3, 7]},
            {"kind": "undocumented", "column": "备注", "count": 1},
        ],
    }  # fmt: skip
    measured = {"check": checked, "drift": found.document()}
    told = "；".join(receipt._said(measured)) + "；".join(receipt._places(measured))
    assert "“泊位”2 处不是数据字典规定的类型" in told
    assert "“泊位”第 3、7 行" in told
    assert "“类型”的分布" in told
    assert "绝密值" not in json.dumps(measured, ensure_ascii=False) + told
    assert receipt.to_mend(measured)
    assert not receipt.to_mend({"check": {**checked, "faults": checked["faults"][1:]}, "drift": None})
