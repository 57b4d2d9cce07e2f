"""Numbers as departments write them: ``1,234.50``, ``35岁``, ``－３``; read exactly, written alike."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from anonymize.operators.normal import folded

UNITS = (
    "岁|周岁|元|万元|亿元|亩|公顷|人|户|次|个|件|年|月|天|日|公里|千米|米|平方米|㎡|m2|千克|公斤|吨|度|分|%"
)
# Fifteen digits are what a float holds exactly.
_NUMBER = rf"^(?P<n>[+-]?\d{{1,15}}(?:\.(?P<d>\d{{1,6}}))?)\s*(?P<u>{UNITS})?$"
_LARGEST = 10**15


def read_numbers(values: pl.Series) -> pl.DataFrame:
    """``n`` (``Float64``, null where the cell is no number), ``d`` (decimals written) and ``u`` (unit)."""
    plain = folded(values).str.replace_all(r"(\d),(\d{3})", "$1$2")
    groups = plain.str.extract_groups(_NUMBER).struct.unnest()
    frame = groups.with_columns(
        pl.col("n").cast(pl.Float64, strict=False),
        pl.col("d").str.len_bytes().fill_null(0).cast(pl.Int64),
        pl.col("u").fill_null(""),
    )
    exact = pl.col("n").abs() * 10 ** pl.col("d") < _LARGEST
    return frame.with_columns(pl.when(exact).then(pl.col("n")).alias("n"))


def write_numbers(number: pl.Expr, decimals: pl.Expr) -> pl.Expr:
    """``number`` with this many decimals (0–6), half away from zero; null where it has over 15 digits."""
    factor = (pl.lit(10).cast(pl.Int64) ** decimals).cast(pl.Int64)
    # The product of a decimal may fall just under the half: 2.675 is 267.49999999999994 hundredths.
    scaled = (number.abs() * factor + 0.5 + 1e-9).floor()
    units = pl.when(scaled < _LARGEST).then(scaled).cast(pl.Int64)
    whole = (units // factor).cast(pl.String)
    part = (units % factor).cast(pl.String).str.zfill(decimals)
    sign = pl.when((number < 0) & (units > 0)).then(pl.lit("-")).otherwise(pl.lit(""))
    return sign + whole + pl.when(decimals > 0).then("." + part).otherwise(pl.lit(""))


def decimals_of(number: float) -> int:
    """How many decimals a parameter is written with: 0.25 has two, 1e3 none; at most six."""
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return min(6, max(0, -exponent)) if isinstance(exponent, int) else 0
