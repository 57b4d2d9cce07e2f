"""Agreements on SQLite."""

from __future__ import annotations

from licensing.agreements.lifecycle import ABANDONED, AMENDED, EXPIRED, LIFECYCLE, STATE_NAMES, TERMINATED
from licensing.core.lifecycle_clocks import clock_faults
from tests.unit.licensing.agreements.agreements_contract import AgreementsContract, agreement, as_

__all__ = ["agreement", "as_"]


class TestOnSqlite(AgreementsContract):
    pass


def test_every_state_but_the_ends_can_be_left_and_has_a_name() -> None:
    assert LIFECYCLE.dead_ends() == {AMENDED, TERMINATED, EXPIRED, ABANDONED}
    assert set(STATE_NAMES) == set(LIFECYCLE.states)
    assert all(each.zh and each.en for each in LIFECYCLE.transitions)
    assert clock_faults(LIFECYCLE) == []
