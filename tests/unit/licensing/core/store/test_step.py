"""The step on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from licensing.core.store.events import history
from licensing.ports import Context
from tests.factories.errands import Errand
from tests.factories.licensing_world import sqlite_engine
from tests.unit.licensing.step_contract import StepContract, errand

__all__ = ["errand"]


class TestOnSqlite(StepContract):
    pass


class TestOnSqliteFile(StepContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Engine:
        return sqlite_engine(tmp_path / "licensing.db")

    def test_of_parallel_decisions_one_wins(
        self, engine: Engine, session: Session, ctx: Context, errand: Errand
    ) -> None:
        outcomes = self.decide_in_parallel(engine, session, ctx, errand, 8)
        assert sorted(outcomes)[:7] == ["409"] * 7
        assert len(history(session, errand.id)) == 4
