"""Migrations on SQLite."""

from __future__ import annotations

from tests.unit.licensing.migrations_contract import MigrationsContract


class TestOnSqlite(MigrationsContract):
    pass
