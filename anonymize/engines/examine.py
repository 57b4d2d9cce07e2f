"""What one batch proves, on whatever machine: counts that add up, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from anonymize.allow import AllowList
from anonymize.cells import lengths, same_cells
from anonymize.detect import Scanner
from anonymize.detect.batch import Batch
from anonymize.engines.leaks import Leaks, row_leaks
from anonymize.engines.plan import Moved, Plan
from anonymize.operators import REDACTED, Effect, get_operator
from anonymize.risk import Groups

_MUST_CHANGE = frozenset({Effect.PART, Effect.INVENTED})


@dataclass(slots=True)
class Cells:
    """Cells of one column in a batch: ``changed`` from the input, ``unchanged`` though they had to,
    ``suppressed`` for k."""

    empty: int = 0
    changed: int = 0
    unchanged: int = 0
    suppressed: int = 0


@dataclass(slots=True)
class Partial:
    """The evidence of one batch. It can be pickled and added to that of any other batch.

    ``unequal``: the input cells of kept columns that did not stay equal, which never happens; ``rescan``:
    what the re-scan saw of the columns that have to be looked at again.
    """

    read: int
    rows: int
    rows_out: int
    cells: Mapping[str, Cells]
    unequal: Mapping[str, pl.Series]
    leaks: Leaks
    groups: Groups
    sensitive: Mapping[str, Groups]
    rescan: Scanner = field(repr=False)


def examine(plan: Plan, moved: Moved, again: tuple[str, ...], batch: Batch | None = None) -> Partial:
    """Count what a batch shows.

    Args:
        plan: carried out on the batch.
        moved: the batch.
        again: published columns whose cells the re-scan has to look at.
        batch: the rows as read, when a scan looks at them too: what is known of them is not found twice.
    """
    before, after = moved.before, moved.after
    seen_before, seen = _seen(plan, moved, batch)
    quasi = plan.policy.quasi_identifiers
    groups = Groups(quasi)
    groups.add(after)
    sensitive = {name: Groups([*quasi, name]) for name in plan.policy.sensitive if quasi}
    for both in sensitive.values():
        both.add(after)
    cells, unequal = {}, {}
    for rule in plan.policy.columns:
        name = rule.name
        cells[name] = _count(rule.operator.name, before[name], moved.plain, after, plan.allow)
        if rule.operator.name == "keep" and cells[name].changed:
            unequal[name] = before[name]
    rescan = Scanner(again)
    rescan.feed(seen)
    return Partial(
        read=moved.read,
        rows=before.height,
        rows_out=after.height,
        cells=cells,
        unequal=unequal,
        leaks=row_leaks(seen_before, seen, plan.identifiers, plan.texts),
        groups=groups,
        sensitive=sensitive,
        rescan=rescan,
    )


def _seen(plan: Plan, moved: Moved, batch: Batch | None) -> tuple[Batch, Batch]:
    """The rows before and after, without what the policy lets everybody see."""
    if plan.allow:
        return Batch(plan.allow.hide_frame(moved.before)), Batch(plan.allow.hide_frame(moved.after))
    before = Batch(moved.before, batch)
    return before, Batch(moved.after, before)


def _count(
    operator: str, cells: pl.Series, plain: pl.DataFrame, after: pl.DataFrame, allow: AllowList
) -> Cells:
    name = cells.name
    empty = int((lengths(cells) == 0).sum())
    if name not in after.columns:
        return Cells(empty=empty, changed=cells.len())
    left = after[name]
    if operator == "keep" and same_cells(cells, left):
        return Cells(empty=empty)
    differs = cells != left
    counted = Cells(empty=empty, changed=int(differs.sum()))
    if operator != "keep" and plain is not after:
        counted.suppressed = int((plain[name] != left).sum())
    if get_operator(operator).effect in _MUST_CHANGE and counted.changed < cells.len():
        same = cells.filter(~differs)
        held = (same.str.strip_chars() != "") & ~same.str.contains(REDACTED, literal=True)
        if allow:
            held = held & ~allow.cells(name, same)
        counted.unchanged = int(held.sum())
    return counted
