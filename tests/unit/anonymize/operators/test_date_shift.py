"""``date_shift``: order and distance of a person's days stay, the days do not."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.errors import PolicyInvalid
from anonymize.operators import OperatorContext, get_operator
from tests.unit.anonymize.operators.examples import KEY

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def shifted(cells: list[str], people: list[str] | None, column: str = "c", **params: object) -> list[str]:
    operator = get_operator("date_shift")
    person = None if people is None else pl.Series("证件号", people, dtype=pl.String)
    context = OperatorContext(KEY, column, person=person)
    values = pl.Series(column, cells, dtype=pl.String)
    made = operator(values, operator.parse({"by": "证件号", **params}), context)
    assert made is not None
    return made.to_list()


@given(st.lists(DAYS, min_size=2, max_size=10), st.integers(1, 400))
def test_the_days_of_one_person_keep_their_distances_and_stay_in_reach(days: list[date], bound: int) -> None:
    made = [date.fromisoformat(d) for d in shifted([str(d) for d in days], ["甲"] * len(days), days=bound)]
    moves = {(after - before).days for before, after in zip(days, made, strict=True)}
    assert len(moves) == 1
    assert 1 <= abs(moves.pop()) <= bound


def test_two_columns_of_one_person_share_the_shift() -> None:
    start = [date(2024, 1, 1) + timedelta(days=n) for n in range(50)]
    people = [str(n) for n in range(50)]
    begins = shifted([str(d) for d in start], people, "入院")
    ends = shifted([str(d + timedelta(days=3)) for d in start], people, "出院")
    for begin, end in zip(begins, ends, strict=True):
        assert date.fromisoformat(end) - date.fromisoformat(begin) == timedelta(days=3)


def test_persons_are_told_apart_by_the_normal_form_of_their_number() -> None:
    made = shifted(["2024-05-01"] * 3, ["11010519491231002X", "１１０１０５１９４９１２３１００２x", "其他"])
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize("people", [None, ["", " "] * 100])
def test_a_day_of_nobody_has_a_shift_of_its_own(people: list[str] | None) -> None:
    made = shifted(["2024-05-01"] * 200, people)
    assert len(set(made)) > 60
    assert "2024-05-01" not in made


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("2024-05-01", r"^\d{4}-\d\d-\d\d$"),
        ("2024/5/1", r"^\d{4}/\d{1,2}/\d{1,2}$"),
        ("2024年5月1日", r"^\d{4}年\d{1,2}月\d{1,2}日$"),
        ("20240501", r"^\d{8}$"),
        ("2024-05-01 08:30:00", r"^\d{4}-\d\d-\d\d 08:30:00$"),
        ("２０２４．０５．０１", r"^\d{4}\.\d\d\.\d\d$"),
        ("2024-05", r"^\*\*\*$"),
        ("2024", r"^\*\*\*$"),
        ("2024-02-30", r"^\*\*\*$"),
        ("五月一日", r"^\*\*\*$"),
    ],
)
def test_the_way_of_writing_stays_and_what_is_no_day_is_hidden(written: str, shape: str) -> None:
    made = pl.Series(shifted([written] * 40, [str(n) for n in range(40)]))
    assert made.str.contains(shape).all()


@pytest.mark.parametrize("params", [{}, {"by": ""}, {"by": "a", "days": 0}, {"by": "a", "days": 5000}])
def test_a_shift_needs_a_person_and_a_reach(params: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid):
        get_operator("date_shift").parse(params)
