"""The same fixtures as the fast tests, on PostgreSQL: one server a run, emptied after each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from licensing.core.ledger.models import APPEND_ONLY
from licensing.core.store.engine import open_engine
from licensing.migrations import VERSION_TABLE, upgrade
from licensing.ports import Context
from tests.factories.errands import Tables
from tests.factories.licensing_world import SettableTime, make_context, populate
from tests.factories.postgres_server import server


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Address of a migrated database."""
    with server() as url:
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        yield url


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    made = open_engine(address)
    yield made
    with made.begin() as connection:
        _empty(connection)
    made.dispose()


def _empty(connection: Connection) -> None:
    """Remove every row and whatever a test did to the triggers; a transaction left open makes it fail."""
    connection.execute(text("SET LOCAL lock_timeout = '10s'"))
    connection.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger refuses this
    Tables.metadata.drop_all(connection)
    for table in APPEND_ONLY:
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
    tables = [name for name in inspect(connection).get_table_names() if name != VERSION_TABLE]
    connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY"))


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as opened:
        populate(opened)
        yield opened


@pytest.fixture
def time() -> SettableTime:
    return SettableTime()


@pytest.fixture
def ctx(session: Session, time: SettableTime, tmp_path: Path) -> Context:
    return make_context(session, tmp_path / "objects", time)
