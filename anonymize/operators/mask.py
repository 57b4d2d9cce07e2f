"""``mask``: a small, fixed part stays readable, the rest becomes stars."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import polars as pl

from anonymize.entities import Entity
from anonymize.operators import usual
from anonymize.operators.normal import compact, folded
from anonymize.operators.params import Unfit
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator
from anonymize.operators.surnames import COMPOUND, name_pattern, single_surnames

Pattern = Literal[
    "auto",
    "any",
    "person",
    "resident_id",
    "mobile",
    "landline",
    "bank_card",
    "passport",
    "email",
    "plate",
    "uscc",
    "address",
    "date",
]

PATTERN_OF: dict[Entity, Pattern] = {
    Entity.PERSON: "person",
    Entity.RESIDENT_ID: "resident_id",
    Entity.MOBILE: "mobile",
    Entity.LANDLINE: "landline",
    Entity.BANK_CARD: "bank_card",
    Entity.PASSPORT: "passport",
    Entity.EMAIL: "email",
    Entity.PLATE: "plate",
    Entity.USCC: "uscc",
}
"""What ``auto`` means in a column of each kind; every other kind is masked whole."""


@dataclass(frozen=True, slots=True)
class MaskParams:
    """``pattern``: what a cell must look like; ``auto`` takes the column's entity.

    ``keep_start``/``keep_end``: characters left readable (default: of the pattern). However they are
    set, at least half of the characters are hidden: the end gives way first, then the start.
    """

    pattern: Pattern = "auto"
    keep_start: int | None = None
    keep_end: int | None = None

    def __post_init__(self) -> None:
        if any(n is not None and not 0 <= n <= 32 for n in (self.keep_start, self.keep_end)):
            raise Unfit("keep_start、keep_end 应为 0–32", "keep_start, keep_end: 0–32")


@dataclass(frozen=True, slots=True)
class _Shape:
    """``pattern`` on the compact form; ``length`` is what the number is taken for; default prefix/suffix."""

    pattern: str
    length: int
    start: int
    group: int = 0


_SHAPES: dict[str, _Shape] = {
    # GB 11643-1999, and the 15 digits before 1999: the region stays, birth date and serial go.
    "resident_id": _Shape(r"^(?:\d{17}[\dX]|\d{15})$", 18, 6),
    # YD/T number plan: the operator's three digits stay.
    "mobile": _Shape(r"^(?:(?:\+|00)?86)?(1[3-9]\d{9})$", 11, 3, group=1),
    # ISO/IEC 7812: the issuer's six digits stay.
    "bank_card": _Shape(r"^\d{13,19}$", 16, 6),
    "passport": _Shape(r"^[A-Z]{1,2}\d{7,8}$", 9, 1),
    # GA 36: province and issuing office stay.
    "plate": _Shape(r"^\p{Han}[A-Z][A-Z0-9]{4,6}[\p{Han}]?$", 7, 2),
    # GB 32100-2015: registering department, category and region stay.
    "uscc": _Shape(r"^[0-9A-HJ-NP-RTUWXY]{18}$", 18, 8),
}


@operator("mask", MaskParams, zh="掩码", en="Mask", effect=Effect.PART)
def mask(column: pl.Series, params: MaskParams, ctx: OperatorContext) -> pl.Series:
    """Leaves a fixed part of each value (surname, region, operator prefix) and hides the rest.

    A cell that does not look like the pattern (a typing error, two numbers, extra words) is hidden
    whole. The number of stars is fixed by the pattern, so a result says nothing about its length.
    """
    pattern = params.pattern
    if pattern == "auto":
        pattern = PATTERN_OF.get(ctx.entity, "any") if ctx.entity is not None else "any"
    return usual.in_turn(
        column,
        lambda cells: _by_bytes(cells, pattern, params),
        lambda cells: _at_once(cells, pattern, params),
        lambda cells: _carefully(cells, pattern, params),
    )


_USUAL = {
    "resident_id": r"^[0-9]{17}[0-9X]$",
    "mobile": r"^1[3-9][0-9]{9}$",
    "bank_card": r"^[0-9]{13,19}$",
}
"""How nearly all cells of a kind are written: these need no normal form."""

_SIZES = {"resident_id": (18,), "mobile": (11,), "bank_card": tuple(range(13, 20))}

_COMPOUND_HEAD = f"^(?:{'|'.join(COMPOUND)})"


def _by_bytes(column: pl.Series, pattern: Pattern, params: MaskParams) -> pl.Series | None:
    """The masked cells in the form that most have, null for every other; None when there is no such form."""
    if not column.len():
        return None
    if pattern == "person":
        return usual.surname_of(column, single_surnames(), frozenset(COMPOUND))
    if pattern == "email":
        return usual.mail_domain(column, _MAIL, REDACTED)
    if pattern not in _USUAL or params.keep_end:
        return None
    shape, size = _SHAPES[pattern], usual.usual_size(column, _SIZES[pattern])
    start, _ = _kept(shape.length, shape.start if params.keep_start is None else params.keep_start, 0)
    return usual.digits_begin(
        column, size, start, shape.length - start, "X" if pattern == "resident_id" else ""
    )


def _at_once(column: pl.Series, pattern: Pattern, params: MaskParams) -> pl.Series | None:
    """The masked cells in the usual form, null for every other; None when there is no usual form."""
    if pattern == "person":
        # A group is dear to extract; which names begin with a surname of two characters is cheap to tell.
        frame = column.alias("v").to_frame()
        single = pl.col("v").str.contains(_one_name()) & ~pl.col("v").str.contains(_COMPOUND_HEAD)
        shown = pl.concat_str(pl.col("v").str.head(1), pl.lit("**"))
        return frame.select(pl.when(single).then(shown).alias(column.name)).to_series()
    if pattern == "email":
        return REDACTED + column.str.extract(rf"^[!-?A-~]+(@{_PUBLIC_MAIL})$", 1)
    if pattern not in _USUAL or params.keep_end:
        return None
    shape = _SHAPES[pattern]
    start, _ = _kept(shape.length, shape.start if params.keep_start is None else params.keep_start, 0)
    masked = column.str.head(start) + "*" * (shape.length - start)
    usual = column.str.contains(_USUAL[pattern])
    if usual.all():
        return masked
    frame = pl.DataFrame({"usual": usual, "masked": masked})
    return frame.select(pl.when("usual").then("masked").alias(column.name)).to_series()


@cache
def _one_name() -> str:
    return f"^{name_pattern()}$"


def _carefully(column: pl.Series, pattern: Pattern, params: MaskParams) -> pl.Series:
    """Every cell, in whatever form it is written."""
    if pattern in _SHAPES:
        masked = _mask_shape(column, _SHAPES[pattern], params)
    else:
        masked = _BY_WORDS.get(pattern, _mask_any)(column, params)
    frame = pl.DataFrame({"raw": column, "masked": masked})
    return frame.select(
        pl.when(pl.col("raw").str.strip_chars() == "")
        .then(pl.lit(""))
        .otherwise(pl.col("masked").fill_null(REDACTED))
        .alias(column.name)
    ).to_series()


def _kept(length: int, start: int, end: int) -> tuple[int, int]:
    """Prefix and suffix to show of ``length`` characters: never more than half together."""
    room = length // 2
    start = min(start, room)
    return start, min(end, room - start)


def _mask_shape(column: pl.Series, shape: _Shape, params: MaskParams) -> pl.Series:
    value = compact(column).str.extract(shape.pattern, shape.group)
    start, end = _kept(
        shape.length,
        shape.start if params.keep_start is None else params.keep_start,
        params.keep_end or 0,
    )
    stars = "*" * (shape.length - start - end)
    masked = value.str.slice(0, start) + stars
    if end:
        masked = masked + value.str.tail(end)
    if shape.length == 18 and shape.start == 6:
        # The 15-digit number has its birth date where the 18-digit one has its region's end: no suffix there.
        masked = (
            masked.to_frame("m")
            .with_columns(value.alias("v"))
            .select(
                pl.when(pl.col("v").str.len_chars() == 15)
                .then(pl.col("v").str.slice(0, min(start, 6)) + "*" * (shape.length - min(start, 6)))
                .otherwise(pl.col("m"))
            )
            .to_series()
        )
    return masked


def _mask_any(column: pl.Series, params: MaskParams) -> pl.Series:
    """A code of unknown shape: prefix and suffix only as far as they were asked for and hide half."""
    wanted_start, wanted_end = params.keep_start or 0, params.keep_end or 0
    frame = folded(column).to_frame("v").with_columns(room=pl.col("v").str.len_chars().cast(pl.Int64) // 2)
    start = pl.min_horizontal(pl.lit(wanted_start, pl.Int64), pl.col("room"))
    end = pl.min_horizontal(pl.lit(wanted_end, pl.Int64), pl.col("room") - start)
    return frame.select(
        pl.when(pl.col("v").str.contains(r"^[A-Za-z0-9\-_/]+$") & ((start + end) > 0))
        .then(pl.concat_str(pl.col("v").str.slice(0, start), pl.lit(REDACTED), pl.col("v").str.tail(end)))
        .otherwise(pl.lit(REDACTED))
        .alias(column.name)
    ).to_series()


def _mask_landline(column: pl.Series, _: MaskParams) -> pl.Series:
    """The area code stays when it is set apart or certain; the number and the extension go."""
    area = folded(column).str.extract(
        r"^(?:\(|\+?86[\s\-]?)?(0(?:10|2\d|[3-9]\d{2}))\)?[\s\-]?\d{7,8}(?:[\s\-转]*\d{0,6})$", 1
    )
    return area + "-********"


_PUBLIC_MAIL = (
    r"(?:qq|163|126|sina|sohu|139|189|aliyun|foxmail|gmail|outlook|hotmail|yeah|yahoo)"
    r"\.(?:com|net|cn|com\.cn)"
)
_MAIL = re.compile(_PUBLIC_MAIL)


def _mask_email(column: pl.Series, _: MaskParams) -> pl.Series:
    """Only the domain of a mail service for everybody stays; a firm's or a person's own domain names them."""
    domain = folded(column).str.to_lowercase().str.extract(rf"^[^@\s]+@({_PUBLIC_MAIL})$", 1)
    return REDACTED + "@" + domain


_TITLE = r"\s*[(（][^()（）]{1,12}[)）]$"
_SEPARATOR = r"\s*[、,，;；/|\n]\s*"


def _mask_person(column: pl.Series, _: MaskParams) -> pl.Series:
    """The surname stays, each given name becomes two stars; several names are masked one by one."""
    name = name_pattern()
    value = folded(column).str.replace(_TITLE, "")
    # 张 三: a two-character name padded to the width of three. 张三 李四: two names.
    value = value.str.replace(r"^(\p{Han})\s+(\p{Han})$", "$1$2").str.replace_all(rf"{_SEPARATOR}|\s+", "、")
    fits = value.str.contains(rf"^{name}(?:、{name})*$")
    masked = value.str.replace_all(rf"{name}(、|$)", "${1}**${2}")
    return (
        masked.to_frame("m")
        .select(pl.when(pl.lit(fits)).then(pl.col("m")).otherwise(pl.lit(REDACTED)))
        .to_series()
    )


_BY_WORDS: dict[str, Callable[[pl.Series, MaskParams], pl.Series]] = {
    "person": _mask_person,
    "landline": _mask_landline,
    "email": _mask_email,
}
