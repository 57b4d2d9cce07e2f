"""A migrated SQLite database with everybody in it, and a context to act in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from licensing.ports import Context
from tests.factories.licensing_world import SettableTime, make_context, populate, sqlite_engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = sqlite_engine()
    yield made
    made.dispose()


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
