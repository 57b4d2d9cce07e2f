"""``generalise``: a value becomes the class that it belongs to."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from anonymize.entities import Entity
from anonymize.operators.gazetteer import generalise_address, province_codes
from anonymize.operators.normal import folded
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
            raise ValueError("width or edges belong to band, and band needs one of them")
        if self.width is not None and (self.edges or self.width <= 0):
            raise ValueError("width must be above 0 and stand without edges")
        if any(a >= b for a, b in itertools.pairwise(self.edges)):
            raise ValueError("edges must ascend")


_AUTO: dict[Entity, Target] = {Entity.DATE_OF_BIRTH: "year", Entity.ADDRESS: "county"}


@operator("generalise", GeneraliseParams, zh="泛化", en="Generalise", effect=Effect.CLASS)
def generalise(column: pl.Series, params: GeneraliseParams, ctx: OperatorContext) -> pl.Series:
    """Replaces a date by its year, an address by its county, a number by its band.

    A cell that is not understood as such is hidden whole (``***``), never passed through.
    """
    to = params.to
    if to == "auto":
        to = _AUTO.get(ctx.entity, "auto") if ctx.entity is not None else "auto"
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


_TIME = r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_SEPARATED = rf"^(?P<y>\d{{4}})\s*[-/.年]\s*(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})日?{_TIME}$"
_SOLID = r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$"
_MONTH = r"^(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})月?$"
_YEAR = r"^(?P<y>\d{4})年?$"


def _dates(values: pl.Series, to: Target) -> pl.Series:
    frame = folded(values).alias("v").to_frame()

    def part(name: str, *patterns: str) -> pl.Expr:
        return pl.coalesce([pl.col("v").str.extract_groups(p).struct.field(name) for p in patterns]).cast(
            pl.Int32
        )

    frame = frame.select(
        y=part("y", _SEPARATED, _SOLID, _MONTH, _YEAR),
        m=part("m", _SEPARATED, _SOLID, _MONTH),
        d=part("d", _SEPARATED, _SOLID),
    ).with_columns(
        # A real calendar day; a month or year alone counts as its first day.
        day=pl.concat_str(
            pl.col("y").cast(pl.String).str.zfill(4),
            pl.lit("-"),
            pl.col("m").fill_null(1).cast(pl.String).str.zfill(2),
            pl.lit("-"),
            pl.col("d").fill_null(1).cast(pl.String).str.zfill(2),
        ).str.to_date("%Y-%m-%d", strict=False)
    )
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
    certain = pl.col("day").is_not_null() & pl.col("y").is_between(1800, 2200)
    return frame.select(pl.when(certain).then(label).alias(values.name)).to_series()


def _codes(values: pl.Series, digits: int) -> pl.Series:
    code = folded(values).str.extract(r"^(\d{6}|\d{9}|\d{12})$", 1)
    frame = code.alias("c").to_frame()
    return frame.select(
        pl.when(pl.col("c").str.slice(0, 2).is_in(province_codes())).then(pl.col("c").str.slice(0, digits))
    ).to_series()


# Fifteen digits are what a float holds exactly.
_NUMBER = r"^([+-]?\d{1,15}(?:\.\d{1,6})?)\s*(?:岁|周岁|元|万元|亩|人|户|次|年|月|天|平方米|㎡|m2)?$"


def _bands(values: pl.Series, params: GeneraliseParams) -> pl.Series:
    number = folded(values).str.replace_all(r"(\d),(\d{3})", "$1$2").str.extract(_NUMBER, 1).cast(pl.Float64)
    frame = number.alias("n").to_frame()
    n = pl.col("n")
    if params.width is not None:
        low = (n / params.width).floor() * params.width
        return frame.select(_band_label(low, low + params.width, whole=params.width % 1 == 0)).to_series()
    edges = params.edges
    whole = all(edge % 1 == 0 for edge in edges)
    label: Any = pl.when(n < edges[0]).then(pl.lit(f"<{edges[0]:g}"))
    for low_edge, high_edge in itertools.pairwise(edges):
        label = label.when(n < high_edge).then(_band_label(pl.lit(low_edge), pl.lit(high_edge), whole=whole))
    return frame.select(label.when(n >= edges[-1]).then(pl.lit(f"≥{edges[-1]:g}"))).to_series()


def _band_label(low: pl.Expr, high: pl.Expr, *, whole: bool) -> pl.Expr:
    """``20～29`` between whole numbers (29.5 belongs to it), ``[0.5,1)`` otherwise."""
    if not whole:
        low, high = (edge.round(6).cast(pl.String) for edge in (low, high))
        return pl.concat_str(pl.lit("["), low, pl.lit(","), high, pl.lit(")"))
    low, high = (edge.round(0).cast(pl.Int64).cast(pl.String) for edge in (low, high - 1))
    return pl.concat_str(low, pl.lit("～"), high)
