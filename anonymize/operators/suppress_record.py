"""``suppress_record``: records of a kind do not leave at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from anonymize.operators.normal import folded
from anonymize.operators.numbers import read_numbers
from anonymize.operators.params import Unfit
from anonymize.operators.registry import Effect, OperatorContext, Scope, operator

When = Literal["equals", "empty", "above", "below"]


@dataclass(frozen=True, slots=True)
class SuppressRecordParams:
    """``column``: the one that decides. ``when``: its cell ``equals`` one of ``values``, is ``empty``, or
    is a number ``above`` or ``below`` ``limit``."""

    column: str
    when: When
    values: tuple[str, ...] = ()
    limit: float | None = None

    def __post_init__(self) -> None:
        if (self.when == "equals") != bool(self.values):
            raise Unfit(
                "values 只用于 when: equals，equals 须写 values",
                "values belong to equals, and equals needs them",
            )
        if (self.when in ("above", "below")) != (self.limit is not None):
            raise Unfit(
                "limit 只用于 when: above、below，二者须写 limit",
                "limit belongs to above and below, and they need it",
            )


@operator(
    "suppress_record",
    SuppressRecordParams,
    zh="抑制记录",
    en="Suppress record",
    effect=Effect.GONE,
    scope=Scope.RECORD,
)
def suppress_record(column: pl.Series, params: SuppressRecordParams, ctx: OperatorContext) -> pl.Series:
    """Leaves out every record whose cell meets the condition.

    Under ``above`` and ``below`` a cell that is neither empty nor a number cannot be judged: its record
    is left out as well.
    """
    plain = folded(column)
    if params.when == "equals":
        return ~plain.is_in(folded(pl.Series(params.values, dtype=pl.String)).implode())
    if params.when == "empty":
        return plain != ""
    frame = read_numbers(column).with_columns(plain.alias("raw"))
    within = pl.col("n") <= params.limit if params.when == "above" else pl.col("n") >= params.limit
    return frame.select(
        pl.when(pl.col("raw") == "").then(True).otherwise(within.fill_null(False))
    ).to_series()
