"""Who could find whom, counted by hand."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.errors import WrongUse
from anonymize.risk.attackers import attackers
from anonymize.risk.classes import Classes

CELLS = st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from("123")), min_size=1, max_size=40)


def frame_of(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")


@given(CELLS, st.integers(1, 5))
def test_the_prosecutor_and_the_marketer_without_a_population(rows: list[tuple[str, str]], k: int) -> None:
    counts = Counter(rows)
    found = attackers(Classes.of(frame_of(rows), ["a", "b"]), 1 / k)
    assert found.prosecutor == pytest.approx(1 / min(counts.values()))
    assert found.marketer == pytest.approx(len(counts) / len(rows))
    assert found.at_risk == pytest.approx(sum(n for n in counts.values() if n < k) / len(rows))
    assert found.journalist is None


@given(CELLS, CELLS)
def test_a_population_lowers_the_risk_to_that_of_the_rarest_combination_shown(
    rows: list[tuple[str, str]], others: list[tuple[str, str]]
) -> None:
    everybody = Counter([*rows, *others])
    counts = Counter(rows)
    found = attackers(Classes.of(frame_of(rows), ["a", "b"]), 0.2, frame_of([*rows, *others]))
    assert found.k_map == min(everybody[key] for key in counts)
    assert found.journalist == pytest.approx(1 / found.k_map)
    assert found.journalist <= found.prosecutor
    assert found.journalist_marketer == pytest.approx(
        sum(n / everybody[key] for key, n in counts.items()) / len(rows)
    )
    shares = [counts[key] / n for key, n in everybody.items()]
    assert found.delta == pytest.approx((min(shares), max(shares)))


def test_a_population_without_somebody_of_the_table_is_refused() -> None:
    classes = Classes.of(frame_of([("甲", "1"), ("甲", "1")]), ["a", "b"])
    with pytest.raises(WrongUse):
        attackers(classes, 0.2, frame_of([("甲", "1")]))


def test_rows_of_which_nothing_can_be_read_are_nobodys() -> None:
    found = attackers(Classes.of(frame_of([("***", ""), ("***", "***")]), ["a", "b"]), 0.2)
    assert found.prosecutor == found.marketer == found.at_risk == 0
