"""``noise``: a random number is added to each number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.operators.keyed import Words, fractions, row_words
from anonymize.operators.numbers import read_numbers, write_numbers
from anonymize.operators.params import Unfit
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator

Distribution = Literal["laplace", "gaussian", "uniform"]


@dataclass(frozen=True, slots=True)
class NoiseParams:
    """``scale``: Laplace's b, the standard deviation, or half the width of the uniform distribution.

    ``low``, ``high``: the result is kept within these bounds, e.g. no negative amount.
    """

    scale: float
    distribution: Distribution = "laplace"
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if not 1e-6 <= self.scale < 10**12:
            raise Unfit("scale 应大于 0，至多 12 位", "scale: above 0, at most 12 digits")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise Unfit("low 应小于 high", "low must lie below high")


@operator("noise", NoiseParams, zh="加噪", en="Add noise", effect=Effect.CHANGED)
def noise(column: pl.Series, params: NoiseParams, ctx: OperatorContext) -> pl.Series:
    """Adds a random number to each number: whole numbers stay whole, decimals keep their places.

    The noise depends on the release's own key, the column and the row, never on the cell or on a seed
    that could be tried. Sums and means stay about right, a single value does not. This is no proof of
    differential privacy: numbers that occur once in a record are perturbed, nothing is counted.
    """
    words = row_words(ctx.derive(f"noise/{ctx.column}", fresh=True), ctx.rows(len(column)))
    added = _DRAW[params.distribution](words) * params.scale
    frame = read_numbers(column).with_columns(pl.Series("e", added), column.alias("raw"))
    low, high = _bound(params.low, up=True), _bound(params.high, up=False)
    sum_ = pl.col("n") + pl.col("e")
    # Where no number of so many decimals lies between the bounds, none can be written.
    kept = pl.when((low <= high).fill_null(True)).then(pl.min_horizontal(pl.max_horizontal(sum_, low), high))
    made = write_numbers(pl.when(pl.col("n").is_not_null()).then(kept), pl.col("d")) + pl.col("u")
    empty = pl.col("raw").str.strip_chars() == ""
    return frame.select(pl.when(empty).then(pl.lit("")).otherwise(made.fill_null(REDACTED))).to_series()


def _bound(bound: float | None, *, up: bool) -> pl.Expr:
    """The nearest number inside the bound that has the decimals of the cell: rounding may not pass it."""
    if bound is None:
        return pl.lit(None, pl.Float64)
    factor = pl.lit(10.0) ** pl.col("d")
    # 2.7 × 10 is 27.000000000000004 tenths: a hair of room keeps the bound itself inside.
    scaled = bound * factor
    return ((scaled - 1e-9).ceil() if up else (scaled + 1e-9).floor()) / factor


Floats = npt.NDArray[np.float64]


def _laplace(words: Words) -> Floats:
    u = fractions(words[:, 0]) - 0.5
    drawn: Floats = -np.sign(u) * np.log1p(-2 * np.abs(u))
    return drawn


def _gaussian(words: Words) -> Floats:
    """G. E. P. Box, M. E. Muller (1958)."""
    radius = np.sqrt(-2 * np.log(fractions(words[:, 0])))
    drawn: Floats = radius * np.cos(2 * np.pi * fractions(words[:, 1]))
    return drawn


def _uniform(words: Words) -> Floats:
    return fractions(words[:, 0]) * 2 - 1


_DRAW = {"laplace": _laplace, "gaussian": _gaussian, "uniform": _uniform}
