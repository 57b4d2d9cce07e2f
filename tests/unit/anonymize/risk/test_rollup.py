"""Counts of any node are those of a count by hand, whatever was counted before it and however."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.risk import Bounds, reach, rollup
from anonymize.risk.codes import encode
from anonymize.risk.hierarchy import build
from anonymize.risk.rollup import Counted, Rollup, Rows

AGE = [{str(n): f"{n // 3}" for n in range(9)}, {str(n): f"{n // 6}" for n in range(9)}]
CITY = [{"甲": "东", "乙": "东", "丙": "西", "丁": "西"}]
TABLE = st.lists(
    st.tuples(st.integers(0, 8).map(str), st.sampled_from("甲乙丙丁"), st.integers(0, 2), st.integers(1, 3)),
    min_size=1,
    max_size=40,
)
NODES = list(itertools.product(range(4), range(3)))
Table = list[tuple[str, str, int, int]]


def by_hand(made: Counted) -> dict[tuple[int, ...], int]:
    columns = [*made.keys, *([] if made.values is None else [made.values])]
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    assert len(set(rows)) == len(rows)
    return dict(zip(rows, made.counts.tolist(), strict=True))


@settings(deadline=None)
@given(
    TABLE, st.permutations(NODES), st.booleans(), st.booleans(), st.sampled_from([2, 1 << 62]), st.booleans()
)
def test_every_node_is_counted_as_by_hand(
    table: Table, order: list[tuple[int, int]], valued: bool, weighted: bool, limit: int, sparse: bool
) -> None:
    codes = [encode(pl.Series([row[i] for row in table])) for i in (0, 1)]
    ladders = [build("c", c.labels, rungs) for c, rungs in zip(codes, (AGE, CITY), strict=True)]
    values = np.array([row[2] for row in table], np.int64) if valued else None
    weights = np.array([row[3] for row in table], np.int64) if weighted else None
    counts = Rollup(ladders, Rows(tuple(c.values for c in codes), values, weights))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rollup, "_RADIX_LIMIT", limit)
        patch.setattr(rollup, "BLOCK", 7)
        patch.setattr(rollup, "_KEPT", 3)
        if sparse:
            patch.setattr(rollup, "_DIRECT", 0)
            patch.setattr(rollup, "_SPARSE", 0)
        for levels in order:
            if any(level > ladder.height for level, ladder in zip(levels, ladders, strict=True)):
                continue
            expected: Counter[tuple[int, ...]] = Counter()
            for place, row in enumerate(table):
                key = [
                    int(ladder.levels[level].of[code.values[place]])
                    for ladder, level, code in zip(ladders, levels, codes, strict=True)
                ]
                expected[tuple([*key, row[2]] if valued else key)] += row[3] if weighted else 1
            assert by_hand(counts.at(levels)) == expected


@settings(deadline=None)
@given(TABLE, st.integers(1, 6), st.sampled_from([0.0, 0.3]), st.integers(1, 2))
def test_a_counted_table_is_generalised_as_its_rows_are(
    table: Table,
    k: int,
    suppress: float,
    l: int,  # noqa: E741
) -> None:
    weights = [row[3] for row in table]
    if sum(weights) < k or len({row[2] for row in table}) < l:
        return
    frame = pl.DataFrame(
        {
            "age": [row[0] for row in table],
            "city": [row[1] for row in table],
            "ill": [str(row[2]) for row in table],
        }
    )
    each = frame.select(pl.all().repeat_by(pl.Series(weights)).explode())
    bounds, ladders = Bounds(k, l=l, suppress=suppress), {"age": AGE, "city": CITY}
    quasi = ["age", "city"]
    counted = reach(frame, quasi, bounds, ["ill"], ladders, weights=np.array(weights, np.int64))
    repeated = reach(each, quasi, bounds, ["ill"], ladders)
    assert counted.levels == repeated.levels
    assert (counted.k, counted.classes) == (repeated.k, repeated.classes)
    assert counted.suppressed_rows == repeated.suppressed_rows
    assert counted.utility.as_dict() == pytest.approx(repeated.utility.as_dict())
    assert counted.frame.select(pl.all().repeat_by(pl.Series(weights)).explode()).equals(repeated.frame)
