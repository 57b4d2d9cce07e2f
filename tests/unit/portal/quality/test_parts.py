"""The score of a table: bounded, never better for a worse table, explained by what was counted."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.quality.check import check, whole_rows
from ckanext.govdata.quality.completeness import completeness
from ckanext.govdata.quality.dictionary import dictionary
from ckanext.govdata.quality.machine import machine
from ckanext.govdata.quality.part import WEIGHTS, Part, whole
from ckanext.govdata.quality.timeliness import timeliness
from ckanext.govdata.quality.validity import validity

SHARES = st.floats(0, 1, allow_nan=False)
KEYS = tuple(WEIGHTS)


def test_the_weights_make_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@given(st.lists(st.one_of(st.none(), SHARES), min_size=5, max_size=5))
def test_the_whole_lies_between_its_least_and_greatest_part(scores: list[float | None]) -> None:
    quality = whole([Part(key, score) for key, score in zip(KEYS, scores, strict=True)])
    known = [score for score in scores if score is not None]
    if not known:
        assert quality.points is None
        assert quality.stars is None
        return
    assert int(min(known) * 100) <= quality.points <= int(max(known) * 100 + 1e-6)
    assert 1 <= quality.stars <= 5


@given(st.lists(SHARES, min_size=5, max_size=5), st.integers(0, 4), SHARES)
def test_a_better_part_never_makes_the_whole_worse(scores: list[float], at: int, other: float) -> None:
    better = [max(score, other) if n == at else score for n, score in enumerate(scores)]
    before, after = (
        whole([Part(key, score) for key, score in zip(KEYS, each, strict=True)]).points
        for each in (scores, better)
    )
    assert after >= before


@given(st.integers(1, 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(0, 10**6))
def test_filling_a_cell_never_lowers_completeness(rows: int, filled: list[int], more: int) -> None:
    filled = [min(number, rows) for number in filled]
    fuller = [min(rows, filled[0] + more), *filled[1:]]
    assert completeness(rows, fuller).score >= completeness(rows, filled).score
    assert completeness(rows, [rows] * len(filled)).points == 100


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 400))
def test_data_do_not_get_fresher_by_waiting(age: int, later: int, cycle: int) -> None:
    assert timeliness(age + later, cycle).score <= timeliness(age, cycle).score
    assert timeliness(cycle, cycle).points == 100


def test_irregular_data_are_not_judged_by_time() -> None:
    assert timeliness(9999, None).score is None


@given(st.sets(st.sampled_from(["csv", "xlsx", "json", "pdf", "schema"])), st.booleans(), st.integers(0, 9))
def test_another_format_never_lowers_machine_readability(formats: set[str], api: bool, untyped: int) -> None:
    assert machine(formats | {"csv"}, api, untyped, 9).score >= machine(formats, api, untyped, 9).score


def test_a_dictionary_is_found_by_field_name_or_by_label() -> None:
    items = [{"name": "TCCMC", "label": "停车场名称", "type": "string", "description": "全称"}]
    assert dictionary(["停车场名称"], items).points == dictionary(["TCCMC"], items).points == 100
    assert dictionary(["别的"], items).points == 0


def test_an_unchecked_table_is_not_called_valid() -> None:
    assert validity(None, 0).score is None


ITEMS = [
    {"name": "名称", "type": "string", "length": "4"},
    {"name": "数量", "type": "integer"},
    {"name": "日期", "type": "date"},
    {"name": "备注", "type": "string"},
]
HEADERS = ["名称", "数量", "日期", "多余"]


def checked(*rows: str, **more: frozenset[str]):
    content = "\ufeff" + "\r\n".join([",".join(HEADERS), *rows, ""])
    return check(content.encode(), HEADERS, ITEMS, whole=True, **more)


def test_the_check_finds_what_does_not_keep_to_the_dictionary_and_repeats_no_cell() -> None:
    found = checked("甲,1,2024-01-01,x", "乙乙乙乙乙,2,2024-01-01,x", "丙,三,2024-13-01,x", "丁,,,")
    assert {(fault.kind, fault.column, fault.count) for fault in found.faults} == {
        ("constraint-error", "名称", 1),
        ("type-error", "数量", 1),
        ("type-error", "日期", 1),
        ("undocumented", "多余", 1),
        ("missing", "备注", 1),
    }
    assert (found.rows, found.bad_rows, found.structure_faults) == (4, 2, 2)
    assert "乙乙乙乙乙" not in str(found.document())


def test_a_desensitised_column_is_not_held_to_its_old_type_nor_missed_when_it_is_gone() -> None:
    found = checked("甲,20-29,2024-01-01,x", changed=frozenset({"数量"}), left_out=frozenset({"备注"}))
    assert {fault.kind for fault in found.faults} == {"undocumented"}


def test_a_file_without_rows_can_be_checked() -> None:
    found = checked()
    assert (found.rows, found.bad_rows) == (0, 0)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=8), min_size=1, max_size=5
    )
)
def test_a_part_of_a_file_ends_with_a_whole_row(cells: list[str]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[cell, "a\r\nb"] for cell in cells])
    data = buffer.getvalue().encode()
    for end in range(0, len(data) + 1, 3):
        rows = list(csv.reader(io.StringIO(whole_rows(data[:end]).decode(), newline="")))
        assert all(row[1] == "a\r\nb" for row in rows)
