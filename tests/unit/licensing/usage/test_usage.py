"""Metering on SQLite."""

from __future__ import annotations

from licensing.core.lifecycle_clocks import clock_faults
from licensing.usage.alarms import KINDS
from licensing.usage.lifecycle import ALARM, ALARM_STATE_NAMES, LIFECYCLE, STATE_NAMES
from tests.unit.licensing.usage_contract import UsageContract, grant, spool

__all__ = ["grant", "spool"]


class TestOnSqlite(UsageContract):
    pass


def test_the_table_names_every_state_and_loses_no_clock() -> None:
    assert clock_faults(LIFECYCLE) == []
    assert set(STATE_NAMES) == set(LIFECYCLE.states)
    assert clock_faults(ALARM) == []
    assert set(ALARM_STATE_NAMES) == set(ALARM.states)
    assert all(zh and en for zh, en in KINDS.values())
