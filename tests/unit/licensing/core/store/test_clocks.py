"""Stored clocks on SQLite."""

from __future__ import annotations

from tests.unit.licensing.clocks_contract import ClocksContract, begun

__all__ = ["begun"]


class TestOnSqlite(ClocksContract):
    pass
