"""k is what a count by hand gives, and suppression reaches it without losing a row."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.risk import Groups, grade, measure, plan_suppression

ROWS = st.lists(
    st.tuples(
        st.sampled_from("男女"), st.sampled_from(["1990", "1991", "1992", ""]), st.sampled_from("甲乙丙")
    ),
    min_size=1,
    max_size=40,
)
NAMES = ["sex", "year", "area"]


def frame_of(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")


def grouped(frame: pl.DataFrame, columns: list[str] = NAMES, cut: int = 7) -> Groups:
    groups = Groups(columns)
    for start in range(0, frame.height, cut):
        groups.add(frame.slice(start, cut))
    return groups


@given(ROWS, st.integers(1, 7))
def test_k_equals_the_count_by_brute_force(rows: list[tuple[str, str, str]], k: int) -> None:
    counts = Counter(rows)
    risk = measure(grouped(frame_of(rows)), {}, k, {}, len(rows))
    assert risk.k == min(counts.values())
    assert risk.classes == len(counts)
    assert risk.unique_rows == sum(1 for n in counts.values() if n == 1)
    assert risk.under_k_rows == sum(n for n in counts.values() if n < k)


@given(ROWS, st.integers(1, 7))
def test_suppression_reaches_k_and_changes_only_what_it_must(
    rows: list[tuple[str, str, str]], k: int
) -> None:
    frame = frame_of(rows)
    after = plan_suppression(grouped(frame), [], k).apply(frame)
    assert after.height == frame.height
    for old, new in zip(frame.rows(), after.rows(), strict=True):
        assert all(b in (a, "***") for a, b in zip(old, new, strict=True))
    risk = measure(grouped(after), {}, k, {}, len(rows))
    assert risk.k is None or risk.k >= min(k, len(rows))
    if min(Counter(rows).values()) >= k:
        assert after.equals(frame)


@given(ROWS, st.integers(1, 7))
def test_a_kept_quasi_identifier_is_never_suppressed(rows: list[tuple[str, str, str]], k: int) -> None:
    frame = frame_of(rows)
    after = plan_suppression(grouped(frame), ["sex"], k).apply(frame)
    assert after["sex"].equals(frame["sex"])
    per_sex = Counter(frame["sex"])
    for values, n in Counter(after.rows()).items():
        assert n >= min(k, per_sex[values[0]])


def test_headers_with_odd_names_do_not_disturb_the_count() -> None:
    frame = pl.DataFrame({"#rows": ["a", "a", "b"], "#x": ["1", "1", "2"], "x": ["1", "1", "2"]})
    after = plan_suppression(grouped(frame, frame.columns), [], 2).apply(frame)
    assert measure(grouped(after, frame.columns), {}, 2, {}, 3).k in (None, 2, 3)
    assert after.columns == frame.columns


def test_rows_with_nothing_to_see_do_not_count_against_k() -> None:
    frame = pl.DataFrame({"a": ["***", "", "x", "x"]})
    risk = measure(grouped(frame, ["a"]), {}, 2, {}, 4)
    assert risk.k == 2
    assert risk.hidden_rows == 2


def test_without_quasi_identifiers_there_is_no_k() -> None:
    assert measure(Groups([]), {}, 5, {}, 3).k is None


@given(st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from("abc")), min_size=1, max_size=20))
def test_l_is_the_least_number_of_sensitive_values_in_a_class(rows: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(rows, schema={"q": pl.String, "s": pl.String}, orient="row")
    risk = measure(grouped(frame, ["q"]), {"s": grouped(frame, ["q", "s"])}, 1, {}, len(rows))
    assert risk.l["s"] == min(len({s for q, s in rows if q == c}) for c in {q for q, _ in rows})


@pytest.mark.parametrize(
    ("direct", "within", "people", "expected"),
    [(True, True, True, 1), (False, False, True, 2), (False, True, True, 3), (False, True, False, 4)],
)
def test_the_grade_follows_from_what_remains(direct: bool, within: bool, people: bool, expected: int) -> None:
    assert grade(direct=direct, within_bound=within, about_people=people) == expected
