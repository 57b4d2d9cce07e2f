"""What top-coding and bottom-coding share: numbers beyond a limit become the limit."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import polars as pl

from anonymize.operators.normal import over_distinct
from anonymize.operators.numbers import decimals_of, read_numbers, write_numbers
from anonymize.operators.params import Unfit
from anonymize.operators.registry import REDACTED


@dataclass(frozen=True, slots=True)
class CodeParams:
    """``limit``: the last number shown. ``mark``: put ``≥`` or ``≤`` before it."""

    limit: float
    mark: bool = False

    def __post_init__(self) -> None:
        if not isfinite(self.limit) or abs(self.limit) >= 10**15:
            raise Unfit("limit 应为至多 15 位的数", "limit: a number of at most 15 digits")


def coded(column: pl.Series, params: CodeParams, *, above: bool) -> pl.Series:
    """``column`` with what lies ``above`` (or below) the limit replaced; what is no number is hidden."""
    sign = ("≥" if above else "≤") if params.mark else ""

    def code(values: pl.Series) -> pl.Series:
        frame = read_numbers(values).with_columns(values.alias("raw"))
        n = pl.col("n")
        beyond = n > params.limit if above else n < params.limit
        limit = pl.lit(sign) + write_numbers(pl.lit(params.limit), pl.lit(decimals_of(params.limit)))
        made = pl.when(beyond).then(limit + pl.col("u")).when(n.is_not_null()).then(pl.col("raw"))
        return frame.select(made.otherwise(pl.lit(REDACTED)).alias(values.name)).to_series()

    return over_distinct(column, code)
