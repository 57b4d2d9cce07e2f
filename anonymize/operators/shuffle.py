"""``shuffle``: the cells of a column change places."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.errors import WrongUse
from anonymize.operators.keyed import permuted
from anonymize.operators.registry import Effect, OperatorContext, operator


@dataclass(frozen=True, slots=True)
class ShuffleParams:
    """No parameters: the order follows from the release's key, and no two columns share it."""


@operator("shuffle", ShuffleParams, zh="列内置换", en="Shuffle", effect=Effect.WHOLE, whole=True)
def shuffle(column: pl.Series, params: ShuffleParams, ctx: OperatorContext) -> pl.Series:
    """Gives the cells of a column to other rows, in an order that only the destroyed key knew.

    Every distribution of the column stays as it was, every relation to other columns goes. Empty cells
    stay where they are. The column is read whole before, so it has to fit into memory.
    """
    whole = ctx.whole
    if whole is None:
        if ctx.row is not None:
            raise WrongUse(
                "算子 shuffle 需要先读取整列，不能只处理一批。",
                "Operator shuffle has to see the whole column, not a batch of it.",
            )
        whole = column
    filled = whole.str.strip_chars() != ""
    pool = whole.filter(filled)
    # The place of each row among those that are not empty.
    rank = (filled.cast(pl.Int64).cum_sum() - 1).gather(ctx.rows(len(column)))
    here = column.str.strip_chars() != ""
    places = rank.filter(here).cast(pl.UInt64)
    key = ctx.derive(f"shuffle/{ctx.column}", fresh=True)
    given = pool.gather(pl.Series(permuted(key, places, len(pool))))
    return pl.Series([""] * len(column), dtype=pl.String).scatter(here.arg_true(), given)
