"""Local suppression: which cells must go so that no row stands out.

After counting, the classes with fewer than ``k`` rows lose one quasi-identifier after another, the one
with the most values first, until their rows are among ``k`` again. Only cells are lost, no row is. An
empty cell of such a row is replaced like any other, for that it is empty can single the row out too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from anonymize.operators import REDACTED
from anonymize.risk.groups import COUNT, Groups


@dataclass(frozen=True, slots=True)
class Suppression:
    """For each combination that changes: what stands there instead. Empty when nothing must go."""

    columns: tuple[str, ...]
    table: pl.DataFrame

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """``frame`` with the cells of rows that would stand out replaced by ``***``."""
        if self.table.is_empty():
            return frame
        joined = frame.join(
            self.table, on=list(self.columns), how="left", maintain_order="left", nulls_equal=True
        )
        return joined.with_columns(
            pl.coalesce(pl.col(f"\x00{name}"), pl.col(name)).alias(name) for name in self.columns
        ).select(frame.columns)


def plan_suppression(groups: Groups, fixed: Sequence[str], k: int) -> Suppression:
    """What to suppress so that every class has at least ``k`` rows.

    ``fixed``: quasi-identifiers whose cells must stay (operator ``keep``); when they alone single out
    rows, the remaining risk shows in the report. Rows that end with every quasi-identifier suppressed
    form one class; if it were too small, the smallest other class joins it.
    """
    columns = groups.columns
    shrinking = [name for name in columns if name not in set(fixed)]
    state = groups.frame.with_columns(pl.col(name).alias(f"\x00{name}") for name in columns)
    keys = [f"\x00{name}" for name in columns]
    order = sorted(shrinking, key=lambda name: (-groups.frame[name].n_unique(), columns.index(name)))
    for name in order:
        small = pl.col(COUNT).sum().over(keys) < k
        state = state.with_columns(
            pl.when(small).then(pl.lit(REDACTED)).otherwise(pl.col(f"\x00{name}")).alias(f"\x00{name}")
        )
    if shrinking:
        state = _fill_up(state, columns, shrinking, k)
    changed = pl.any_horizontal(pl.col(f"\x00{name}") != pl.col(name) for name in columns)
    return Suppression(tuple(columns), state.filter(changed).drop(COUNT) if columns else state)


def _fill_up(state: pl.DataFrame, columns: list[str], shrinking: list[str], k: int) -> pl.DataFrame:
    """Classes still too small take in the next larger ones with the same fixed cells."""
    keys = [f"\x00{name}" for name in columns]
    fixed = [key for key in keys if key[1:] not in shrinking]
    sized = state.with_columns(pl.col(COUNT).sum().over(keys).alias("\x00class"))
    if sized.filter(pl.col("\x00class") < k).is_empty():
        return state
    # Smallest classes first; all rows of a class move together. A class joins while those before it,
    # in its block of fixed cells, do not make k rows yet.
    classes = (
        sized.group_by(keys, maintain_order=True).agg(pl.col("\x00class").first()).sort("\x00class", *keys)
    )
    block: list[pl.Expr] = [pl.col(key) for key in fixed] or [pl.lit(0)]
    before = (pl.col("\x00class").cum_sum() - pl.col("\x00class")).over(block)
    has_small = (pl.col("\x00class").min() < k).over(block)
    joining = classes.filter(has_small & (before < k)).select(*keys, pl.lit(value=True).alias("\x00joins"))
    merged = state.join(joining, on=keys, how="left", nulls_equal=True)
    return merged.with_columns(
        pl.when(pl.col("\x00joins"))
        .then(pl.lit(REDACTED))
        .otherwise(pl.col(f"\x00{name}"))
        .alias(f"\x00{name}")
        for name in shrinking
    ).drop("\x00joins")
