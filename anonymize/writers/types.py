"""Whether a column's text can stand as its declared type without losing anything.

A type is taken only when every non-empty cell can be read in it and the value says all that the text
said; otherwise the column stays text. ``007`` is no integer, ``2020/1/2`` no ISO date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from anonymize.findings import DeclaredType
from anonymize.writers.base import FieldSpec

INTEGER = r"^-?(?:0|[1-9]\d{0,17})$"
DECIMAL = r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$"
DATE = r"^\d{4}-\d{2}-\d{2}$"
DATETIME = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"
_NOTHING = r"^-0(?:\.0*)?$"
FLOAT_DIGITS = 15
"""Significant decimal digits that an IEEE 754 double holds for certain."""
DECIMAL_DIGITS = 38


def fits(cell: pl.Expr, declared: DeclaredType) -> pl.Expr:
    """True where a non-empty cell is exactly a value of the type (``-0`` is not)."""
    if declared == "text":
        return pl.lit(value=True)
    if declared == "integer":
        return cell.str.contains(INTEGER) & (cell != "-0")
    if declared == "decimal":
        return cell.str.contains(DECIMAL) & ~cell.str.contains(_NOTHING) & (digits(cell) <= DECIMAL_DIGITS)
    if declared == "boolean":
        return cell.is_in(["true", "false"])
    if declared == "date":
        return cell.str.contains(DATE) & cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return cell.str.contains(DATETIME) & cell.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False).is_not_null()


def digits(cell: pl.Expr) -> pl.Expr:
    """How many digits a number is written with, leading zeros aside."""
    return cell.str.replace_all(r"[-.]", "").str.strip_chars_start("0").str.len_chars()


def settle(batches: Iterable[pl.DataFrame], fields: Sequence[FieldSpec]) -> tuple[FieldSpec, ...]:
    """The fields with the types that *every* cell bears out; the others become text.

    Reads all batches once. A decimal column gets ``scale`` when all its values have the same number of
    decimal places; without one it must fit a double exactly, and no value may end in a zero that the
    double would not keep (``2.50`` beside ``3``).
    """
    typed = {f.name: f for f in fields if f.declared_type != "text"}
    scales: dict[str, set[int]] = {name: set() for name, f in typed.items() if f.declared_type == "decimal"}
    widths: dict[str, int] = dict.fromkeys(scales, 0)
    padded = dict.fromkeys(scales, False)
    seen: set[str] = set()
    for batch in batches:
        for name, spec in list(typed.items()):
            cells = batch.select(pl.col(name).alias("c")).filter(pl.col("c") != "")
            if cells.is_empty():
                continue
            seen.add(name)
            if name not in scales:
                if not cells.select(fits(pl.col("c"), spec.declared_type).all()).item():
                    del typed[name]
                continue
            found = _decimals(cells["c"])
            if found is None:
                del typed[name]
                continue
            scales[name] |= found.places
            padded[name] |= found.padded
            widths[name] = max(widths[name], found.width)
    floats = {name for name, width in widths.items() if width <= FLOAT_DIGITS and not padded[name]}
    return tuple(_settled(spec, typed, scales, floats, seen) for spec in fields)


@dataclass(frozen=True, slots=True)
class _Decimals:
    """How decimals are written: ``width`` in digits, or more where that settles it already."""

    places: set[int]
    padded: bool
    width: int


def _decimals(cells: pl.Series) -> _Decimals | None:
    """What is said of decimals; None where some cell is none (:func:`fits`). Characters are counted where
    that says enough, which is far less work than a pattern."""
    if not cells.str.contains(DECIMAL).all():
        return None
    zeros = cells.filter(cells.str.starts_with("-0"))
    if zeros.str.contains(_NOTHING).any():
        return None
    longest = cells.str.len_bytes()
    width = int(longest.max() or 0)  # type: ignore[arg-type]
    if width > FLOAT_DIGITS:
        width = int(cells.to_frame("c").select(digits(pl.col("c")).max()).item())
    if width > DECIMAL_DIGITS:
        return None
    point = cells.str.find(".", literal=True)
    places = (longest - point - 1).fill_null(0)
    padded = bool((point.is_not_null() & cells.str.ends_with("0")).any())
    return _Decimals({int(each) for each in places.unique()}, padded, width)


def _settled(
    spec: FieldSpec,
    typed: dict[str, FieldSpec],
    scales: dict[str, set[int]],
    floats: set[str],
    seen: set[str],
) -> FieldSpec:
    if spec.name not in typed or spec.name not in seen:
        return replace(spec, declared_type="text", scale=None)
    if spec.name not in scales:
        return spec
    if len(scales[spec.name]) == 1:
        return replace(spec, scale=next(iter(scales[spec.name])))
    return (
        replace(spec, scale=None) if spec.name in floats else replace(spec, declared_type="text", scale=None)
    )
