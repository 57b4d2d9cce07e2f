"""What migrations must hold on every database."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from licensing.core.ledger.models import APPEND_ONLY, LedgerCheckpoint, LedgerEntry, LedgerNode
from licensing.core.store.base import load_models
from licensing.migrations import VERSION_TABLE, upgrade

DIGEST = "0" * 64


class MigrationsContract:
    def test_the_migrated_tables_are_those_of_the_models(self, engine: Engine) -> None:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "version_table": VERSION_TABLE}
            )
            assert compare_metadata(context, load_models()) == []

    def test_every_table_is_named_as_ours(self, engine: Engine) -> None:
        tables = inspect(engine).get_table_names()
        assert set(tables) == {*load_models().tables, VERSION_TABLE}
        assert all(name.startswith("licensing_") for name in tables)

    def test_upgrading_again_changes_nothing(self, engine: Engine) -> None:
        upgrade(engine)
        with engine.begin() as connection:
            upgrade(connection)

    @pytest.mark.parametrize("table", APPEND_ONLY)
    @pytest.mark.parametrize("statement", ["UPDATE {t} SET sha256 = sha256", "DELETE FROM {t}"])
    def test_the_database_refuses_to_change_the_ledger(
        self, session: Session, table: str, statement: str
    ) -> None:
        session.add(
            LedgerEntry(
                sequence=1, at="", kind="k", subject="s", commitment=DIGEST, sha256=DIGEST, sm3=DIGEST
            )
        )
        session.add(LedgerNode(level=8, place=0, sha256=DIGEST, sm3=DIGEST))
        session.add(
            LedgerCheckpoint(
                size=1, at="", root_sha256=DIGEST, root_sm3=DIGEST, last_sha256=DIGEST, last_sm3=DIGEST,
                key_id=DIGEST, signature="",
            )
        )  # fmt: skip
        session.commit()
        column = "at" if table.endswith("checkpoint") else "sha256"
        change = statement.format(t=table).replace("sha256", column)
        with pytest.raises(DBAPIError, match="only grows"):
            session.execute(text(change))
