"""Keyed randomness: the standard's MAC, even numbers, true permutations."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given
from hypothesis import strategies as st

from anonymize.operators.keyed import fractions, permuted, row_words, value_words
from tests.unit.anonymize.operators.examples import KEY, OTHER_KEY

VALUES = st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=60), max_size=30)


def rows(count: int, start: int = 0) -> pl.Series:
    return pl.int_range(start, start + count, dtype=pl.UInt64, eager=True)


@given(VALUES)
def test_a_value_has_its_cmac(values: list[str]) -> None:
    words = value_words(KEY, pl.Series(values, dtype=pl.String))
    for value, pair in zip(values, words, strict=True):
        mac = CMAC(AES(KEY))
        mac.update(value.encode())
        assert pair.astype("<u8").tobytes() == mac.finalize()


def test_other_lanes_and_keys_give_unrelated_words() -> None:
    words = row_words(KEY, rows(1000))
    for other in (row_words(KEY, rows(1000), lane=1), row_words(OTHER_KEY, rows(1000))):
        assert not np.intersect1d(words, other).size


def test_fractions_are_even_and_inside_the_unit() -> None:
    drawn = fractions(row_words(KEY, rows(50_000)).ravel())
    assert 0 < drawn.min() < drawn.max() < 1
    counts, _ = np.histogram(drawn, bins=20, range=(0, 1))
    # 5,000 expected in each of 20 bins, standard deviation 69.
    assert np.abs(counts - 5000).max() < 400


def test_the_outermost_words_are_still_inside_the_unit() -> None:
    ends = fractions(np.array([0, 2**64 - 1], dtype=np.uint64))
    assert 0 < ends[0] < ends[1] < 1


@given(st.integers(1, 3000))
def test_a_permutation_moves_every_row_to_a_place_of_its_own(size: int) -> None:
    assert sorted(permuted(KEY, rows(size), size).tolist()) == list(range(size))


@given(st.integers(2, 10**9), st.integers(0, 10**9))
def test_a_permutation_of_a_large_table_stays_inside_it(size: int, start: int) -> None:
    start %= size
    some = rows(min(20, size - start), start)
    places = permuted(KEY, some, size)
    assert len(set(places.tolist())) == len(some)
    assert places.max() < size


@pytest.mark.parametrize("size", [2, 3, 4])
def test_every_order_of_a_few_rows_comes_up(size: int) -> None:
    orders = {tuple(permuted(bytes([n % 256, n // 256] * 16), rows(size), size).tolist()) for n in range(400)}
    assert len(orders) == {2: 2, 3: 6, 4: 24}[size]
