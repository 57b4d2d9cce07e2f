"""``round``: a number becomes the nearest multiple of a step."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.operators.normal import over_distinct
from anonymize.operators.numbers import decimals_of, read_numbers, write_numbers
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator


@dataclass(frozen=True, slots=True)
class RoundParams:
    """``step``: 100 gives hundreds, 0.5 gives halves."""

    step: float

    def __post_init__(self) -> None:
        if not 1e-6 <= self.step < 10**12:
            raise ValueError("step: above 0, at most 12 digits and six decimals")


@operator("round", RoundParams, zh="取整", en="Round", effect=Effect.CHANGED)
def round_(column: pl.Series, params: RoundParams, ctx: OperatorContext) -> pl.Series:
    """Replaces each number by the nearest multiple of ``step``, halves away from zero; units stay.

    An exact amount can be looked up elsewhere; one rounded to hundreds is shared by many.
    """
    decimals = decimals_of(params.step)

    def rounded(values: pl.Series) -> pl.Series:
        frame = read_numbers(values)
        n = pl.col("n")
        multiple = n.sign() * (n.abs() / params.step + 0.5 + 1e-9).floor() * params.step
        made = write_numbers(multiple, pl.lit(decimals)) + pl.col("u")
        return frame.select(made.fill_null(REDACTED).alias(values.name)).to_series()

    return over_distinct(column, rounded)
