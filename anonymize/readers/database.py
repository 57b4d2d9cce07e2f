"""A table or view of a database, through SQLAlchemy: read-only, streamed, in one snapshot and one order.

All passes run in one transaction that cannot write (PostgreSQL: ``REPEATABLE READ READ ONLY``; SQLite:
``query_only``), so that rows that others change meanwhile do not tear the passes apart. Rows come by the
primary key; without one by all columns as text. PostgreSQL hands rows over through a cursor on the
server, a batch at a time.

A password never reaches a report, a message or a log; best it does not stand in the URL at all, but in
``~/.pgpass`` or ``PGPASSWORD``.
"""

from __future__ import annotations

import hashlib
import warnings
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from anonymize.errors import SourceUnreadable, WrongUse
from anonymize.findings import SourceInfo
from anonymize.readers import complaint_structured as structured
from anonymize.readers.canonical import text_of_bytes, text_of_value
from anonymize.readers.flatten import Piece
from anonymize.readers.limits import Limits
from anonymize.readers.location import Location, locate, not_usable
from anonymize.readers.streamed import StreamedTable

#: Binary places (PostGIS): nothing could find a person's position in them. A view may give them as text.
_PLACES = frozenset({"geometry", "geography", "raster"})


class Digest:
    """Size and SHA-256 of rows of text."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self.size = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Take in the rows of ``frame``."""
        line = pl.concat_str([*(part for name in frame.columns for part in (pl.col(name), pl.lit("\x1f")))])
        data = ("\x1e".join(frame.select(line.alias("line")).to_series().to_list()) + "\x1e").encode()
        self._sha256.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


class DatabaseTable(StreamedTable):
    """A ``Table`` over one table or view.

    Its ``info`` tells the size and SHA-256 of the cells as they were read: each cell as UTF-8 followed by
    U+001F, each row by U+001E.

    Args:
        source: ``postgresql://host/db``, ``sqlite:///file`` or another URL of SQLAlchemy, perhaps with
            ``#schema.table``.
        table: ``table`` or ``schema.table``, when the URL does not say it.

    Raises:
        SourceUnreadable: the database does not answer, or the table cannot be read or is empty.
        WrongUse: no URL, no table named, or no such table.
    """

    def __init__(self, source: str, table: str | None, limits: Limits) -> None:
        super().__init__(limits)
        self._location = locate(source, table)
        engine, self._connection = _open(self._location)
        self._closing = weakref.finalize(self, _close, self._connection, engine)
        self._layout = _layout(self._connection, self._location)
        self._digest: Digest | None = Digest()
        rows = self._survey()
        digest, self._digest = self._digest, None
        self._info = SourceInfo(
            name=self._location.shown,
            format=self._location.url.get_backend_name(),
            encoding=None,
            delimiter=None,
            size=digest.size,
            sha256=digest.sha256,
            rows=rows,
            columns=self._columns,
            header_rows=0,
        )

    def close(self) -> None:
        """End the transaction and the connection; the table cannot be walked any more."""
        self._closing()

    def _pieces(self) -> Iterable[Piece]:
        step = max(1, min(self._limits.batch_rows, self._limits.batch_cells // len(self._layout.names)))
        for rows in self._rows(step):
            columns = [
                pl.Series(name, [text_of_value(value) for value in values], dtype=pl.String)
                for name, values in zip(self._layout.names, zip(*rows, strict=True), strict=True)
            ]
            frame = pl.DataFrame(columns)
            if self._digest is not None:
                self._digest.add(frame)
            yield Piece(frame.height, frame)

    def _rows(self, step: int) -> Iterator[list[Any]]:
        options = {"stream_results": True, "max_row_buffer": step}
        try:
            with self._connection.execute(self._layout.query, execution_options=options) as result:
                while rows := result.fetchmany(step):
                    yield list(rows)
        except (SQLAlchemyError, ValueError, OverflowError):
            # The message of a driver may quote a row; that of SQLAlchemy the statement and the address.
            raise _unreadable(self._location) from None


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a table is read: the names of its columns, and the query for all of it in its order."""

    names: tuple[str, ...]
    query: sa.Select[Any]


def _layout(connection: Connection, location: Location) -> _Layout:
    try:
        with warnings.catch_warnings():
            # "Did not recognize type": such columns are asked for as text, see below.
            warnings.simplefilter("ignore", sa.exc.SAWarning)
            inspector = sa.inspect(connection)
            if not inspector.has_table(location.table, schema=location.schema):
                raise _no_such_table(location)
            columns = inspector.get_columns(location.table, schema=location.schema)
            key = inspector.get_pk_constraint(location.table, schema=location.schema)["constrained_columns"]
        kinds = _own_kinds(connection, location)
    except SQLAlchemyError:
        raise _unreadable(location) from None
    for index, column in enumerate(columns):
        if kinds.get(column["name"]) in _PLACES:
            raise structured.unsupported_column(index + 1, kinds[column["name"]])
    names = [column["name"] for column in columns]
    source = sa.table(location.table, *(sa.column(name) for name in names), schema=location.schema)
    # Columns without a type give what the driver gives: no conversion of ours can fail on odd contents.
    cells: list[Any] = [
        sa.cast(source.c[column["name"]], sa.Text).label(column["name"])
        if isinstance(column["type"], (sa.JSON, sa.types.NullType)) and connection.dialect.name != "sqlite"
        else source.c[column["name"]]
        for column in columns
    ]
    order: list[Any] = [source.c[name] for name in key] or [
        sa.cast(source.c[name], sa.Text) for name in names
    ]
    return _Layout(tuple(names), sa.select(*cells).order_by(*order))


def _own_kinds(connection: Connection, location: Location) -> dict[str, str]:
    """PostgreSQL's own names of the types of the columns."""
    if connection.dialect.name != "postgresql":
        return {}
    query = sa.text(
        "SELECT column_name, udt_name FROM information_schema.columns "
        "WHERE table_name = :table AND table_schema = COALESCE(:schema, current_schema())"
    )
    rows = connection.execute(query, {"table": location.table, "schema": location.schema})
    return {str(row[0]): str(row[1]) for row in rows}


def _open(location: Location) -> tuple[Engine, Connection]:
    """A connection that cannot write, in the one transaction of which everything is read."""
    sqlite = location.url.get_backend_name() == "sqlite"
    try:
        # The table may be walked, and is let go, in another thread than the one that opened it.
        arguments = {"check_same_thread": False} if sqlite else {}
        engine = sa.create_engine(
            location.url, poolclass=sa.pool.NullPool, hide_parameters=True, connect_args=arguments
        )
    except (SQLAlchemyError, ImportError, TypeError, ValueError):
        raise not_usable() from None
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        if sqlite and not Path(location.url.database or "").is_file():
            raise _unreachable(location)
        connection = engine.connect()
        if sqlite:
            connection.connection.driver_connection.text_factory = text_of_bytes  # type: ignore[union-attr]
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
        return engine, connection
    except SQLAlchemyError:
        raise _unreachable(location) from None


def _close(connection: Connection, engine: Engine) -> None:
    connection.close()
    engine.dispose()


def _unreachable(location: Location) -> SourceUnreadable:
    return SourceUnreadable(
        "无法连接数据库 {shown}。请检查地址、账号、密码和网络。",
        "The database {shown} cannot be reached. Check its address, the account, the password, the network.",
        shown=location.shown,
    )


def _unreadable(location: Location) -> SourceUnreadable:
    return SourceUnreadable(
        "数据库表 {shown} 无法读取。请检查账号是否有查询权限，以及表的内容。",
        "The table {shown} cannot be read. Check that the account may select from it, and its content.",
        shown=location.shown,
    )


def _no_such_table(location: Location) -> WrongUse:
    return WrongUse(
        "数据库里没有表或视图 {shown}（或账号看不到它）。请检查 --table。",
        "The database has no table or view {shown} (or the account cannot see it). Check --table.",
        shown=location.shown,
    )
