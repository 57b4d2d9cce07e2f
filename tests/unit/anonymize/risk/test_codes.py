"""Equal cells get equal numbers and no others do, whatever the hashes say."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.risk import codes, numbering
from anonymize.risk.codes import combine, dense, encode
from anonymize.risk.numbering import number

SHORT = st.one_of(st.sampled_from(["", "a", "a\0", "男", "一二三四", "123456789012"]), st.text(max_size=3))
LONG = st.sampled_from(["湖北省武汉市洪山区", "湖北省武汉市洪山县", "1234567890123", "1234567890123\0"])


def by_hand(cells: list[str]) -> tuple[list[int], list[int]]:
    values = list(dict.fromkeys(cells))
    return [values.index(cell) for cell in cells], [cells.index(value) for value in values]


def numbered(column: pl.Series) -> tuple[list[int], list[int]]:
    numbers, firsts = number(column)
    assert numbers.dtype == firsts.dtype == np.int64
    return numbers.tolist(), firsts.tolist()


@given(
    st.one_of(st.lists(SHORT, max_size=60), st.lists(st.one_of(SHORT, LONG), max_size=60)),
    st.integers(0, 5),
    st.integers(1, 8),
    st.integers(1, 9),
)
def test_cells_are_numbered_in_the_order_in_which_they_appear(
    cells: list[str], start: int, rounds: int, block: int
) -> None:
    column = pl.Series("c", [*cells, "z"], dtype=pl.String).append(pl.Series("c", cells, dtype=pl.String))
    expected = by_hand([*cells, "z", *cells][start:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbering, "_HEAD", 5)  # others turn up after the head
        patch.setattr(numbering, "_FEW_BITS", 3)  # and many share a slot
        patch.setattr(numbering, "_ROUNDS", rounds)
        for owner, name in ((numbering, "BLOCK"), (numbering._Short, "block"), (numbering._Long, "block")):
            patch.setattr(owner, name, block)
        assert numbered(column.slice(start)) == expected
    assert numbered(column.slice(start)) == expected


@pytest.mark.parametrize("tail", ["", "，湖北省武汉市洪山区"])
def test_cells_of_one_hash_stay_apart(monkeypatch: pytest.MonkeyPatch, tail: str) -> None:
    cells = [f"{n % 40}{tail}" for n in range(100)]
    monkeypatch.setattr(numbering, "_FACTORS", np.zeros_like(numbering._FACTORS))
    assert numbered(pl.Series("c", cells)) == by_hand(cells)


@pytest.mark.parametrize("tail", ["", "，湖北省武汉市洪山区"])
@pytest.mark.parametrize("values", [3, 700, 40_000])
def test_many_cells_are_told_apart(values: int, tail: str) -> None:
    drawn = np.random.default_rng(values).integers(0, values, 30_000).tolist()
    cells = [f"{n}{tail}" for n in drawn]
    codes = encode(pl.Series("c", cells))
    assert codes.labels.to_list() == list(dict.fromkeys(cells))
    assert codes.labels.gather(codes.values).to_list() == cells


def test_a_value_that_begins_after_the_head_is_numbered_behind() -> None:
    cells = ["甲"] * 20_000 + ["乙"] * 20_000 + ["甲", "丙"]
    assert numbered(pl.Series("c", cells)) == by_hand(cells)


def test_a_null_is_an_empty_cell() -> None:
    codes = encode(pl.Series(["a", None, "", "a"]))
    assert codes.values.tolist() == [0, 1, 1, 0]
    assert codes.labels.to_list() == ["a", ""]


def test_numbers_are_told_apart_as_texts() -> None:
    codes = encode(pl.Series("n", [2, 1, None, 2]))
    assert codes.labels.to_list() == ["2", "1", ""]
    assert codes.labels.name == "n"


COLUMNS = st.integers(0, 40).flatmap(
    lambda rows: st.lists(
        st.lists(st.integers(0, 4), min_size=rows, max_size=rows).map(lambda one: np.array(one, np.int64)),
        min_size=1,
        max_size=4,
    )
)


@given(COLUMNS, st.sampled_from([5, 9, 1 << 17, 1 << 33]), st.integers(1, 9))
def test_combinations_are_numbered_without_gaps_as_they_ascend(
    columns: list[npt.NDArray[np.int64]], size: int, block: int
) -> None:
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    different = sorted(set(rows))
    before = [column.copy() for column in columns]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codes, "BLOCK", block)
        ids, sizes = combine(columns, [size] * len(columns), len(rows))
    assert ids.tolist() == [different.index(row) for row in rows]
    assert sizes.tolist() == [rows.count(row) for row in different]
    assert all((a == b).all() for a, b in zip(columns, before, strict=True))


@given(st.lists(st.integers(0, 99)), st.sampled_from([100, 1 << 20]))
def test_dense_numbers_leave_what_was_given_as_it_is(keys: list[int], size: int) -> None:
    given_keys = np.array(keys, np.int64)
    numbers, sizes = dense(given_keys, size)
    different = sorted(set(keys))
    assert given_keys.tolist() == keys
    assert numbers.tolist() == [different.index(key) for key in keys]
    assert sizes.tolist() == [keys.count(key) for key in different]


def test_no_column_makes_one_class_of_every_row() -> None:
    ids, sizes = combine([], [], 3)
    assert (ids.tolist(), sizes.tolist()) == ([0, 0, 0], [3])
    assert [part.tolist() for part in combine([], [], 0)] == [[], []]


def test_combinations_stay_apart_when_their_number_exceeds_an_integer() -> None:
    columns = [np.array([0, 1, 1, 0]) for _ in range(8)]
    ids, sizes = combine(columns, [1 << 40] * 8, 4)
    assert sizes.tolist() == [2, 2]
    assert ids.tolist() == [0, 1, 1, 0]
