"""Migrations on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, delete, make_url, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput
from licensing.core.ledger.models import APPEND_ONLY
from licensing.core.ledger.sequencer import run_once
from licensing.core.ledger.store import append_pending
from licensing.core.store.engine import open_engine
from licensing.migrations import VERSION_TABLE
from licensing.migrations.grants import grant
from tests.factories.licensing_world import SettableTime
from tests.unit.licensing.ledger_contract import KEYS, SIGNER, verify
from tests.unit.licensing.migrations_contract import MigrationsContract


class TestOnPostgres(MigrationsContract):
    @pytest.mark.parametrize("table", APPEND_ONLY)
    def test_the_database_refuses_to_truncate_the_ledger(self, session: Session, table: str) -> None:
        with pytest.raises(DBAPIError, match="only grows"):
            session.execute(text(f"TRUNCATE {table}"))


class TestTheRoleThatThePortalWorksAs:
    """It owns nothing."""

    @pytest.fixture
    def narrow(self, engine: Engine, address: str) -> Iterator[Engine]:
        with engine.begin() as connection:
            connection.execute(text("CREATE ROLE portal LOGIN PASSWORD 'p'"))
            grant(connection, "portal")
        made = open_engine(make_url(address).set(username="portal", password="p"))
        yield made
        made.dispose()
        with engine.begin() as connection:
            connection.execute(text("DROP OWNED BY portal"))
            connection.execute(text("DROP ROLE portal"))

    def test_can_run_the_sequencer_and_verify(self, narrow: Engine, time: SettableTime) -> None:
        with Session(narrow) as session:
            append_pending(session, "k", "s", {}, at=time.now())
            session.commit()
            assert run_once(session, SIGNER, time) is not None
            session.commit()
            assert verify(session, KEYS).size == 1

    @pytest.mark.parametrize("table", APPEND_ONLY)
    @pytest.mark.parametrize(
        "statement",
        ["TRUNCATE {}", "DELETE FROM {}", "ALTER TABLE {} DISABLE TRIGGER ALL", "DROP TABLE {}"],
    )
    def test_cannot_change_the_ledger_or_its_triggers(
        self, narrow: Engine, table: str, statement: str
    ) -> None:
        with Session(narrow) as session, pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            session.execute(text(statement.format(table)))

    def test_cannot_say_that_a_migration_was_run(self, narrow: Engine) -> None:
        with Session(narrow) as session, pytest.raises(DBAPIError, match="permission denied"):
            session.execute(delete(table(VERSION_TABLE)))

    def test_must_exist(self, engine: Engine) -> None:
        with engine.begin() as connection, pytest.raises(InvalidInput, match="no such role"):
            grant(connection, "nobody_of_that_name")
