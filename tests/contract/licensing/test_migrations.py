"""Migrations on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from licensing.core.ledger.models import APPEND_ONLY
from tests.unit.licensing.migrations_contract import MigrationsContract


class TestOnPostgres(MigrationsContract):
    @pytest.mark.parametrize("table", APPEND_ONLY)
    def test_the_database_refuses_to_truncate_the_ledger(self, session: Session, table: str) -> None:
        with pytest.raises(DBAPIError, match="only grows"):
            session.execute(text(f"TRUNCATE {table}"))
