"""top_code, bottom_code, round and noise: numbers as people write them, changed as asked and no further."""

from __future__ import annotations

import statistics
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.errors import PolicyInvalid
from anonymize.operators import OperatorContext, get_operator
from tests.unit.anonymize.operators.examples import KEY, run

WRITTEN = ["35", "35岁", "1,234.50", "－３", "0.005", "", "三十五", "35-40", "1e5", "9" * 20]


@pytest.mark.parametrize(
    ("name", "params", "after"),
    [
        ("top_code", {"limit": 40}, ["35", "35岁", "40", "－３", "0.005", "", "***", "***", "***", "***"]),
        ("top_code", {"limit": 30.5, "mark": True}, ["≥30.5", "≥30.5岁", "≥30.5", "－３", "0.005"]),
        (
            "bottom_code",
            {"limit": 18},
            ["35", "35岁", "1,234.50", "18", "18", "", "***", "***", "***", "***"],
        ),
        ("bottom_code", {"limit": 18, "mark": True}, ["35", "35岁", "1,234.50", "≤18", "≤18"]),
        ("round", {"step": 10}, ["40", "40岁", "1230", "0", "0", "", "***", "***", "***", "***"]),
        ("round", {"step": 0.01}, ["35.00", "35.00岁", "1234.50", "-3.00", "0.01"]),
        ("round", {"step": 0.5}, ["35.0", "35.0岁", "1234.5", "-3.0", "0.0"]),
    ],
)
def test_numbers_as_departments_write_them(name: str, params: dict[str, object], after: list[str]) -> None:
    assert run(name, WRITTEN, **params)[: len(after)] == after


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_nothing_lies_beyond_the_limit(number: int, limit: int) -> None:
    assert int(run("top_code", [str(number)], limit=limit)[0]) == min(number, limit)
    assert int(run("bottom_code", [str(number)], limit=limit)[0]) == max(number, limit)


@given(st.decimals(-(10**8), 10**8, places=3), st.sampled_from(["0.01", "0.1", "0.5", "1", "5", "10", "250"]))
def test_rounding_gives_the_nearest_multiple(number: Decimal, step: str) -> None:
    width = Decimal(step)
    multiple = (abs(number) / width).quantize(Decimal(1), ROUND_HALF_UP) * width
    expected = -multiple if number < 0 else multiple
    assert Decimal(run("round", [f"{number:f}"], step=float(step))[0]) == expected


def noisy(values: list[str], **params: object) -> list[str]:
    return run("noise", values, **{"scale": 10, **params})


@pytest.mark.parametrize("distribution", ["laplace", "gaussian", "uniform"])
def test_the_mean_stays_and_the_spread_is_what_was_asked(distribution: str) -> None:
    drawn = [float(cell) for cell in noisy(["1000.0000"] * 20_000, distribution=distribution)]
    expected = {"laplace": 10 * 2**0.5, "gaussian": 10.0, "uniform": 10 / 3**0.5}[distribution]
    assert abs(statistics.mean(drawn) - 1000) < 0.5
    assert abs(statistics.pstdev(drawn) / expected - 1) < 0.05
    if distribution == "uniform":
        assert max(abs(value - 1000) for value in drawn) <= 10


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=20))
def test_whole_numbers_stay_whole_and_decimals_keep_their_places(numbers: list[int]) -> None:
    assert all("." not in cell for cell in noisy([str(n) for n in numbers]))
    assert all(len(cell.partition(".")[2]) == 2 for cell in noisy([f"{n}.25" for n in numbers]))


def test_equal_cells_get_unequal_noise_and_two_columns_share_none() -> None:
    values = ["5000"] * 500
    here, there = noisy(values), run("noise", values, OperatorContext(KEY, "d"), scale=10)
    assert len(set(here)) > 20
    assert here != there


def test_noise_keeps_to_its_bounds_and_hides_what_is_no_number() -> None:
    drawn = [int(cell) for cell in noisy(["1"] * 500, low=0, high=3)]
    assert min(drawn) == 0
    assert max(drawn) == 3
    assert noisy(["三", "", "3元"])[:2] == ["***", ""]
    assert noisy(["3元"])[0].endswith("元")


def test_rounding_takes_no_noise_beyond_its_bounds() -> None:
    bounded = noisy(["1", "1.5", "1.25"] * 200, low=0.444, high=2.777)
    assert {float(cell) for cell in bounded[::3]} == {1.0, 2.0}
    assert all(0.444 <= float(cell) <= 2.777 for cell in bounded)
    assert {"0.5", "2.7"} <= set(bounded[1::3])
    # No whole number lies between them; a decimal of the bound itself stays reachable.
    assert set(noisy(["1"] * 50, low=0.4, high=0.6)) == {"***"}
    assert min(map(float, noisy(["3.5"] * 500, low=2.7))) == 2.7


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("top_code", {}),
        ("top_code", {"limit": float("inf")}),
        ("bottom_code", {"limit": "18"}),
        ("round", {"step": 0}),
        ("noise", {"scale": -1}),
        ("noise", {"scale": 1, "low": 3, "high": 2}),
        ("noise", {"scale": 1, "seed": 42}),
    ],
)
def test_parameters_that_make_no_sense_are_refused(name: str, params: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid):
        get_operator(name).parse(params)


def test_a_column_without_any_number_is_hidden_whole() -> None:
    operator = get_operator("round")
    made = operator(pl.Series("c", ["甲", "乙"]), operator.parse({"step": 1}), OperatorContext(KEY, "c"))
    assert made is not None
    assert made.to_list() == ["***", "***"]
