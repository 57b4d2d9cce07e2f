"""``round``: a number becomes the nearest multiple of a step."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.geometry import rounded as rounded_place
from anonymize.operators.normal import over_distinct
from anonymize.operators.numbers import decimals_of, read_numbers, write_numbers
from anonymize.operators.params import Unfit
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator

_PLACE = r"(?i)^\s*(?:(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\b"


@dataclass(frozen=True, slots=True)
class RoundParams:
    """``step``: 100 gives hundreds, 0.5 gives halves."""

    step: float

    def __post_init__(self) -> None:
        if not 1e-6 <= self.step < 10**12:
            raise Unfit(
                "step 应大于 0，至多 12 位、6 位小数", "step: above 0, at most 12 digits and six decimals"
            )


@operator("round", RoundParams, zh="取整", en="Round", effect=Effect.CHANGED)
def round_(column: pl.Series, params: RoundParams, ctx: OperatorContext) -> pl.Series:
    """Replaces each number by the nearest multiple of ``step``, halves away from zero; units stay.

    An exact amount can be looked up elsewhere; one rounded to hundreds is shared by many. In a place as
    well-known text (``POINT (114.3055 30.5928)``) each coordinate is rounded: a step of 0.1 is 11 km.
    """
    decimals = decimals_of(params.step)

    def rounded(values: pl.Series) -> pl.Series:
        frame = read_numbers(values)
        n = pl.col("n")
        multiple = n.sign() * (n.abs() / params.step + 0.5 + 1e-9).floor() * params.step
        made = write_numbers(multiple, pl.lit(decimals)) + pl.col("u")
        numbers = frame.select(made.alias(values.name)).to_series()
        return _places(values, numbers, params.step).fill_null(REDACTED)

    return over_distinct(column, rounded)


def _places(values: pl.Series, made: pl.Series, step: float) -> pl.Series:
    """``made``, where it is null and the value is a place, with the place rounded."""
    if not made.null_count() or not values.str.contains(_PLACE).any():
        return made
    return pl.Series(
        values.name,
        [new if new is not None else _place(old, step) for old, new in zip(values, made, strict=True)],
        dtype=pl.String,
    )


def _place(text: str, step: float) -> str | None:
    try:
        return rounded_place(text, step)
    except ValueError:
        # No place either: the cell is hidden like any other that is not understood.
        return None
