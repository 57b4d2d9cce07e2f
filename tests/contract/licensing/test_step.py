"""The step on PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from licensing.core.store.clocks import clocks_of
from licensing.core.store.engine import open_engine
from licensing.core.store.events import history
from licensing.ports import Context
from tests.factories.errands import Errand
from tests.unit.licensing.step_contract import StepContract, errand

__all__ = ["errand"]


class TestOnPostgres(StepContract):
    def test_of_200_parallel_decisions_one_wins_and_the_others_get_a_conflict(
        self, engine: Engine, session: Session, ctx: Context, errand: Errand
    ) -> None:
        wide = open_engine(engine.url.render_as_string(hide_password=False), pool_size=100, max_overflow=120)
        outcomes = self.decide_in_parallel(wide, session, ctx, errand, 200)
        wide.dispose()
        assert sorted(outcomes)[:199] == ["409"] * 199
        assert len(outcomes) == 200
        won = history(session, errand.id)[-1]
        assert sorted(outcomes)[-1] == won.action
        session.refresh(errand)
        assert (errand.status, errand.version) == (won.target, 4)
        assert clocks_of(session, errand.id, open_only=True) == []
