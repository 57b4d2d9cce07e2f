"""Tampering with the stored ledger on SQLite."""

from __future__ import annotations

import pytest

from tests.unit.licensing.tampering_contract import TamperingContract

pytestmark = pytest.mark.slow


class TestOnSqlite(TamperingContract):
    pass
