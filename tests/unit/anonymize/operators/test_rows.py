"""shuffle, sample and suppress_record: what happens to whole rows and between them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.errors import PolicyInvalid, WrongUse
from anonymize.operators import OperatorContext, get_operator
from tests.unit.anonymize.operators.examples import KEY, run


def stays(name: str, cells: list[str], key: bytes = KEY, **params: object) -> list[bool]:
    operator = get_operator(name)
    made = operator(pl.Series("c", cells, dtype=pl.String), operator.parse(params), OperatorContext(key, "c"))
    assert made is not None
    return made.to_list()


@given(st.lists(st.sampled_from(["甲", "乙", "丙", "", " "]), min_size=1, max_size=50))
def test_a_shuffle_keeps_the_cells_and_the_gaps(values: list[str]) -> None:
    made = run("shuffle", values)
    assert sorted(cell for cell in made if cell) == sorted(cell for cell in values if cell.strip())
    assert [bool(cell) for cell in made] == [bool(cell.strip()) for cell in values]


def test_a_shuffle_leaves_few_cells_in_place_and_moves_two_columns_apart() -> None:
    values = [str(n) for n in range(2000)]
    here = run("shuffle", values)
    there = run("shuffle", values, OperatorContext(KEY, "d"))
    assert sum(a == b for a, b in zip(values, here, strict=True)) < 12
    assert sum(a == b for a, b in zip(here, there, strict=True)) < 12


def test_a_shuffle_of_a_batch_alone_is_refused() -> None:
    operator = get_operator("shuffle")
    context = OperatorContext(KEY, "c", row=pl.Series([5, 6], dtype=pl.UInt64))
    with pytest.raises(WrongUse, match="whole column"):
        operator(pl.Series("c", ["a", "b"]), operator.parse({}), context)


def test_a_sample_has_about_its_share_of_the_rows() -> None:
    stay = stays("sample", ["x"] * 20_000, share=0.1)
    assert abs(sum(stay) - 2000) < 200


def test_another_release_takes_another_sample() -> None:
    first, second = (stays("sample", ["x"] * 2000, bytes([n] * 32), share=0.5) for n in (1, 2))
    assert 800 < sum(a == b for a, b in zip(first, second, strict=True)) < 1200


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"when": "equals", "values": ["103", "不详"]}, [True, True, False, True, False, False]),
        ({"when": "empty"}, [True, True, True, False, True, True]),
        ({"when": "above", "limit": 100}, [True, True, False, True, False, False]),
        ({"when": "below", "limit": 18}, [True, False, True, True, False, True]),
    ],
)
def test_the_records_that_meet_the_condition_do_not_stay(
    params: dict[str, object], expected: list[bool]
) -> None:
    cells = ["35岁", "9", "１０３", "  ", "不详", "103"]
    assert stays("suppress_record", cells, column="c", **params) == expected


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("sample", {"share": 1.0}),
        ("sample", {"share": 0}),
        ("suppress_record", {"column": "c", "when": "equals"}),
        ("suppress_record", {"column": "c", "when": "above"}),
        ("suppress_record", {"column": "c", "when": "empty", "limit": 3}),
        ("suppress_record", {"column": "c", "when": "looks odd"}),
    ],
)
def test_conditions_that_say_nothing_are_refused(name: str, params: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid):
        get_operator(name).parse(params)
