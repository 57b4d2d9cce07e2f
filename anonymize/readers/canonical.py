"""Typed values as text, the same for every typed source.

=================  ===========================================================================
empty              the empty text
text               as it is
truth value        ``true``, ``false``
whole number       its digits
decimal            its digits, with all places of its scale: ``12.50``
floating point     the shortest digits that give the same number again, without ``.0`` and, up to 40
                   places, without an exponent: ``12.5``, ``12``, ``0.00001``
date               ``2024-01-31``
moment             ``2024-01-31 08:00:00``, parts of seconds only where there are any; with a time zone
                   its offset: ``2024-01-31 08:00:00+08:00``
time of day        ``08:00:00``
bytes              the text that they are in UTF-8, otherwise hexadecimal digits
structure          a column for each field, ``outer.inner``
list, map          compact JSON
=================  ===========================================================================

Two cells are equal when these texts are.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterator
from typing import Any

import polars as pl

from anonymize.readers import complaint_structured as structured
from anonymize.readers.flatten import Number, compact

_PLACES = 40


def as_text(series: pl.Series, name: str, column: int) -> Iterator[pl.Series]:
    """The typed column as text columns: one, or one for each field of a structure.

    Args:
        series: the column.
        name: its name.
        column: its number from 1, for messages.

    Raises:
        SourceUnreadable: the type is no content of a table.
    """
    kind = series.dtype
    if isinstance(kind, pl.Struct):
        for field in kind.fields:
            yield from as_text(series.struct.field(field.name), f"{name}.{field.name}", column)
        return
    yield _texts(series, kind, column).fill_null("").alias(name)


def _texts(series: pl.Series, kind: pl.DataType, column: int) -> pl.Series:
    if kind == pl.String:
        return series
    if kind == pl.Null:
        return pl.Series([""] * len(series), dtype=pl.String)
    if kind.is_float():
        return _positional(series.cast(pl.String).str.replace(r"\.0$", ""))
    if kind.is_integer() or kind.is_decimal() or kind in (pl.Boolean, pl.Date, pl.Categorical, pl.Enum):
        return series.cast(pl.String)
    if isinstance(kind, pl.Datetime):
        return series.dt.strftime("%Y-%m-%d %H:%M:%S%.f%:z" if kind.time_zone else "%Y-%m-%d %H:%M:%S%.f")
    if kind == pl.Time:
        return series.dt.strftime("%H:%M:%S%.f")
    if kind == pl.Duration:
        return series.dt.to_string("iso")
    if kind == pl.Binary:
        return pl.Series(
            [None if value is None else text_of_bytes(value) for value in series], dtype=pl.String
        )
    if kind.is_nested():
        return pl.Series(
            [None if v is None else compact(_plain(v)) for v in series.to_list()], dtype=pl.String
        )
    raise structured.unsupported_column(column, str(kind))


def text_of_value(value: Any) -> str:
    """The text of one Python value, as a database driver gives it, by the same rules."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return positional(repr(value).removesuffix(".0"))
    if isinstance(value, decimal.Decimal):
        return f"{value:f}" if value.is_finite() else str(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return text_of_bytes(bytes(value))
    if isinstance(value, (list, tuple, dict)):
        return compact(_plain(value))
    return str(value)


def positional(text: str) -> str:
    """A number with its exponent written out; one of very many places keeps it."""
    if "e" not in text or not -_PLACES < int(text.partition("e")[2]) < _PLACES:
        return text
    return f"{decimal.Decimal(text):f}"


def _positional(numbers: pl.Series) -> pl.Series:
    exponents = numbers.filter(numbers.str.contains("e", literal=True)).unique()
    if exponents.is_empty():
        return numbers
    return numbers.replace({text: positional(text) for text in exponents})


def text_of_bytes(value: bytes) -> str:
    """UTF-8 text where it is such, otherwise hexadecimal digits."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def _plain(value: Any) -> Any:
    """Nested values as JSON has them."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, decimal.Decimal)):
        text = text_of_value(value)
        return Number(text) if text[-1:].isdigit() else text
    return text_of_value(value)
