"""The sample of distinct values is fair, and the same however the rows were shared out."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.detect.distinct import DistinctValues

CELLS = st.lists(st.integers(0, 60).map(str), max_size=120)


def gathered(pieces: list[list[str]], bound: int) -> DistinctValues:
    values = DistinctValues(bound)
    for piece in pieces:
        values.add(pl.Series(piece, dtype=pl.String), None)
    return values


@given(st.lists(CELLS, max_size=5))
def test_below_the_bound_every_value_is_there_with_its_rows(pieces: list[list[str]]) -> None:
    values = gathered(pieces, 100)
    cells = [cell for piece in pieces for cell in piece]
    assert dict(values.frame().rows()) == {cell: cells.count(cell) for cell in set(cells)}
    assert values.number() == len(set(cells))
    assert not values.sampled


@given(st.lists(CELLS, min_size=1, max_size=6), st.integers(0, 6), st.integers(1, 20))
def test_merging_gives_what_one_would_have_gathered(pieces: list[list[str]], cut: int, bound: int) -> None:
    merged = gathered(pieces[:cut], bound)
    merged.merge(gathered(pieces[cut:], bound))
    whole = gathered([[cell for piece in pieces for cell in piece]], bound)
    assert sorted(merged.frame()["value"]) == sorted(whole.frame()["value"])
    assert merged.sampled == whole.sampled


def test_an_estimate_of_many_is_near_the_truth() -> None:
    values = gathered(
        [[f"v{n}" for n in range(start, start + 10_000)] for start in range(0, 100_000, 10_000)], 5_000
    )
    assert values.sampled
    assert values.number() == pytest.approx(100_000, rel=0.05)
    assert values.frame().height == 5_000
