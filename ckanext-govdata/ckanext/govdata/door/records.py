"""Pages of granted rows, by keyset: the page after a row, however many rows are before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from psycopg2 import sql

from ckanext.govdata.door import mark, question, reading
from ckanext.govdata.door.errors import BadQuestion
from ckanext.govdata.door.marking import key_of
from ckanext.govdata.door.question import Question
from ckanext.govdata.door.tables import ROW
from ckanext.govdata.door.windows import ROWS, Column, Window
from licensing.grants.rows import Condition

_SIGNS: Final = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_TEXT: Final = "text"
_PLACES: Final = sql.Identifier(ROW)
_NUMBERS: Final = frozenset({"int8", "numeric"})


@dataclass(frozen=True, slots=True)
class Page:
    """``rows`` in the order of ``columns``; ``total`` when it was asked for; ``next`` None at the end."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]
    total: int | None
    next: str | None


def page(window: Window, asked: Question, grant_id: str, most: int | None = None) -> Page:
    """One page of at most ``most`` rows (what the quota still has). Every field is known to be granted.

    Raises:
        BadQuestion: a value does not fit its column. TooSlow, Refused: see :mod:`.reading`.
    """
    columns = tuple(_column(window, each) for each in asked.fields) or window.columns
    limit = asked.limit if most is None else min(asked.limit, most)
    source = sql.Identifier(window.name, ROWS)
    where = [_expression(_column(window, each.field), each) for each in asked.conditions]
    keys = [_cell(_column(window, each.field)) for each in asked.sort]
    shown = [sql.Identifier(each.id) for each in columns]
    query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {}").format(
        sql.SQL(", ").join([*shown, *_key_texts(keys), _PLACES]),
        source,
        _all([*where, *_beyond(window, asked)]),
        sql.SQL(", ").join(
            [
                *(
                    sql.SQL("{} {} NULLS LAST").format(cell, sql.SQL("DESC" if each.descending else "ASC"))
                    for cell, each in zip(keys, asked.sort, strict=True)
                ),
                _PLACES,
            ]
        ),
        sql.Literal(limit + 1),
    )
    with reading.looking(window) as cursor:
        cursor.execute(query)
        found = cursor.fetchall()
        total = None
        if asked.count:
            cursor.execute(sql.SQL("SELECT count(*) FROM {} WHERE {}").format(source, _all(where)))
            total = int(cursor.fetchone()[0])
    more, found = len(found) > limit, found[:limit]
    after = found[-1] if more and found else None
    wide = len(columns)
    rows = [row[:wide] for row in found]
    if not asked.sort:
        rows = marked(rows, grant_id)
    return Page(columns, rows, total, question.cursor(after[wide:-1], after[-1], grant_id) if after else None)


def _key_texts(keys: Sequence[sql.Composable]) -> list[sql.Composable]:
    # Under names of their own: ORDER BY would not know which column of a name is meant.
    return [
        sql.SQL("({})::text AS {}").format(each, sql.Identifier(f"_key{at}")) for at, each in enumerate(keys)
    ]


def marked(rows: list[tuple[Any, ...]], grant_id: str) -> list[tuple[Any, ...]]:
    """The rows of an answer in the order that says whose it is."""
    order = mark.Marker(key_of(grant_id)).order([mark.digest(as_text(row)) for row in rows])
    return [rows[at] for at in order]


def as_text(row: Sequence[Any]) -> list[str]:
    """Cells as the files write them."""
    return [_text(each) for each in row]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)


def _column(window: Window, field: str) -> Column:
    found = window.column(field)
    if found is None:
        raise LookupError("a field that was not required to be granted")
    return found


def _cell(column: Column) -> sql.Composable:
    """The cell with emptiness as NULL: a text column keeps an empty cell as empty text."""
    name = sql.Identifier(column.id)
    return sql.SQL("NULLIF({}, '')").format(name) if column.type == _TEXT else name


def _expression(column: Column, condition: Condition) -> sql.Composable:
    for value in condition.values:
        _fitting(column, value)
    name = sql.Identifier(column.id)
    if condition.op == "in":
        return sql.SQL("{} IN ({})").format(name, sql.SQL(", ").join(map(sql.Literal, condition.values)))
    return sql.SQL("{} {} {}").format(name, sql.SQL(_SIGNS[condition.op]), sql.Literal(condition.values[0]))


def _fitting(column: Column, value: Any) -> None:
    """A value of another kind than its column is refused here, by the kind alone."""
    kind = "bool" if isinstance(value, bool) else "number" if isinstance(value, int) else "text"
    wanted = "number" if column.type in _NUMBERS else "bool" if column.type == "bool" else "text"
    if kind != wanted and not (wanted == "number" and kind == "text"):
        raise BadQuestion("筛选值的类型与信息项不符。", "A value of a filter is not of its field's type.")


def _beyond(window: Window, asked: Question) -> list[sql.Composable]:
    """Rows after ``asked.after``: for each key, equal before it and past it."""
    if asked.after is None:
        return []
    cells, row = asked.after
    equal: list[sql.Composable] = []
    ways: list[sql.Composable] = []
    for each, text in zip(asked.sort, cells, strict=True):
        column = _column(window, each.field)
        cell = _cell(column)
        if text is None:
            equal.append(sql.SQL("{} IS NULL").format(cell))
            continue  # empty cells come last: nothing is past them
        value = sql.SQL("{}::{}").format(sql.Literal(text), sql.SQL(column.type))
        past = sql.SQL("{} {} {} OR {} IS NULL").format(
            cell, sql.SQL("<" if each.descending else ">"), value, cell
        )
        ways.append(_all([*equal, sql.SQL("({})").format(past)]))
        equal.append(sql.SQL("{} = {}").format(cell, value))
    ways.append(_all([*equal, sql.SQL("{} > {}").format(_PLACES, sql.Literal(row))]))
    return [sql.SQL("({})").format(sql.SQL(" OR ").join(ways))]


def _all(parts: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(" AND ").join([sql.SQL("true"), *parts]))
