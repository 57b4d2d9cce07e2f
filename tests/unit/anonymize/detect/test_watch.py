"""A column that cannot stay is counted by a sample, fairly and to its last batch; any other cell by cell."""

from __future__ import annotations

import pickle

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.detect import census
from anonymize.detect.profile import ColumnProfile
from anonymize.detect.watch import RowWatch
from anonymize.entities import Entity

BATCH = 6_000


def profile(*batches: list[str]) -> ColumnProfile:
    column = ColumnProfile(0, "c", 1_000)
    for cells in batches:
        column.feed(pl.Series("c", cells, dtype=pl.String))
    return column


def numbers(batch: int) -> list[str]:
    return [f"138{batch:03d}{n:05d}" for n in range(BATCH)]


def test_a_settled_column_is_counted_to_its_last_batch() -> None:
    column = profile(*(numbers(batch) for batch in range(5)))
    assert column.tokens[Entity.MOBILE, 11] == pytest.approx(5 * BATCH, rel=0.02)
    assert column.token_rows[11] == column.tokens[Entity.MOBILE, 11]


def test_the_sample_of_a_settled_column_tells_its_shares_fairly() -> None:
    mixed = [
        [*numbers(batch)[: BATCH // 2], *(f"9{n:015d}" for n in range(BATCH // 2))] for batch in range(12)
    ]
    column = profile(numbers(99), *mixed)
    assert column.tokens[Entity.MOBILE, 11] == pytest.approx(BATCH + 6 * BATCH, rel=0.05)
    assert column.token_rows[16] == pytest.approx(6 * BATCH, rel=0.05)


def test_sentences_of_a_settled_column_are_counted_by_what_they_hold() -> None:
    texts = [[f"{n}号来电，回电{number}" for n, number in enumerate(numbers(batch))] for batch in range(4)]
    assert profile(*texts).embedded[Entity.MOBILE] == pytest.approx(4 * BATCH, rel=0.02)


def test_repeated_cells_of_a_settled_column_stand_for_all_their_rows() -> None:
    cells = [number for number in numbers(0)[:5_000] for _ in range(4)]
    column = profile(cells, cells, cells)
    assert column.tokens[Entity.MOBILE, 11] == pytest.approx(3 * len(cells), rel=0.02)


def test_what_waits_to_be_looked_at_is_merged_and_pickled_with_the_rest() -> None:
    one, other = profile(numbers(0), numbers(1)), profile(numbers(2), numbers(3))
    one.merge(pickle.loads(pickle.dumps(other)))  # noqa: S301  written by the line itself
    assert one.tokens[Entity.MOBILE, 11] == pytest.approx(4 * BATCH, rel=0.02)
    assert other.tokens[Entity.MOBILE, 11] == pytest.approx(2 * BATCH, rel=0.02)


def test_a_single_identifier_in_a_column_that_is_not_settled_is_never_missed() -> None:
    plain = [[f"第{n}号窗口办理完毕" for n in range(BATCH)] for _ in range(4)]
    plain[3][-1] = "办结后请回电13800138000"
    assert profile(*plain).embedded[Entity.MOBILE] == 1


def test_cells_that_are_not_looked_at_do_not_keep_their_batch_in_memory() -> None:
    watch = RowWatch()
    for batch in range(3):
        cells = pl.Series(numbers(batch))
        watch.feed(cells, None, census.take(cells))
    assert 0 < sum(piece.height for piece in watch._waiting) < 2_000
    assert sum(piece["value"].estimated_size() for piece in watch._waiting) < 100_000


CELL = st.sampled_from(
    [
        "13800138000",
        "张三",
        "",
        " ",
        "家住建设路12号",
        "机密★10年",
        "2024-01-31",
        "7",
        "a@b.cn",
        "电话：13900139001",
    ]
)


@given(st.lists(st.lists(CELL, max_size=8), max_size=5), st.integers(1, 3))
def test_cells_that_wait_are_counted_as_if_they_had_not(batches: list[list[str]], pieces: int) -> None:
    waiting, at_once = ColumnProfile(0, "c", 1_000), ColumnProfile(0, "c", 1_000)
    half = ColumnProfile(0, "c", 1_000)
    for n, cells in enumerate(batches):
        column = pl.Series("c", cells, dtype=pl.String)
        (half if n >= pieces else waiting).feed(column)
        at_once.feed(column)
        assert at_once.nulls == sum(not c.strip() for batch in batches[: n + 1] for c in batch)
    waiting.merge(half)
    for name in ("rows", "nulls", "max_length", "secret_rows", "embedded", "tokens"):
        assert getattr(waiting, name) == getattr(at_once, name), name
    # What looked harmless when it came alone may be looked at when it comes with others, never the reverse.
    assert waiting.token_rows >= at_once.token_rows
    assert waiting.declared.declared == at_once.declared.declared
    assert waiting.values().sort("value").equals(at_once.values().sort("value"))
