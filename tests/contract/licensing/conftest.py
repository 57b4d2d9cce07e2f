"""The same fixtures as the fast tests, on PostgreSQL: one server a run, one database a test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from licensing.core.store.engine import open_engine
from licensing.migrations import upgrade
from licensing.ports import Context
from tests.factories.licensing_world import SettableTime, make_context, populate
from tests.factories.postgres_server import other_database, server

_numbers = count()


@pytest.fixture(scope="session")
def template() -> Iterator[str]:
    """Address of a migrated database that each test gets a copy of."""
    with server() as url:
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        yield url


@pytest.fixture
def engine(template: str) -> Iterator[Engine]:
    name = f"test_{next(_numbers)}"
    maintenance = open_engine(other_database(template, "postgres"), isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE licensing"))
    made = open_engine(other_database(template, name))
    yield made
    made.dispose()
    with maintenance.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    maintenance.dispose()


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
