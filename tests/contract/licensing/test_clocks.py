"""Stored clocks on PostgreSQL."""

from __future__ import annotations

from tests.unit.licensing.clocks_contract import ClocksContract, begun

__all__ = ["begun"]


class TestOnPostgres(ClocksContract):
    pass
