"""Classes are counted exactly, with work that grows with the rows however many classes there are."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.risk import Groups, groups
from anonymize.risk.groups import COUNT

CELL = st.sampled_from(["", "甲", "乙", "一个比十二个字节更长的值", "a"])
BATCHES = st.lists(st.lists(st.tuples(CELL, CELL), max_size=12), max_size=6)


def frame(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"q": pl.String, "r": pl.String}, orient="row")


def counted(of: Groups) -> dict[tuple[str, str], int]:
    found = of.frame.select("q", "r", COUNT).rows()
    assert len(found) == len({row[:2] for row in found})
    return {(q, r): n for q, r, n in found}


@given(BATCHES, st.integers(0, 6), st.integers(1, 4), st.integers(0, 10))
def test_counts_are_those_of_all_rows_however_they_were_shared_out(
    batches: list[list[tuple[str, str]]], cut: int, pieces: int, room: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "_PIECES", pieces)
        patch.setattr(groups, "_ROOM", room)
        one, other = Groups(["q", "r"]), Groups(["q", "r"])
        for number, rows in enumerate(batches):
            (one if number < cut else other).add(frame(rows))
        one.merge(other)
        assert counted(one) == Counter(row for rows in batches for row in rows)
        assert counted(other) == Counter(row for rows in batches[cut:] for row in rows)


def test_the_work_grows_with_the_rows_when_every_row_is_a_class_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(groups, "_ROOM", 100)
    touched = 0
    settle = Groups._settle

    def counting(self: Groups) -> None:
        nonlocal touched
        touched += sum(piece.height for piece in self._pieces) if len(self._pieces) > 1 else 0
        settle(self)

    monkeypatch.setattr(Groups, "_settle", counting)
    total = Groups(["q", "r"])
    rows = 0
    for batch in range(60):
        total.add(frame([(str(batch), str(n)) for n in range(100)]))
        rows += 100
    assert total.frame.height == rows
    assert touched <= 4 * rows


def test_classes_do_not_keep_the_batches_in_memory_that_they_were_counted_in() -> None:
    total = Groups(["q", "r"])
    for batch in range(5):
        rows = [(f"第{batch}批的一个很长的值", "很长的单元格" * 20 + str(n % 2)) for n in range(2_000)]
        total.add(frame(rows))
    held = sum(piece.estimated_size() for piece in total._pieces)
    assert held < 10 * 1_000
