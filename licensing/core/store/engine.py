"""Open a database for the library when it runs alone; under CKAN the engine is CKAN's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event

BUSY_MILLISECONDS = 30_000
"""How long a SQLite transaction waits for another one before it gives up."""


def open_engine(url: str, **options: Any) -> Engine:
    """An engine whose transactions mean the same on both databases.

    SQLite takes its write lock at the beginning of a transaction, so that whoever reads a row in order to
    change it cannot be overtaken; PostgreSQL locks the row. ``options`` go to SQLAlchemy's
    ``create_engine``.
    """
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # sqlite3 itself would open transactions late, at the first write; `_begin` does it instead.
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", f"busy_timeout = {BUSY_MILLISECONDS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
