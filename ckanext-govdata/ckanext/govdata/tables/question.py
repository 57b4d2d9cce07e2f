"""A question about rows: conditions, an order, where to go on. Parsed whole, then turned into SQL.

Conditions come as three parallel lists ``c`` (column), ``op`` and ``v``, which is what a plain form sends.
Pages go on by key (value and row number of the last row), so that page ten thousand costs what page two
costs; empty cells stand last in either order.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol, get_args

import sqlalchemy as sa

from ckanext.govdata.tables import values
from ckanext.govdata.tables.errors import BadQuestion
from ckanext.govdata.tables.shape import Column, Shape

Operator = Literal["contains", "equals", "starts", "at_least", "at_most", "empty", "filled"]
OPERATORS: tuple[Operator, ...] = get_args(Operator)
ORDERED = frozenset({"number", "day", "moment"})
"""Kinds that can be compared with "at least" and "at most"."""
WITHOUT_VALUE = frozenset({"empty", "filled"})
MOST_CONDITIONS = 10
LONGEST_VALUE = 200
PAGE = 20
LARGEST_PAGE = 200
ROW = sa.column("_id", sa.BigInteger)


class Arguments(Protocol):
    """A multi-dict such as the query of a request."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Condition:
    """``value`` is what was typed; "" where the operator needs none."""

    column: Column
    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """``after`` is the key of the row before the page: (cell as text or None, row number)."""

    conditions: tuple[Condition, ...] = ()
    sort: Column | None = None
    descending: bool = False
    after: tuple[str | None, int] | None = None
    limit: int = PAGE
    shown: tuple[Column, ...] = field(default=())

    def first_page(self) -> Question:
        """The same question from its first row on."""
        return replace(self, after=None)


def parse(shape: Shape, arguments: Arguments) -> Question:
    """The question that ``arguments`` ask of ``shape``. Raises BadQuestion for anything not understood."""
    sort = _single(arguments, "sort")
    order = _single(arguments, "order") or "asc"
    if order not in {"asc", "desc"}:
        raise _wrong("order", order)
    column = shape.column(sort) if sort else None
    shown = tuple(shape.column(name) for name in arguments.getlist("show") if name)
    return Question(
        conditions=_conditions(shape, arguments),
        sort=column,
        descending=order == "desc",
        after=_cursor(column, _single(arguments, "after")),
        limit=_limit(_single(arguments, "limit")),
        shown=shown,
    )


def cursor(value: str | None, row: int) -> str:
    """The text that stands for "after this row"."""
    return (
        base64.urlsafe_b64encode(json.dumps([value, row], ensure_ascii=False).encode()).decode().rstrip("=")
    )


def where(question: Question) -> list[Any]:
    """The conditions as SQL expressions with bound values."""
    return [_expression(condition) for condition in question.conditions]


def beyond(question: Question) -> list[Any]:
    """The part of the table after ``question.after``, as at most one SQL expression."""
    if question.after is None:
        return []
    value, row = question.after
    if question.sort is None:
        return [row < ROW]
    cell = sortable(question.sort)
    if value is None:
        return [sa.and_(cell.is_(None), row < ROW)]
    mark = typed(question.sort, value)
    past = cell < mark if question.descending else cell > mark
    return [sa.or_(past, sa.and_(cell == mark, row < ROW), cell.is_(None))]


def order(question: Question) -> list[Any]:
    """ORDER BY: the cell, then the row number, empty cells last."""
    if question.sort is None:
        return [ROW]
    cell = sortable(question.sort)
    return [cell.desc().nulls_last() if question.descending else cell.asc().nulls_last(), ROW]


def sortable(column: Column) -> Any:
    """The cell with emptiness as NULL: a text column keeps an empty cell as empty text."""
    cell = named(column)
    return sa.func.nullif(cell, "") if column.kind == "text" else cell


def named(column: Column) -> Any:
    """The column as SQLAlchemy quotes it."""
    kinds: dict[str, Any] = {
        "number": sa.Numeric,
        "day": sa.Date,
        "moment": sa.DateTime,
        "truth": sa.Boolean,
        "text": sa.UnicodeText,
    }
    return sa.column(column.id, kinds[column.kind])


def typed(column: Column, value: str) -> Any:
    """A value of the column's own type, as a bound parameter."""
    if column.kind == "number":
        return sa.literal(values.number(column, value), sa.Numeric)
    if column.kind == "truth":
        return sa.literal(values.truth(column, value), sa.Boolean)
    if column.kind in {"day", "moment"}:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise _wrong("after", value) from None
        if column.kind == "day":
            return sa.literal(moment.date(), sa.Date)
        return sa.literal(moment.replace(tzinfo=None), sa.DateTime)
    return sa.literal(value, sa.UnicodeText)


def _expression(condition: Condition) -> Any:
    column, operator, value = condition.column, condition.operator, condition.value
    cell = sortable(column)
    if operator == "empty":
        return cell.is_(None)
    if operator == "filled":
        return cell.is_not(None)
    if operator in {"contains", "starts"}:
        text = named(column) if column.kind == "text" else sa.cast(named(column), sa.UnicodeText)
        return (
            text.icontains(value, autoescape=True)
            if operator == "contains"
            else text.istartswith(value, autoescape=True)
        )
    if column.kind in {"day", "moment"}:
        start, after = values.period(column, value)
        low, high = sa.literal(start, sa.DateTime), sa.literal(after, sa.DateTime)
        if operator == "at_least":
            return cell >= low
        return cell < high if operator == "at_most" else sa.and_(cell >= low, cell < high)
    mark = sa.literal(value, sa.UnicodeText) if column.kind == "text" else typed(column, value)
    if operator == "equals":
        return cell == mark
    return cell >= mark if operator == "at_least" else cell <= mark


def _conditions(shape: Shape, arguments: Arguments) -> tuple[Condition, ...]:
    names, operators, texts = (arguments.getlist(key) for key in ("c", "op", "v"))
    if len(names) > MOST_CONDITIONS:
        raise BadQuestion(
            "筛选条件最多 {most} 个。", "There may be {most} conditions at most.", most=MOST_CONDITIONS
        )
    found = []
    for at, name in enumerate(names):
        operator = _operator(operators, at)
        value = texts[at] if at < len(texts) else ""
        if not name or (not value.strip() and operator not in WITHOUT_VALUE):
            continue  # an unfilled line of the form
        found.append(_condition(shape.column(name), operator, value))
    return tuple(found)


def _operator(operators: Sequence[str], at: int) -> Operator:
    text = (operators[at] if at < len(operators) else "") or "contains"
    for known in OPERATORS:
        if text == known:
            return known
    raise _wrong("op", text)


def _condition(column: Column, operator: Operator, value: str) -> Condition:
    if len(value) > LONGEST_VALUE:
        raise BadQuestion(
            "筛选内容最多 {most} 个字符。", "A condition may have {most} characters.", most=LONGEST_VALUE
        )
    if operator in {"at_least", "at_most"} and column.kind not in ORDERED:
        raise BadQuestion(
            "字段“{column}”不是数字或日期，不能比较大小。",
            "The column “{column}” holds neither numbers nor days; it cannot be compared.",
            column=column.label,
        )
    condition = Condition(column, operator, "" if operator in WITHOUT_VALUE else value.strip())
    _expression(condition)  # unreadable values are refused now, not by the database
    return condition


def _cursor(column: Column | None, text: str) -> tuple[str | None, int] | None:
    if not text:
        return None
    try:
        value, row = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not (value is None or isinstance(value, str)) or not isinstance(row, int) or isinstance(row, bool):
            raise ValueError(text)
        if not 0 <= row < 2**62 or "\0" in (value or ""):
            raise ValueError(text)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise _wrong("after", text) from None
    if column is not None and value is not None:
        typed(column, value)
    return value, row


def _limit(text: str) -> int:
    if not text:
        return PAGE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= LARGEST_PAGE:
        raise _wrong("limit", text)
    return int(text)


def _single(arguments: Arguments, key: str) -> str:
    given = arguments.getlist(key)
    return given[0] if given else ""


def _wrong(name: str, text: str) -> BadQuestion:
    return BadQuestion(
        "参数 {name} 的值“{text}”无法识别。", "The value “{text}” of {name} is not understood.",
        name=name, text=text[:40],
    )  # fmt: skip
