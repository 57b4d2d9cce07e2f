"""Indicator sets are parsed whole, and scores follow from figures alone."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.supervision.evaluation.formulas import FORMULAS, Figure, grade
from ckanext.govdata.supervision.evaluation.indicators import SETS, IndicatorSetError, load, parse
from ckanext.govdata.supervision.evaluation.scoring import lines, score
from ckanext.govdata.supervision.statistics.period import offered
from ckanext.govdata.supervision.statistics.period import parse as period
from licensing.core.errors import InvalidInput

GOOD: dict[str, Any] = {
    "zh": "甲", "en": "A", "scope": "department", "source": "QD-21", "groups": {"g": {"zh": "组", "en": "G"}},
    "indicators": [
        {"id": "a", "group": "g", "zh": "甲", "en": "A", "weight": 60, "formula": "share",
         "measure": "calls.answered", "source": "HB-26"},
        {"id": "b", "group": "g", "zh": "乙", "en": "B", "weight": 40, "formula": "hand", "source": "x"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_the_sets_of_the_package_are_whole(name: str) -> None:
    assert sum(each.weight for each in load(name).indicators) == 100


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("indicators", 0, "weight"), 59, "sum to 99"),
        (("indicators", 0, "colour"), "red", "unknown keys"),
        (("indicators", 0, "measure"), "none", "no such formula or measure"),
        (("indicators", 0, "formula"), "guess", "no such formula or measure"),
        (("indicators", 0, "group"), "h", "no such group"),
        (("indicators", 0, "scale"), 0, "positive"),
        (("indicators", 1, "measure"), "calls.answered", "by hand"),
        (("indicators", 1, "id"), "a", "twice"),
        (("more",), 1, "the keys are"),
        (("scope",), "planet", "scope"),
    ],
)
def test_a_set_that_is_wrong_is_refused_whole(path: tuple[Any, ...], value: Any, said: str) -> None:
    wrong = copy.deepcopy(GOOD)
    place: Any = wrong
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(IndicatorSetError, match=said):
        parse("test", wrong)


def test_what_does_not_apply_is_left_out_of_the_score() -> None:
    of = parse("test", GOOD)
    assert score(lines(of, {}, {})) is None
    assert score(lines(of, {"a": {"count": 4, "good": 3, "mean": None}}, {})) == 75.0
    assert score(lines(of, {"a": {"count": 4, "good": 3, "mean": None}}, {"b": 50})) == 65.0
    assert score(lines(of, {}, {"b": 50})) == 50.0


def test_nothing_but_no_breach_makes_no_score() -> None:
    of = load("departments")
    assert score(lines(of, {}, {})) is None


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.5, 100), st.sampled_from(sorted(FORMULAS)))
def test_a_share_is_between_nothing_and_all(count: int, good: int, scale: float, name: str) -> None:
    figure = Figure(max(count, good), min(count, good), None if count == 0 else float(good))
    found = FORMULAS[name](figure, scale)
    assert found is None or 0 <= found <= 1


def test_grades_begin_at_their_marks() -> None:
    assert [grade(each) for each in (100, 90, 89.99, 75, 60, 59.99, 0)] == [
        "excellent", "excellent", "good", "good", "pass", "fail", "fail",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026Q4", "2026-10-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_period_has_its_first_and_last_day(text: str, first: str, last: str) -> None:
    found = period(text)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "26", "2026Q5", "2026-13", "2026-1", "soon"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        period(text)


def test_every_period_that_is_offered_is_one() -> None:
    from datetime import date

    assert {period(each).name for each in offered(date(2026, 11, 24))} == set(offered(date(2026, 11, 24)))
