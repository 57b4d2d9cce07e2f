"""Tampering with the stored ledger on PostgreSQL."""

from __future__ import annotations

from tests.unit.licensing.tampering_contract import TamperingContract


class TestOnPostgres(TamperingContract):
    pass
