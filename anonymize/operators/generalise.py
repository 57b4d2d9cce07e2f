"""``generalise``: a value becomes the class that it belongs to."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from anonymize.entities import Entity
from anonymize.operators import usual
from anonymize.operators.dates import read_days
from anonymize.operators.gazetteer import (
    generalise_address,
    generalise_common_heads,
    generalise_heads,
    province_codes,
)
from anonymize.operators.normal import folded
from anonymize.operators.numbers import decimals_of, read_numbers
from anonymize.operators.params import Unfit
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator

Target = Literal[
    "auto",
    "month",
    "quarter",
    "year",
    "decade",
    "county",
    "city",
    "province",
    "band",
    "code6",
    "code4",
    "code2",
]


@dataclass(frozen=True, slots=True)
class GeneraliseParams:
    """``to``: the class.

    Dates: ``month`` (1990-01), ``quarter`` (1990Q1), ``year`` (1990), ``decade`` (1990年代). Addresses:
    ``county``, ``city``, ``province``. Division codes of 6, 9 or 12 digits: ``code6``, ``code4``, ``code2``.
    Numbers: ``band`` of ``width``, or between ascending ``edges`` (each band holds its lower edge).
    ``auto``: year for a date of birth, county for an address.
    """

    to: Target = "auto"
    width: float | None = None
    edges: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if (self.to == "band") != bool(self.width is not None or self.edges):
            raise Unfit(
                "width、edges 只用于 to: band，band 须写其中一个",
                "width or edges belong to band, and band needs one of them",
            )
        if self.width is not None and (self.edges or not 1e-6 <= self.width < 10**15):
            # A band that is finer than what is written would show the number itself.
            raise Unfit(
                "width 应不小于 0.000001、至多 15 位，且不能与 edges 同用",
                "width: at least 0.000001, at most 15 digits, without edges",
            )
        if any(abs(edge) >= 10**15 or round(edge, 6) != edge for edge in self.edges):
            raise Unfit("edges 的每个数至多 15 位、6 位小数", "edges: at most 15 digits and six decimals")
        if any(a >= b for a, b in itertools.pairwise(self.edges)):
            raise Unfit("edges 应从小到大", "edges must ascend")


_AUTO: dict[Entity, Target] = {Entity.DATE_OF_BIRTH: "year", Entity.ADDRESS: "county"}


@operator("generalise", GeneraliseParams, zh="泛化", en="Generalise", effect=Effect.CLASS)
def generalise(column: pl.Series, params: GeneraliseParams, ctx: OperatorContext) -> pl.Series:
    """Replaces a date by its year, an address by its county, a number by its band.

    A cell that is not understood as such is hidden whole (``***``), never passed through.
    """
    to = params.to
    if to == "auto":
        to = _AUTO.get(ctx.entity, "auto") if ctx.entity is not None else "auto"
    return usual.in_turn(
        column,
        lambda cells: _by_bytes(cells, to),
        lambda cells: _at_once(cells, to),
        lambda cells: _carefully(cells, to, params),
    )


def _by_bytes(column: pl.Series, to: Target) -> pl.Series | None:
    """The classes of cells that begin as others do, or are days in ISO form; null for every other."""
    if to in ("county", "city", "province"):
        return generalise_common_heads(column, to)
    return usual.day_begins(column, 4 if to == "year" else 7) if to in ("year", "month") else None


def _at_once(column: pl.Series, to: Target) -> pl.Series | None:
    """The classes of cells in the usual form, null for every other; None when there is no usual form."""
    if to in ("county", "city", "province"):
        return generalise_heads(column, to)
    if to not in ("year", "month"):
        return None
    frame = column.alias("v").to_frame()
    day = pl.col("v").str.to_date("%Y-%m-%d", strict=False)
    usual = (pl.col("v").str.len_bytes() == 10) & day.dt.year().is_between(1800, 2200)
    shown = pl.col("v").str.head(4 if to == "year" else 7)
    return frame.select(pl.when(usual).then(shown).alias(column.name)).to_series()


def _carefully(column: pl.Series, to: Target, params: GeneraliseParams) -> pl.Series:
    """The class of every cell, in whatever form it is written."""
    values = column.unique()
    values = values.filter(values.str.strip_chars() != "")
    if values.is_empty():
        return pl.Series(column.name, [""] * len(column), dtype=pl.String)
    if to in ("county", "city", "province"):
        classes = generalise_address(values, to)
    elif to in ("month", "quarter", "year", "decade"):
        classes = _dates(values, to)
    elif to in ("code2", "code4", "code6"):
        classes = _codes(values, int(to[-1]))
    elif to == "band":
        classes = _bands(values, params)
    else:
        classes = pl.Series([None] * len(values), dtype=pl.String)
    return column.replace_strict(values, classes.fill_null(REDACTED), default="", return_dtype=pl.String)


def _dates(values: pl.Series, to: Target) -> pl.Series:
    year = pl.col("y").cast(pl.String).str.zfill(4)
    label = {
        "year": year,
        "decade": (pl.col("y") // 10 * 10).cast(pl.String).str.zfill(4) + "年代",
        "month": pl.when(pl.col("m").is_not_null()).then(
            year + "-" + pl.col("m").cast(pl.String).str.zfill(2)
        ),
        "quarter": pl.when(pl.col("m").is_not_null()).then(
            year + "Q" + ((pl.col("m") + 2) // 3).cast(pl.String)
        ),
    }[to]
    certain = pl.col("day").is_not_null()
    return read_days(values).select(pl.when(certain).then(label).alias(values.name)).to_series()


def _codes(values: pl.Series, digits: int) -> pl.Series:
    code = folded(values).str.extract(r"^(\d{6}|\d{9}|\d{12})$", 1)
    frame = code.alias("c").to_frame()
    return frame.select(
        pl.when(pl.col("c").str.slice(0, 2).is_in(province_codes())).then(pl.col("c").str.slice(0, digits))
    ).to_series()


_SAME = 4e-7
"""Numbers of six decimals that are nearer than this are equal."""


def _bands(values: pl.Series, params: GeneraliseParams) -> pl.Series:
    frame = read_numbers(values)
    n = pl.col("n")
    if params.width is not None:
        # 0.3 / 0.1 is 2.9999999999999996: a number on an edge (of at most six decimals) belongs above it.
        nearest = (n / params.width).round() * params.width
        low = (
            pl.when((nearest - n).abs() < _SAME)
            .then(nearest)
            .otherwise((n / params.width).floor() * params.width)
        )
        return frame.select(_band_label(low, low + params.width, whole=params.width % 1 == 0)).to_series()
    edges = params.edges
    whole = all(edge % 1 == 0 for edge in edges)
    label: Any = pl.when(n < edges[0]).then(pl.lit(f"<{_plain(edges[0])}"))
    for low_edge, high_edge in itertools.pairwise(edges):
        label = label.when(n < high_edge).then(_band_label(pl.lit(low_edge), pl.lit(high_edge), whole=whole))
    return frame.select(label.when(n >= edges[-1]).then(pl.lit(f"≥{_plain(edges[-1])}"))).to_series()


def _plain(number: float) -> str:
    """As people write it: 1000000, never 1e+06."""
    return f"{number:.{decimals_of(number)}f}"


def _band_label(low: pl.Expr, high: pl.Expr, *, whole: bool) -> pl.Expr:
    """``20～29`` between whole numbers (29.5 belongs to it), ``[0.5,1)`` otherwise."""
    if not whole:
        low, high = (edge.round(6).cast(pl.String) for edge in (low, high))
        return pl.concat_str(pl.lit("["), low, pl.lit(","), high, pl.lit(")"))
    low, high = (edge.round(0).cast(pl.Int64).cast(pl.String) for edge in (low, high - 1))
    return pl.concat_str(low, pl.lit("～"), high)
