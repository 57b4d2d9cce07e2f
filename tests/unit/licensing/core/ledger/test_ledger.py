"""The stored ledger on SQLite."""

from __future__ import annotations

from tests.unit.licensing.ledger_contract import LedgerContract


class TestOnSqlite(LedgerContract):
    pass
