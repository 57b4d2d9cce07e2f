"""SELECT over granted columns. First lock: the question is parsed and rebuilt from an allow-list; second:
it runs in a role that can read this grant's views and nothing else (:mod:`.reading`, ``door.sql``).

What runs is never the text that came: it is written anew out of a tree of which every node is of a known
kind, every table is a window of this grant and every column is one of its columns. All that the first lock
does not know is refused with one sentence, whatever it was.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from ckanext.govdata.door import reading
from ckanext.govdata.door.errors import BadQuestion, TooMuch, too_slow
from ckanext.govdata.door.windows import TABLE, Window

LONGEST: Final = 20_000
MOST_NODES: Final = 2_000
MOST_TABLES: Final = 8
MOST_ROWS: Final = 10_000
MOST_CHARACTERS: Final = 32_000_000
"""Of all cells of an answer."""
MOST_JOINED: Final = 8
"""``||`` in a question: each can double what stands beside it, in subqueries over subqueries."""
BATCH: Final = 500
DIALECT: Final = "postgres"

_SHAPE: Final = (
    exp.Select, exp.Subquery, exp.CTE, exp.With, exp.From, exp.Join, exp.Where, exp.Group, exp.Having,
    exp.Order,
    exp.Ordered, exp.Limit, exp.Offset, exp.Distinct, exp.Union, exp.Intersect, exp.Except, exp.Table,
    exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Paren, exp.Tuple, exp.Window,
    exp.Filter, exp.Var,
)  # fmt: skip
_VALUES: Final = (exp.Literal, exp.Null, exp.Boolean, exp.Cast, exp.DataType, exp.DataTypeParam, exp.Interval)
_TESTS: Final = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is,
    exp.Like, exp.ILike, exp.Exists, exp.Case, exp.If, exp.Escape,
)  # fmt: skip
_SUMS: Final = (
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max,
    exp.Coalesce, exp.Nullif, exp.Abs, exp.Round, exp.Ceil, exp.Floor, exp.Lower, exp.Upper, exp.Length,
    exp.Trim, exp.Substring, exp.DPipe, exp.TimestampTrunc, exp.Extract, exp.RowNumber, exp.Stddev,
    exp.StddevSamp, exp.StddevPop, exp.Variance,
)  # fmt: skip
KNOWN: Final = frozenset((*_SHAPE, *_VALUES, *_TESTS, *_SUMS))
"""Kinds of nodes that a question may be made of. A subclass is a kind of its own."""
_TYPES: Final = frozenset(
    {"TEXT", "VARCHAR", "INT", "BIGINT", "DECIMAL", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "INTERVAL"}
)
_OF_TABLE: Final = frozenset({"this", "alias", "joins"})


class Beyond(Exception):
    """The question reaches for something; ``reason`` as in :data:`licensing.grants.allows.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question whose every node is known; ``tables`` are the names of data that it asks for."""

    tree: exp.Expression
    tables: tuple[str, ...]

    @property
    def ordered(self) -> bool:
        """Whether the question says in which order its rows come."""
        return self.tree.args.get("order") is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """``more``: rows beyond :data:`MOST_ROWS`, or beyond the quota, were left out."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    more: bool


def read(text: str) -> Parsed:
    """The question of a text.

    Raises:
        BadQuestion: it cannot be parsed, or is too long.
        Beyond: it is something else than one SELECT of known parts.
    """
    if not text.strip() or len(text) > LONGEST or not _storable(text):
        raise _unreadable()
    try:
        statements = parse(text, dialect=DIALECT)
    except (SqlglotError, RecursionError, ValueError):
        raise _unreadable() from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise Beyond("question")
    tree = statements[0]
    _require_known(tree)
    tables = dict.fromkeys(each.name for each in _real(tree))
    if not tables:
        raise Beyond("question")
    if len(tables) > MOST_TABLES:
        raise _unreadable()
    return Parsed(tree, tuple(tables))


def written(parsed: Parsed, windows: Mapping[str, Window]) -> str:
    """The SQL that runs, every name resolved in ``windows`` (name of data → window).

    Raises:
        Beyond: a column that is not granted, whether there is one of that name or not.
    """
    known = {name: {column.id: column.type for column in window.columns} for name, window in windows.items()}
    try:
        tree = qualify(
            parsed.tree.copy(), schema=known, dialect=DIALECT, identify=True, quote_identifiers=True
        )
    except (SqlglotError, RecursionError, KeyError, ValueError):
        raise Beyond("fields") from None
    _require_known(tree)
    if any(not _resolved(each) for each in tree.find_all(exp.Column)):
        raise Beyond("fields")
    for table in _real(tree):
        window = windows.get(table.name)
        if window is None:
            raise Beyond("dataset")
        alias = table.alias or table.name
        table.set("db", exp.to_identifier(window.name, quoted=True))
        table.set("this", exp.to_identifier(TABLE, quoted=True))
        table.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
    return str(tree.sql(dialect=DIALECT, comments=False))


def answer(statement: str, windows: Mapping[str, Window], most: int | None = None) -> Answer:
    """Run what :func:`written` has written; all windows are of one grant.

    Raises:
        BadQuestion, TooSlow, Refused: see :mod:`.reading`. TooMuch: it is larger than one answer may be.
    """
    limit = MOST_ROWS if most is None else min(MOST_ROWS, most)
    query = f"SELECT * FROM ({statement}) AS answer LIMIT {limit + 1}"  # noqa: S608 - written from the tree
    rows: list[tuple[Any, ...]] = []
    size, end = 0, time.monotonic() + reading.SECONDS
    with reading.looking(*dict.fromkeys(windows.values())) as cursor:
        # All rows are wanted: the plan that gives the first ones soonest is another one.
        cursor.execute(f"SET LOCAL cursor_tuple_fraction = 1; DECLARE answer NO SCROLL CURSOR FOR {query}")
        while True:
            cursor.execute(f"FETCH {BATCH} FROM answer")
            found = cursor.fetchall()
            rows += found
            size += sum(len(cell) for row in found for cell in row if isinstance(cell, str))
            if size > MOST_CHARACTERS:
                raise TooMuch(
                    "答复过大，请减少信息项或者行数。",
                    "The answer is too large; ask for fewer fields or rows.",
                )
            if len(found) < BATCH:
                break
            if time.monotonic() > end:
                raise too_slow()
        columns = tuple(each.name for each in cursor.description)
    return Answer(columns, rows[:limit], len(rows) > limit)


def _real(tree: exp.Expression) -> list[exp.Table]:
    """The tables that are data: not the names of parts of the question itself.

    Raises:
        Beyond: a table of which it cannot be told; the database might find something by that name.
    """
    data: dict[int, exp.Table] = {}
    parts: set[int] = set()
    try:
        for scope in traverse_scope(tree):
            for table in scope.tables:
                source = scope.sources.get(table.alias_or_name)
                if isinstance(source, exp.Table):
                    data[id(table)] = table
                elif source is not None:
                    parts.add(id(table))
    except (SqlglotError, RecursionError):
        raise Beyond("question") from None
    if any(id(each) not in data.keys() | parts for each in tree.find_all(exp.Table)):
        raise Beyond("question")
    return list(data.values())


def _resolved(column: exp.Column) -> bool:
    """Whether a column is one of a table, or (ORDER BY, GROUP BY) a name that its SELECT itself has given."""
    if column.table:
        return True
    select = column.find_ancestor(exp.Select, exp.SetOperation)
    while isinstance(select, exp.SetOperation):
        select = select.this.unnest()
    return isinstance(select, exp.Select) and column.name in select.named_selects


def _storable(text: str) -> bool:
    """No NUL, and no half of a character, which a JSON text may hold."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _require_known(tree: exp.Expression) -> None:
    joined = 0
    for number, node in enumerate(tree.walk()):
        joined += isinstance(node, exp.DPipe)
        if number >= MOST_NODES or joined > MOST_JOINED:
            raise _unreadable()
        if type(node) not in KNOWN or not _plain(node):
            raise Beyond("question")


def _plain(node: exp.Expression) -> bool:
    """Whether a known node is used in a known way."""
    given = {name for name, value in node.args.items() if value not in (None, False, [], "")}
    if isinstance(node, exp.Table):
        return given <= _OF_TABLE and isinstance(node.this, exp.Identifier)
    if isinstance(node, exp.With):
        return not node.args.get("recursive")
    if isinstance(node, exp.Select):
        return not given & {"into", "locks", "hint", "sample", "laterals", "kind", "match", "pivots"}
    if isinstance(node, exp.Join):
        return (node.args.get("method") or "") == ""
    if isinstance(node, exp.DataType):
        kind = node.this.value if isinstance(node.this, exp.DataType.Type) else ""
        return kind in _TYPES and not node.args.get("nested")
    if isinstance(node, exp.Column):
        return not given & {"db", "catalog"}
    return True


def _unreadable() -> BadQuestion:
    return BadQuestion(
        "无法识别这条 SQL；只支持一条 SELECT 查询。", "This SQL is not understood; one SELECT is supported."
    )
