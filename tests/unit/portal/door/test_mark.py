"""Whose rows these are: told by their order alone."""

from __future__ import annotations

import hashlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata.door import mark

KEYS = [hashlib.sha256(str(number).encode()).digest() for number in range(12)]
TABLES = {
    "different": lambda r: [str(r.randrange(10**6)), r.choice(["东城", "西城"])],
    "few": lambda r: [str(r.randrange(5))],
    "numbers": lambda r: [f"{r.randrange(100000) / 10}", "", "2026-01-01"],
}


def table(kind: str, rows: int, seed: int = 1) -> list[list[str]]:
    random = Random(seed)
    return [TABLES[kind](random) for _ in range(rows)]


def marked(key: bytes, rows: list[list[str]], batch: int = 2_000) -> list[list[str]]:
    marker, out = mark.Marker(key), []
    for at in range(0, len(rows), batch):
        part = rows[at : at + batch]
        out += [part[place] for place in marker.order([mark.digest(row) for row in part])]
    return out


def found(rows: list[list[str]]) -> list[int]:
    digests = [mark.digest(row) for row in rows]
    return [at for at, key in enumerate(KEYS) if mark.judge(key, digests, len(KEYS)).chance <= mark.CHANCE]


@pytest.mark.parametrize("kind", TABLES)
def test_any_thousand_rows_that_stand_together_name_their_grant_and_no_other(kind: str) -> None:
    out = marked(KEYS[7], table(kind, 7_001))
    for start in (0, 1, 2, 333, 1_999, 2_000, 4_444, 6_001):
        assert found(out[start : start + 1_000]) == [7], start


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=5), min_size=2, max_size=2), max_size=60),
    st.binary(min_size=32, max_size=32),
)
def test_no_row_is_changed_lost_or_moved_by_more_than_one_place(rows: list[list[str]], key: bytes) -> None:
    places = mark.Marker(key).order([mark.digest(row) for row in rows])
    assert sorted(places) == list(range(len(rows)))
    assert all(abs(place - at) <= 1 for at, place in enumerate(places))


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 1_500))
def test_a_part_of_any_table_with_different_rows_names_its_grant(seed: int, start: int) -> None:
    assert found(marked(KEYS[3], table("different", 2_500, seed))[start : start + 1_000]) == [3]


def test_a_file_that_nobody_marked_names_nobody() -> None:
    for seed in range(6):
        assert found(table("different", 1_000, seed)) == []


def test_rows_taken_out_here_and_there_do_not_take_the_mark_away() -> None:
    out = marked(KEYS[5], table("different", 1_000))
    random = Random(9)
    for missing in (1, 10, 30):
        gone = set(random.sample(range(1_000), missing))
        assert found([row for at, row in enumerate(out) if at not in gone]) == [5], missing


def test_another_writing_of_the_same_values_does_not_take_the_mark_away() -> None:
    out = marked(KEYS[2], table("numbers", 1_000))
    rewritten = [[str(float(a)) + "00", b, f" {c} "] for a, b, c in out]
    assert found(rewritten) == [2]


def test_sorting_destroys_the_mark_as_the_page_says() -> None:
    assert found(sorted(marked(KEYS[1], table("different", 2_000)))) == []


def test_equal_rows_carry_nothing_and_prove_nothing() -> None:
    rows = [["相同"]] * 1_000
    assert marked(KEYS[0], rows) == rows
    assert found(rows) == []


def test_the_size_of_a_batch_does_not_matter() -> None:
    rows = table("different", 3_000)
    assert marked(KEYS[4], rows, 2) == marked(KEYS[4], rows, 500) == marked(KEYS[4], rows, 3_000)


@pytest.mark.parametrize(
    ("cell", "same"),
    [("007.50", "7.5"), ("1E+2", "100"), ("'=1", "=1"), ("TRUE", "true"), ("-0", "0"),
     ("2026-03-01T08:00:00", "2026-03-01 08:00:00"), ("", ""), ("一二", "一二")],
)  # fmt: skip
def test_a_cell_is_the_same_in_every_writing(cell: str, same: str) -> None:
    assert mark.canonical(cell) == same
    assert mark.canonical(same) == same
