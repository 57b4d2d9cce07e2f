"""Tampering with the stored ledger on SQLite."""

from __future__ import annotations

from tests.unit.licensing.tampering_contract import TamperingContract


class TestOnSqlite(TamperingContract):
    pass
