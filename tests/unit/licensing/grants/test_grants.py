"""Grants on SQLite, and their table."""

from __future__ import annotations

from licensing.core.lifecycle_clocks import clock_faults
from licensing.grants.lifecycle import LIFECYCLE, STATE_NAMES
from tests.unit.licensing.grants_contract import GrantsContract


class TestOnSqlite(GrantsContract):
    pass


def test_the_table_names_every_state_and_loses_no_clock() -> None:
    assert clock_faults(LIFECYCLE) == []
    assert set(STATE_NAMES) == set(LIFECYCLE.states)
    assert LIFECYCLE.dead_ends() == {"revoked", "expired"}
    assert all(each.zh and each.en for each in LIFECYCLE.transitions)
