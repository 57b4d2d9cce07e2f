"""How coarse the quasi-identifiers of a suggestion must be so that k holds with the least loss.

The suggestion for a single column (a date of birth to its year, an address to its county) is the finest
that may leave. Where the combinations of these still single out many rows, local suppression would hide
whole columns; a search over coarser classes (``risk.reach``) loses less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from anonymize.entities import Entity
from anonymize.errors import WrongUse
from anonymize.findings import OperatorSpec
from anonymize.operators import REDACTED, OperatorContext, get_operator
from anonymize.policy import ColumnRule
from anonymize.readers.table import Table
from anonymize.risk import Bounds, Groups, plan_suppression, reach
from anonymize.risk.hierarchy import Rung

MOST_ROWS = 200_000
"""Rows that are looked at: k held among some rows holds among all."""
_LOST = (0.0, 0.02, 0.1, 0.3)
"""Shares of rows that a search may leave to local suppression, so that a few odd rows do not coarsen a whole
column. Each is tried: which loses least depends on the table."""
_COARSER: dict[str, tuple[str, ...]] = {
    "month": ("quarter", "year", "decade"),
    "quarter": ("year", "decade"),
    "year": ("decade",),
    "county": ("city", "province"),
    "city": ("province",),
    "code6": ("code4", "code2"),
    "code4": ("code2",),
}
_DOUBLINGS = 3
_AUTO = {Entity.DATE_OF_BIRTH: "year", Entity.ADDRESS: "county"}
_NO_KEY = bytes(32)
"""Classes and masks depend on no key."""


def settle_levels(
    table: Table, rules: Sequence[ColumnRule], quasi: Sequence[str], k: int
) -> tuple[dict[str, OperatorSpec], dict[str, tuple[OperatorSpec, ...]]]:
    """The operator for each quasi-identifier, and the ladder that it was chosen from.

    Args:
        table: the source; its first ``MOST_ROWS`` rows are read.
        rules: the rules of all columns; those of ``quasi`` are the finest that may be chosen.
        quasi: the quasi-identifiers.
        k: rows of a class, at least.

    Returns:
        Only the columns that become coarser than their rule; empty when k holds already, or when local
        suppression of the finest classes loses less than any coarser ones.
    """
    by_name = {rule.name: rule for rule in rules}
    head = _head(table, list(quasi))
    if head.height < k:
        return {}, {}
    ladders = {name: _ladder(by_name[name]) for name in quasi}
    finest = pl.DataFrame([_finest(head[name], by_name[name]) for name in quasi])
    fixed = [name for name in quasi if by_name[name].operator.name == "keep"]
    choices = [_search(finest, quasi, ladders, Bounds(k=k, suppress=share)) for share in _LOST]
    outcomes = [(choice, _after(finest, choice, fixed, k)) for choice in [*choices, {}]]
    best, after = min(outcomes, key=lambda outcome: _loss(finest, outcome[1]))
    # A class of which suppression leaves nothing says no more than one fixed text.
    best |= {name: OperatorSpec("redact") for name in quasi if _hidden(after[name])}
    return best, {name: (_spec(by_name[name]), *ladders[name]) for name in best if ladders[name]}


def _search(
    finest: pl.DataFrame, quasi: Sequence[str], ladders: Mapping[str, Sequence[Rung]], bounds: Bounds
) -> dict[str, OperatorSpec]:
    """The columns that must become coarser; empty when no choice of levels keeps to the bounds."""
    try:
        found = reach(finest, quasi, bounds, hierarchies=ladders)
    except WrongUse:
        return {}
    return {
        name: OperatorSpec("redact") if spec.name == "drop" else spec
        for name, spec in found.operators.items()
        if spec is not None
    }


def _after(
    finest: pl.DataFrame, chosen: Mapping[str, OperatorSpec], fixed: Sequence[str], k: int
) -> pl.DataFrame:
    """The columns after these operators and the suppression that k then still needs."""
    shown = pl.DataFrame([_shown(column, chosen.get(column.name)) for column in finest])
    groups = Groups(finest.columns)
    groups.add(shown)
    return plan_suppression(groups, [name for name in fixed if name not in chosen], k).apply(shown)


def _hidden(column: pl.Series) -> bool:
    return bool(column.is_in([REDACTED, ""]).all() and (column == REDACTED).any())


def _loss(finest: pl.DataFrame, after: pl.DataFrame) -> float:
    """Mean loss of a cell, 0 to 1.

    A cell loses the share of the column's other classes that it can no longer be told from; a hidden one
    loses all (V. Iyengar, KDD 2002).
    """
    total = 0.0
    for column in finest:
        classes = column.n_unique()
        cells = pl.DataFrame({"finest": column, "shown": after[column.name]})
        leaves = (pl.col("finest").n_unique().over("shown") - 1) / max(classes - 1, 1)
        lost = pl.when(pl.col("shown") == REDACTED).then(1.0).otherwise(leaves)
        total += float(cells.select(lost.mean()).item())
    return total / finest.width


def _shown(column: pl.Series, spec: OperatorSpec | None) -> pl.Series:
    if spec is None:
        return column
    operator = get_operator(spec.name)
    made = operator(column, operator.parse(spec.params), OperatorContext(_NO_KEY, column.name))
    return column if made is None else made


def _head(table: Table, names: list[str]) -> pl.DataFrame:
    parts: list[pl.DataFrame] = []
    rows = 0
    for batch in table.batches():
        parts.append(batch.select(names))
        rows += batch.height
        if rows >= MOST_ROWS:
            break
    return pl.concat(parts).head(MOST_ROWS) if parts else pl.DataFrame({name: [] for name in names})


def _spec(rule: ColumnRule) -> OperatorSpec:
    """The rule's operator with ``auto`` spelt out."""
    to = rule.operator.params.get("to", "auto")
    if rule.operator.name == "generalise" and to == "auto" and rule.entity in _AUTO:
        return OperatorSpec("generalise", {"to": _AUTO[rule.entity]})
    return rule.operator


def _ladder(rule: ColumnRule) -> tuple[OperatorSpec, ...]:
    """The coarser classes above the rule's own."""
    spec = _spec(rule)
    if spec.name != "generalise":
        return ()
    if spec.params.get("to") == "band" and (width := spec.params.get("width")):
        steps = (width * 2**n for n in range(1, _DOUBLINGS + 1))
        return tuple(OperatorSpec("generalise", {"to": "band", "width": step}) for step in steps)
    return tuple(
        OperatorSpec("generalise", {"to": to}) for to in _COARSER.get(str(spec.params.get("to")), ())
    )


def _finest(cells: pl.Series, rule: ColumnRule) -> pl.Series:
    """Each cell as the first cell of its class, so that the search starts from the class and not from it."""
    spec = rule.operator
    operator = get_operator(spec.name)
    context = OperatorContext(_NO_KEY, rule.name, rule.entity)
    classes = operator(cells, operator.parse(spec.params), context)
    if classes is None or spec.name != "generalise":
        return (cells if classes is None else classes).alias(rule.name)
    frame = pl.DataFrame({"cell": cells, "class": classes})
    first = frame.with_columns(pl.col("cell").first().over("class"))
    hidden = pl.col("class").is_in([REDACTED, ""])
    return (
        first.select(pl.when(hidden).then(pl.col("class")).otherwise(pl.col("cell")))
        .to_series()
        .alias(rule.name)
    )
