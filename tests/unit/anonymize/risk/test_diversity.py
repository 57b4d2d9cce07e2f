"""l and t by vector are what the definitions give by hand, class by class and value by value."""

from collections import Counter
from math import exp, log

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.risk.codes import combine, encode, ranks
from anonymize.risk.diversity import (
    Sensitive,
    closeness_t,
    distinct_l,
    entropy_l,
    recursive_c,
    sensitive_of,
)

NUMBERS = st.lists(
    st.tuples(st.sampled_from("甲乙丙"), st.sampled_from("12"), st.integers(0, 9).map(str)),
    min_size=1,
    max_size=60,
)
WORDS = st.lists(
    st.tuples(
        st.sampled_from("甲乙丙"), st.sampled_from("12"), st.sampled_from(["高血压", "无", "残疾", ""])
    ),
    min_size=1,
    max_size=60,
)
Rows = list[tuple[str, str, str]]


def counted(rows: Rows) -> tuple[Sensitive, list[tuple[str, str]]]:
    """Our counts, and the combination that each class stands for."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys("abs", pl.String), orient="row")
    quasi = [encode(frame[name]) for name in "ab"]
    classes, sizes = combine([c.values for c in quasi], [c.size for c in quasi], frame.height)
    values = encode(frame["s"])
    places, ordered = ranks(values.labels)
    sensitive = sensitive_of(
        classes, len(sizes), places[values.values], int(places.max()) + 1, ordered=ordered
    )
    names = {int(c): (a, b) for c, (a, b, _) in zip(classes, rows, strict=True)}
    return sensitive, [names[i] for i in range(len(sizes))]


def by_class(rows: Rows) -> dict[tuple[str, str], list[str]]:
    classes: dict[tuple[str, str], list[str]] = {}
    for a, b, s in rows:
        classes.setdefault((a, b), []).append(s)
    return classes


@given(WORDS)
def test_distinct_entropy_and_recursive_l_follow_their_definitions(rows: Rows) -> None:
    sensitive, names = counted(rows)
    distinct, entropy = distinct_l(sensitive), entropy_l(sensitive)
    for l in (1, 2, 3):  # noqa: E741
        bound = recursive_c(sensitive, l)
        for i, name in enumerate(names):
            counts = sorted(Counter(by_class(rows)[name]).values(), reverse=True)
            rest = sum(counts[l - 1 :])
            assert bound[i] == (counts[0] / rest if rest else np.inf)
    for i, name in enumerate(names):
        counts = Counter(by_class(rows)[name])
        total = sum(counts.values())
        assert distinct[i] == len(counts)
        assert entropy[i] == pytest.approx(exp(-sum(n / total * log(n / total) for n in counts.values())))
        assert entropy[i] <= distinct[i] + 1e-9


@given(NUMBERS)
def test_the_ordered_distance_is_the_mean_difference_of_cumulated_shares(rows: Rows) -> None:
    sensitive, names = counted(rows)
    assert sensitive.ordered
    values = sorted({int(s) for _, _, s in rows})
    t = closeness_t(sensitive)
    for i, name in enumerate(names):
        cells = [int(s) for s in by_class(rows)[name]]
        steps = [
            abs(sum(c <= v for c in cells) / len(cells) - sum(int(s) <= v for _, _, s in rows) / len(rows))
            for v in values
        ]
        expected = sum(steps) / (len(values) - 1) if len(values) > 1 else 0
        assert t[i] == pytest.approx(expected, abs=1e-12)


@given(WORDS)
def test_the_equal_distance_is_half_the_difference_of_the_shares(rows: Rows) -> None:
    sensitive, names = counted(rows)
    assert not sensitive.ordered or {s for _, _, s in rows} == {""}
    whole = Counter(s for _, _, s in rows)
    t = closeness_t(sensitive)
    for i, name in enumerate(names):
        cells = Counter(by_class(rows)[name])
        total = sum(cells.values())
        expected = sum(abs(cells[v] / total - n / len(rows)) for v, n in whole.items()) / 2
        assert t[i] == pytest.approx(expected if len(whole) > 1 else 0, abs=1e-12)
        assert 0 <= t[i] <= 1


def test_numbers_are_ordered_by_their_size_and_not_by_their_digits() -> None:
    places, ordered = ranks(pl.Series(["10", "9", "9.0", "", "100"]))
    assert ordered
    assert places.tolist() == [2, 1, 1, 0, 3]
    assert ranks(pl.Series(["甲", "10"]))[1] is False
