"""Which rows a grant shows: conditions as data, evaluated here or handed to the database as parameters.

There is no text of SQL in them, and nothing of a condition ever becomes any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import ColumnElement, and_, true

from licensing.core.errors import InvalidInput

Value = str | int | bool
Operator = Literal["eq", "ne", "in", "lt", "le", "gt", "ge"]


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``field`` ``op`` ``values``; one value, or several for ``in``."""

    field: Annotated[str, Meta(min_length=1, max_length=300)]
    op: Operator
    values: Annotated[tuple[Value, ...], Meta(min_length=1, max_length=1000)]

    def __post_init__(self) -> None:
        if self.op != "in" and len(self.values) != 1:
            raise ValueError("one value, unless the operator is `in`")
        if len({type(each) for each in self.values}) != 1:
            raise ValueError("values of one type")


_TESTS: Final[dict[str, Callable[[Any, tuple[Value, ...]], bool]]] = {
    "eq": lambda cell, values: bool(cell == values[0]),
    "ne": lambda cell, values: bool(cell != values[0]),
    "in": lambda cell, values: cell in values,
    "lt": lambda cell, values: bool(cell < values[0]),
    "le": lambda cell, values: bool(cell <= values[0]),
    "gt": lambda cell, values: bool(cell > values[0]),
    "ge": lambda cell, values: bool(cell >= values[0]),
}


def matches(conditions: Iterable[Condition], row: Mapping[str, Any]) -> bool:
    """Whether a row may be seen. A missing cell or one of another type is not: when in doubt, no."""
    return all(_matches(each, row.get(each.field)) for each in conditions)


def _matches(condition: Condition, cell: Any) -> bool:
    return type(cell) is type(condition.values[0]) and _TESTS[condition.op](cell, condition.values)


def clause(conditions: Iterable[Condition], columns: Mapping[str, ColumnElement[Any]]) -> ColumnElement[bool]:
    """The same for a query, with bound parameters.

    Raises:
        InvalidInput: a field of the conditions is no column: the rows cannot be narrowed, so none are shown.
    """
    parts: list[ColumnElement[bool]] = []
    for each in conditions:
        column = columns.get(each.field)
        if column is None:
            raise InvalidInput(
                "数据中没有授权条件所用的信息项，暂不能提供。",
                "The data lack a field that the grant narrows by: nothing can be shown.",
            )
        if each.op == "in":
            parts.append(column.in_(each.values))
        else:
            sign = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}[each.op]
            parts.append(column.bool_op(sign)(each.values[0]))
    return and_(true(), *parts)
