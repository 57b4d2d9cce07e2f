"""Metering on PostgreSQL."""

from __future__ import annotations

from tests.unit.licensing.usage_contract import UsageContract, grant, spool

__all__ = ["grant", "spool"]


class TestOnPostgres(UsageContract):
    pass
