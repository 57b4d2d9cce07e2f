"""Generalisation keeps to its bounds, changes nothing else, and the lattice's answer is the best there is."""

import itertools
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.errors import WrongUse
from anonymize.findings import OperatorSpec
from anonymize.risk import Bounds, reach
from anonymize.risk.bounds import Judge
from anonymize.risk.codes import encode
from anonymize.risk.hierarchy import Hierarchy, build
from anonymize.risk.ladders import suggest_rungs
from anonymize.risk.mondrian import partition

AGES = {str(n): f"{n // 3 * 3}" for n in range(9)}
WIDER = {str(n): f"{n // 6 * 6}+" for n in range(9)}
LADDERS = {"age": (AGES, WIDER), "area": ({"甲": "东", "乙": "东", "丙": "西", "丁": "西"},)}
# Few cells each, so that a small table is often fine on a low level.
ROWS = st.lists(
    st.tuples(
        st.sampled_from("0148"),
        st.sampled_from("甲乙丙"),
        st.sampled_from("男女"),
        st.sampled_from("xyz"),
    ),
    min_size=1,
    max_size=60,
)
Rows = list[tuple[str, str, str, str]]
QUASI = ["age", "area", "sex"]


def frame_of(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys([*QUASI, "ill"], pl.String), orient="row")


def classes_of(frame: pl.DataFrame, *, shown: bool = True) -> dict[tuple[str, ...], list[str]]:
    classes: dict[tuple[str, ...], list[str]] = {}
    for *key, ill in frame.rows():
        if not shown or tuple(key) != ("***",) * len(QUASI):
            classes.setdefault(tuple(key), []).append(ill)
    return classes


@settings(max_examples=60)
@given(ROWS, st.integers(1, 6), st.integers(1, 2), st.sampled_from([0.0, 0.1, 0.3]))
def test_the_lattice_keeps_to_k_and_l_and_to_the_share_that_may_be_hidden(
    rows: Rows,
    k: int,
    l: int,  # noqa: E741
    suppress: float,
) -> None:
    frame, bounds = frame_of(rows), Bounds(k, l, suppress=suppress)
    if len(rows) < k or len({ill for *_, ill in rows}) < l:
        with pytest.raises(WrongUse):
            reach(frame, QUASI, bounds, ["ill"], LADDERS)
        return
    made = reach(frame, QUASI, bounds, ["ill"], LADDERS)
    assert made.frame["ill"].equals(frame["ill"])
    assert made.suppressed_rows <= suppress * len(rows)
    assert 0 <= made.utility.loss <= 1
    for cells in classes_of(made.frame).values():
        assert len(cells) >= k
        assert len(set(cells)) >= l


@settings(max_examples=40)
@given(ROWS, st.integers(1, 5), st.sampled_from([0.0, 0.2]), st.sampled_from([1.0, 0.4]))
def test_no_choice_of_levels_loses_less_than_the_one_found(
    rows: Rows, k: int, suppress: float, t: float
) -> None:
    if len(rows) < k:
        return
    frame = frame_of(rows)
    made = reach(frame, QUASI, Bounds(k, t=t, suppress=suppress), ["ill"], LADDERS)
    ladders = [build(q, encode(frame[q]).labels, LADDERS.get(q, ())) for q in QUASI]
    best = min(
        loss
        for levels in itertools.product(*(range(len(ladder.levels)) for ladder in ladders))
        if (loss := by_hand(frame, ladders, levels, k, t, suppress)) is not None
    )
    assert made.utility.loss == pytest.approx(best, abs=1e-9)


def by_hand(
    frame: pl.DataFrame, ladders: list[Hierarchy], levels: tuple[int, ...], k: int, t: float, suppress: float
) -> float | None:
    """Loss of one choice of levels, counted row by row; None when it breaks the bounds."""
    keys, costs = [], []
    for row in range(frame.height):
        key, cost = [], 0.0
        for q, ladder, level in zip(QUASI, ladders, levels, strict=True):
            cell = ladder.levels[0].labels.to_list().index(frame[q][row])
            place = int(ladder.levels[level].of[cell])
            key.append(place)
            cost += float(ladder.levels[level].loss[place])
        keys.append(tuple(key))
        costs.append(cost / len(QUASI))
    whole = Counter(frame["ill"])
    groups: dict[tuple[int, ...], Counter[str]] = {}
    for key_, ill in zip(keys, frame["ill"], strict=True):
        groups.setdefault(key_, Counter())[ill] += 1

    def bad(group: Counter[str]) -> bool:
        n = sum(group.values())
        distance = sum(abs(group[v] / n - m / frame.height) for v, m in whole.items()) / 2
        return n < k or (len(whole) > 1 and distance > t + 1e-12)

    hidden = [bad(groups[key_]) for key_ in keys]
    if sum(hidden) > suppress * frame.height or all(hidden):
        return None
    return sum(1.0 if h else c for h, c in zip(hidden, costs, strict=True)) / frame.height


@settings(max_examples=60)
@given(ROWS, st.integers(1, 6), st.integers(1, 2), st.booleans())
def test_mondrian_keeps_every_box_within_the_bounds(rows: Rows, k: int, l: int, strict: bool) -> None:  # noqa: E741
    frame = frame_of(rows)
    method = "mondrian" if strict else "mondrian-relaxed"
    if len(rows) < k or len({ill for *_, ill in rows}) < l:
        with pytest.raises(WrongUse):
            reach(frame, QUASI, Bounds(k, l), ["ill"], method=method)
        return
    made = reach(frame, QUASI, Bounds(k, l), ["ill"], method=method)
    assert made.frame["ill"].equals(frame["ill"])
    assert made.k >= k
    assert made.utility.loss <= 1
    for cells in classes_of(made.frame, shown=False).values():
        assert len(cells) >= k
        assert len(set(cells)) >= l


@given(ROWS, st.integers(1, 5))
def test_relaxed_boxes_have_fewer_than_two_k_rows(rows: Rows, k: int) -> None:
    if len(rows) < k:
        return
    frame = frame_of(rows)
    points = [encode(frame[q]).values for q in QUASI]
    boxes = partition(points, None, Judge(Bounds(k)), strict=False)
    sizes = Counter(boxes.of.tolist())
    for box, size in sizes.items():
        assert size >= k
        assert size < 2 * k or (boxes.low[box] == boxes.high[box]).all()


def test_a_table_that_is_fine_already_stays_as_it_is() -> None:
    frame = frame_of([("1", "甲", "男", "x")] * 5 + [("2", "乙", "女", "y")] * 5)
    made = reach(frame, QUASI, Bounds(5), hierarchies=LADDERS)
    assert made.frame.equals(frame)
    assert made.utility.loss == 0
    assert set(made.operators.values()) == {None}


def test_a_hierarchy_that_splits_a_class_again_is_refused() -> None:
    first, second = {"1": "a", "2": "a", "3": "z"}, {"1": "b", "2": "c", "3": "c"}
    with pytest.raises(WrongUse, match="does not nest"):
        build("age", pl.Series(["1", "2", "3"]), (first, second))


def test_what_one_rung_does_not_understand_stays_hidden_above_it() -> None:
    labels = pl.Series(["1990-01-05", "1990年", "1990-02-03", "不详"])
    ladder = build("d", labels, [OperatorSpec("generalise", {"to": to}) for to in ("month", "year")])
    shown = [level.labels.gather(level.of).to_list() for level in ladder.levels]
    assert shown[1] == ["1990-01", "***", "1990-02", "***"]
    assert shown[2] == ["1990", "***", "1990", "***"]


@pytest.mark.parametrize(
    ("name", "cells", "targets"),
    [
        ("出生日期", ["1990-01-05", "19910203", "1992年3月4日"], ["month", "year", "decade"]),
        ("住址", ["湖北省武汉市洪山区珞喻路1号", "湖南省长沙市岳麓区"], ["county", "city", "province"]),
        ("行政区划代码", ["420106001", "430104002"], ["code6", "code4", "code2"]),
        ("年龄", [str(n) for n in range(100)], ["band"] * 5),
        ("性别", ["男", "女"], []),
        ("备注", ["", ""], []),
    ],
)
def test_the_ladder_is_chosen_by_what_the_cells_are(name: str, cells: list[str], targets: list[str]) -> None:
    rungs = suggest_rungs(name, pl.Series(name, cells))
    assert [rung.params["to"] for rung in rungs if isinstance(rung, OperatorSpec)] == targets


def test_what_is_suggested_is_what_a_policy_would_do() -> None:
    cells = [f"199{n % 10}-0{n % 9 + 1}-15" for n in range(90)]
    frame = pl.DataFrame({"出生日期": cells})
    made = reach(frame, ["出生日期"], Bounds(9))
    assert made.operators["出生日期"] == OperatorSpec("generalise", {"to": "year"})
    assert set(made.frame["出生日期"]) == {cell[:4] for cell in cells}


@pytest.mark.parametrize("quasi", [[], ["age", "age"], ["none"]])
def test_columns_that_do_not_fit_are_refused(quasi: list[str]) -> None:
    with pytest.raises(WrongUse):
        reach(frame_of([("1", "甲", "男", "x")]), quasi, Bounds(1))


def test_a_ladder_may_come_as_a_table_as_other_tools_keep_it() -> None:
    frame = frame_of([(str(n % 9), "甲", "男", "x") for n in range(90)])
    rungs = reach(frame, ["age"], Bounds(15), hierarchies=LADDERS)
    columns = {"cell": list(AGES), "1": list(AGES.values()), "2": list(WIDER.values())}
    table = reach(frame, ["age"], Bounds(15), hierarchies={"age": pl.DataFrame(columns)})
    assert table.frame.equals(rungs.frame)
    assert table.levels == rungs.levels
    with pytest.raises(WrongUse, match="twice"):
        reach(
            frame, ["age"], Bounds(15), hierarchies={"age": pl.DataFrame({"c": ["1", "1"], "r": ["a", "a"]})}
        )
    missing = reach(frame, ["age"], Bounds(15), hierarchies={"age": pl.DataFrame({"c": ["1"], "r": ["a"]})})
    assert set(missing.frame["age"]) <= {"a", "***"}


def test_a_lattice_too_large_to_search_is_refused() -> None:
    frame = pl.DataFrame({f"c{i}": [str(n) for n in range(1000)] for i in range(9)})
    with pytest.raises(WrongUse, match="Mondrian"):
        reach(frame, frame.columns, Bounds(2))
