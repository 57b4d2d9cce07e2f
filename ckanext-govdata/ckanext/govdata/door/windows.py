"""What one grant sees of one release: views of the granted columns and rows, and a role that reads only them.

A window is made when it is first looked through, and its name is the digest of everything that it shows: of
the grant, the columns, the conditions and the release. Other terms or another release are another window, so
none ever has to be changed. The conditions on rows stand in the view, behind a security barrier: no function
of a question sees a row before they have let it pass.

Two views: ``rows`` with the row's number, for pages that go on where the last one ended, and ``table``
without it, for SQL.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import psycopg2
import sqlalchemy as sa
from psycopg2 import sql

from ckanext.govdata.datastore_columns import column_ids
from ckanext.govdata.door import settings
from ckanext.govdata.door.errors import refusal
from ckanext.govdata.door.tables import ROW, SCHEMA, Field, fields_of, table_of
from licensing.grants.rows import Condition

ROWS, TABLE = "rows", "table"
PREFIX, JOINT = "door_g_", "door_j_"
_SIGNS: Final = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_MOST_KNOWN: Final = 5_000


@dataclass(frozen=True, slots=True)
class Column:
    """A granted column: the ``field`` of the agreement is its name in the window; PostgreSQL's ``type``."""

    field: str
    type: str

    @property
    def id(self) -> str:
        """Its name in the database, which holds 63 bytes; the field itself as a rule."""
        return column_ids([self.field])[0]


@dataclass(frozen=True, slots=True)
class Window:
    """``name`` is schema and role alike."""

    name: str
    columns: tuple[Column, ...]

    def column(self, field: str) -> Column | None:
        """The column of a granted field; None for one that is not granted, and for one that is not there."""
        return next((each for each in self.columns if each.field == field), None)


_TO_DOOR: Final = "GRANT {} TO door WITH INHERIT FALSE, SET TRUE"
"""Not inherited: the reader has nothing before it takes the role, and nothing after."""
_joint: set[str] = set()
_known: OrderedDict[str, Window] = OrderedDict()
_lock = Lock()


def window(
    grant_id: str,
    release_id: str,
    fields: Sequence[str],
    conditions: Sequence[Condition],
    headers: dict[str, str],
) -> Window:
    """The window of a grant onto a release.

    Args:
        fields: what is granted, as the agreement calls it.
        headers: the label of a field, where it has one: departments write either above a column.

    Raises:
        Refused: the release has none of the granted columns, or lacks one that rows are bound by.
    """
    named = sorted((each, headers.get(each, each)) for each in fields)
    bounds = [(each.field, headers.get(each.field, each.field), each.op, each.values) for each in conditions]
    shown = json.dumps([grant_id, release_id, named, bounds], ensure_ascii=False)
    name = PREFIX + hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:40]
    with _lock:
        found = _known.get(name)
        if found is not None:
            _known.move_to_end(name)
            return found
    try:
        made = _make(name, grant_id, release_id, dict(named), bounds)
    except (psycopg2.Error, sa.exc.DBAPIError, ValueError):
        # A bound that does not fit the column's type narrows nothing: then nothing is shown.
        raise refusal("fields") from None
    with _lock:
        _known[name] = made
        if len(_known) > _MOST_KNOWN:
            _known.popitem(last=False)
    return made


def role_of(through: Sequence[Window]) -> str:
    """The role that reads exactly these windows: one's own, or for several a role that holds theirs."""
    names = sorted({each.name for each in through})
    if len(names) == 1:
        return names[0]
    role = JOINT + hashlib.sha256(" ".join(names).encode()).hexdigest()[:40]
    with _lock:
        if role in _joint:
            return role
    with settings.owner().begin() as connection:
        _lock_name(connection, role)
        raw = connection.connection.cursor()
        if not _has_role(connection, role):
            raw.execute(sql.SQL("CREATE ROLE {} NOLOGIN INHERIT").format(sql.Identifier(role)))
        held = sql.SQL(", ").join(map(sql.Identifier, names))
        raw.execute(sql.SQL("GRANT {} TO {}").format(held, sql.Identifier(role)))
        raw.execute(sql.SQL(_TO_DOOR).format(sql.Identifier(role)))
        raw.close()
    with _lock:
        _joint.add(role)
    return role


def forget(through: Sequence[Window]) -> None:
    """The windows are gone: a release was withdrawn or has a successor."""
    with _lock:
        _joint.clear()
        for each in through:
            _known.pop(each.name, None)


def sweep() -> int:
    """Remove windows whose release is gone, and roles that held such windows alone; how many windows.

    Run by the scheduler.
    """
    with settings.owner().begin() as connection:
        empty = connection.execute(
            sa.text(
                "SELECT nspname FROM pg_namespace n WHERE nspname LIKE :like AND NOT EXISTS "
                "(SELECT 1 FROM pg_class c WHERE c.relnamespace = n.oid)"
            ),
            {"like": PREFIX.replace("_", r"\_") + "%"},
        )
        names = list(empty.scalars())
        for name in names:
            connection.execute(sa.text(f'DROP SCHEMA "{name}"'))
            connection.execute(sa.text(f'DROP ROLE "{name}"'))
        alone = connection.execute(
            sa.text(
                "SELECT rolname FROM pg_roles r WHERE rolname LIKE :like AND NOT EXISTS "
                "(SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid)"
            ),
            {"like": JOINT.replace("_", r"\_") + "%"},
        )
        for role in list(alone.scalars()):
            connection.execute(sa.text(f'DROP ROLE "{role}"'))
    return len(names)


def _make(
    name: str, grant_id: str, release_id: str, named: dict[str, str], bounds: list[tuple[Any, ...]]
) -> Window:
    with settings.owner().begin() as connection:
        _lock_name(connection, name)
        there = {each.header: each for each in fields_of(connection, release_id)}
        found = [(field, there.get(header) or there.get(field)) for field, header in named.items()]
        pairs = [(field, column) for field, column in found if column is not None]
        narrowed = [
            (there.get(header) or there.get(field), op, values) for field, header, op, values in bounds
        ]
        if not pairs or any(column is None for column, *_ in narrowed):
            raise refusal("fields")
        columns = tuple(Column(field, column.type) for field, column in pairs)
        if connection.execute(
            sa.text("SELECT to_regclass(:view) IS NOT NULL"), {"view": f'"{name}".{TABLE}'}
        ).scalar():
            return Window(name, columns)
        role, source = sql.Identifier(name), sql.Identifier(SCHEMA, table_of(release_id))
        where = sql.SQL(" AND ").join(
            [sql.SQL("true"), *(_bound(column, op, values) for column, op, values in narrowed if column)]
        )
        shown = [
            sql.SQL("{} AS {}").format(sql.Identifier(column.name), sql.Identifier(Column(field, "").id))
            for field, column in pairs
        ]
        raw = connection.connection.cursor()
        if not _has_role(connection, name):
            raw.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
        raw.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(role))
        view_of = "CREATE OR REPLACE VIEW {} WITH (security_barrier) AS SELECT {} FROM {} WHERE {}"
        for view, more in ((ROWS, [sql.Identifier(ROW)]), (TABLE, [])):
            raw.execute(
                sql.SQL(view_of).format(
                    sql.Identifier(name, view), sql.SQL(", ").join([*more, *shown]), source, where
                )
            )
        raw.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(role, sql.Literal(f"grant {grant_id}")))
        raw.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(role, role))
        raw.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(role, role))
        raw.execute(sql.SQL(_TO_DOOR).format(role))
        raw.close()
    return Window(name, columns)


def _lock_name(connection: sa.Connection, name: str) -> None:
    """Two processes that make the same wait for each other."""
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def _has_role(connection: sa.Connection, name: str) -> bool:
    return bool(
        connection.execute(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :n"), {"n": name}).scalar()
    )


def _bound(column: Field, op: str, values: Sequence[Any]) -> sql.Composable:
    left = sql.Identifier(column.name)
    if column.type not in {"text", "date", "timestamp"} and any(isinstance(each, str) for each in values):
        raise ValueError("text against numbers")
    if op == "in":
        return sql.SQL("{} IN ({})").format(left, sql.SQL(", ").join(map(sql.Literal, values)))
    return sql.SQL("{} {} {}").format(left, sql.SQL(_SIGNS[op]), sql.Literal(values[0]))
