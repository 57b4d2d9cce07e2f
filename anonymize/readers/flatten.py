"""Records with objects inside them as frames of text.

The rule: an object inside a record becomes columns named ``outer.inner``; an array stays one cell, as
compact JSON; ``null`` and a missing field are an empty cell; ``true`` and ``false`` are these words; a
number is the text it was written with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import polars as pl

from anonymize.readers import complaint
from anonymize.readers import complaint_structured as structured
from anonymize.readers.limits import Limits


class Number(str):
    """The text of a JSON number; a class of its own, so that an array shows it without quotes."""

    __slots__ = ()


class Piece(NamedTuple):
    """Some records in a row: how many, and the columns that they mention (``String``, no nulls)."""

    rows: int
    frame: pl.DataFrame


def pieces_of(records: Sequence[Mapping[str, Any]], first: int, limits: Limits) -> Iterable[Piece]:
    """The records as pieces of bounded size.

    Args:
        records: decoded objects, in order.
        first: number of the first of them in the source, from 1, for messages.
        limits: bounds on columns, depth and the cells of a piece.

    Raises:
        SourceUnreadable: too many columns, nested too deep, or a name that comes about twice.
    """
    if any(isinstance(value, dict) for record in records for value in record.values()):
        records = [_flat(record, first + index, limits) for index, record in enumerate(records)]
    names = list(dict.fromkeys(chain.from_iterable(records)))
    if len(names) > limits.max_columns:
        raise complaint.too_many_columns(len(names), limits.max_columns)
    step = max(1, min(limits.batch_rows, limits.batch_cells // max(1, len(names))))
    for start in range(0, len(records), step):
        part = records[start : start + step]
        columns = [_column(name, [record.get(name) for record in part]) for name in names]
        yield Piece(len(part), pl.DataFrame(columns).with_columns(pl.all().fill_null("")))


def _flat(record: Mapping[str, Any], row: int, limits: Limits) -> dict[str, Any]:
    flat: dict[str, Any] = {}

    def put(prefix: str, depth: int, inner: Mapping[str, Any]) -> None:
        if depth > limits.max_depth:
            raise structured.too_deep(row, limits.max_depth)
        for key, value in inner.items():
            name = f"{prefix}{key}"
            if isinstance(value, dict):
                put(f"{name}.", depth + 1, value)
            elif name in flat:
                raise structured.name_used_twice(row)
            else:
                flat[name] = value

    put("", 0, record)
    return flat


def _column(name: str, values: list[Any]) -> pl.Series:
    try:
        return pl.Series(name, values, dtype=pl.String, strict=True)
    except TypeError:
        return pl.Series(name, [text_of(value) for value in values], dtype=pl.String)


def text_of(value: Any) -> str:
    """The cell of one decoded JSON value."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return compact(value)


def compact(value: Any) -> str:
    """JSON text without spaces, Chinese as it is, numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(compact(item) for item in value) + "]"
    if isinstance(value, dict):
        inner = (f"{json.dumps(key, ensure_ascii=False)}:{compact(item)}" for key, item in value.items())
        return "{" + ",".join(inner) + "}"
    return json.dumps(value, ensure_ascii=False)
