"""Generalise a table until it keeps to k, l and t, with as little loss as a method finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from anonymize.errors import WrongUse
from anonymize.findings import OperatorSpec
from anonymize.operators import REDACTED
from anonymize.risk.bounds import Bounds, Judge
from anonymize.risk.codes import Codes, Ints, add_up, combine, encode, ranks
from anonymize.risk.hierarchy import Hierarchy, Ladder, build
from anonymize.risk.ladders import suggest_rungs
from anonymize.risk.lattice import search
from anonymize.risk.mondrian import partition
from anonymize.risk.rollup import Rows
from anonymize.risk.utility import Utility, utility_of

Method = Literal["lattice", "mondrian", "mondrian-relaxed"]


@dataclass(frozen=True, slots=True)
class Generalised:
    """A table that keeps to the bounds. ``frame``: the rows in their order, quasi-identifiers generalised;
    in ``suppressed_rows`` of them every one is ``***``. ``operators``: what a policy would say of each
    column (lattice only): None keeps it as it is, ``drop`` when nothing of it is left. ``levels``: rung of
    each column, of ``heights``. ``checked`` of ``nodes`` choices of levels were counted."""

    frame: pl.DataFrame
    method: Method
    k: int
    classes: int
    suppressed_rows: int
    utility: Utility
    levels: Mapping[str, int]
    heights: Mapping[str, int]
    operators: Mapping[str, OperatorSpec | None]
    checked: int = 0
    nodes: int = 0


def reach(
    frame: pl.DataFrame,
    quasi: Sequence[str],
    bounds: Bounds,
    sensitive: Sequence[str] = (),
    hierarchies: Mapping[str, Ladder] | None = None,
    method: Method = "lattice",
    *,
    weights: Ints | None = None,
) -> Generalised:
    """Generalise ``quasi`` so that every class keeps to ``bounds``.

    Args:
        frame: cells as text; nulls count as empty.
        quasi: the quasi-identifiers, at least one.
        bounds: k, l and t; ``suppress`` is for the lattice only.
        sensitive: columns on which l and t are judged.
        hierarchies: ladders by column, between the cells as they are and ``***`` (rungs, or a table with
            a column a rung); those that are missing are chosen by ``ladders.suggest_rungs``.
        method: ``lattice`` finds the best choice of one level for each column; ``mondrian`` cuts the table
            into boxes, which loses less but gives a column ranges of many widths.
        weights: (rows,) how many rows of a larger table each row of ``frame`` stands for (lattice only).

    Raises:
        WrongUse: a column is missing, the bounds cannot be kept, or a hierarchy does not nest.
    """
    _check(frame, quasi, sensitive)
    codes = [encode(frame[name]) for name in quasi]
    values, tables, ordered = _sensitive(frame, sensitive, bounds)
    judge = Judge(bounds, tables, ordered)
    if method != "lattice":
        if weights is not None:
            raise WrongUse("Mondrian 不接受计数表。", "Mondrian takes no counted table.")
        return _mondrian(frame, quasi, codes, values, judge, method)
    given = hierarchies or {}
    ladders = [
        build(name, code.labels, given[name] if name in given else suggest_rungs(name, code.labels))
        for name, code in zip(quasi, codes, strict=True)
    ]
    return _lattice(frame, codes, ladders, values, judge, weights)


def _check(frame: pl.DataFrame, quasi: Sequence[str], sensitive: Sequence[str]) -> None:
    missing = [name for name in (*quasi, *sensitive) if name not in frame.columns]
    if missing or not quasi or set(quasi) & set(sensitive) or len(set(quasi)) != len(quasi):
        raise WrongUse(
            "准标识符与敏感列应为表中不同的列，准标识符至少一列（没有的列：{columns}）。",
            "Quasi-identifiers and sensitive columns are different columns of the table, at least one "
            "quasi-identifier (missing: {columns}).",
            columns="、".join(missing) or "—",
        )


def _sensitive(
    frame: pl.DataFrame, sensitive: Sequence[str], bounds: Bounds
) -> tuple[Ints | None, list[Ints], list[bool]]:
    """Joint code of the sensitive cells by row, and how each column is read from it."""
    if not sensitive or (bounds.l == 1 and bounds.t >= 1):
        return None, [], []
    placed, ordered = [], []
    for name in sensitive:
        codes = encode(frame[name])
        places, numbers = ranks(codes.labels)
        placed.append(places[codes.values])
        ordered.append(numbers)
    joint, rows_of = combine(placed, [int(p.max()) + 1 if len(p) else 0 for p in placed], frame.height)
    first = np.zeros(len(rows_of), dtype=np.int64)
    first[joint[::-1]] = np.arange(len(joint) - 1, -1, -1)
    return joint, [p[first] for p in placed], ordered


def _lattice(
    frame: pl.DataFrame,
    codes: Sequence[Codes],
    ladders: Sequence[Hierarchy],
    values: Ints | None,
    judge: Judge,
    weights: Ints | None,
) -> Generalised:
    table = Rows(tuple(code.values for code in codes), values, weights)
    found = search(ladders, table, judge.bounds, judge)
    node = found.node
    chosen = [ladder.levels[level] for ladder, level in zip(ladders, node.levels, strict=True)]
    keys = [level.of[code.values] for level, code in zip(chosen, codes, strict=True)]
    hidden = None
    if node.suppressed:
        classes, sizes = combine(keys, [level.size for level in chosen], frame.height)
        hidden = judge.bad_classes(classes, len(sizes), values, weights)[classes]
    columns = []
    for ladder, level, key in zip(ladders, chosen, keys, strict=True):
        labels, places = level.labels, key
        if hidden is not None:
            labels = pl.concat([labels, pl.Series(labels.name, [REDACTED])])
            places = np.where(hidden, level.size, key)
        columns.append(labels[places].alias(ladder.column))
    names = [ladder.column for ladder in ladders]
    return Generalised(
        frame=frame.with_columns(columns),
        method="lattice",
        k=int(found.sizes.min()) if len(found.sizes) else 0,
        classes=len(found.sizes),
        suppressed_rows=node.suppressed,
        utility=utility_of(
            found.sizes, table.number, judge.bounds.k, node.loss, _precision(ladders, node.levels)
        ),
        levels=dict(zip(names, node.levels, strict=True)),
        heights={ladder.column: ladder.height for ladder in ladders},
        operators={
            ladder.column: _operator(ladder, level)
            for ladder, level in zip(ladders, node.levels, strict=True)
        },
        checked=found.checked,
        nodes=found.nodes,
    )


def _operator(ladder: Hierarchy, level: int) -> OperatorSpec | None:
    rung = ladder.levels[level].rung
    if isinstance(rung, OperatorSpec):
        return rung
    return OperatorSpec("drop") if level == ladder.height and level > 0 else None


def _precision(ladders: Sequence[Hierarchy], levels: Sequence[int]) -> float:
    steps = [level / ladder.height for ladder, level in zip(ladders, levels, strict=True) if ladder.height]
    return sum(steps) / len(ladders) if ladders else 0.0


def _mondrian(
    frame: pl.DataFrame,
    quasi: Sequence[str],
    codes: Sequence[Codes],
    values: Ints | None,
    judge: Judge,
    method: Method,
) -> Generalised:
    everything = judge.bad_classes(np.zeros(frame.height, dtype=np.int64), 1, values, None)
    if everything.any():
        raise WrongUse(
            "整张表作为一组也达不到要求：行数或敏感取值太少。",
            "Even all rows as one group break the bounds: too few rows or sensitive values.",
        )
    orders = [ranks(code.labels) for code in codes]
    points = [places[code.values] for (places, _), code in zip(orders, codes, strict=True)]
    boxes = partition(points, values, judge, strict=method == "mondrian")
    columns, loss = [], 0.0
    sizes = add_up(boxes.of, len(boxes.low), None)
    for index, (name, code, (places, numbers)) in enumerate(zip(quasi, codes, orders, strict=True)):
        low, high = boxes.low[:, index], boxes.high[:, index]
        labels = _ranges(code.labels, places, low, high, numbers=numbers)
        columns.append(labels[boxes.of].alias(name))
        width = max(int(places.max()) if len(places) else 0, 1)
        # What is shown as *** can no longer be told from anything.
        extent = np.where((labels == REDACTED).to_numpy(), width, high - low)
        loss += float((extent * sizes).sum()) / width
    loss /= max(len(quasi) * frame.height, 1)
    # Boxes of the relaxed method may show the same ranges: what is seen are the shown combinations.
    shown = [encode(column) for column in columns]
    _, seen = combine([c.values for c in shown], [c.size for c in shown], frame.height)
    return Generalised(
        frame=frame.with_columns(columns),
        method=method,
        k=int(seen.min()) if len(seen) else 0,
        classes=len(seen),
        suppressed_rows=0,
        utility=utility_of(seen, frame.height, judge.bounds.k, loss, None),
        levels={},
        heights={},
        operators={},
    )


def _ranges(labels: pl.Series, places: Ints, low: Ints, high: Ints, *, numbers: bool) -> pl.Series:
    """(boxes,) what is shown: the cell, or the first and last of a range; of text that is not a number, a
    date or a code the extent is a list of all that may be meant when it is short, else ``***``."""
    first = np.zeros(int(places.max()) + 1 if len(places) else 1, dtype=np.int64)
    first[places[::-1]] = np.arange(len(places) - 1, -1, -1)
    by_place = labels.gather(first).to_list()
    ordered = numbers or bool(labels.filter(labels != "").str.contains(r"^[\d\-/.:年月日T ]+$").all())
    made = []
    for a, b in zip(low.tolist(), high.tolist(), strict=True):
        if a == b:
            made.append(by_place[a])
        elif ordered:
            made.append(f"{by_place[a]}～{by_place[b]}")
        else:
            made.append("、".join(by_place[a : b + 1]) if b - a < 4 else REDACTED)
    return pl.Series(labels.name, made, dtype=pl.String)
