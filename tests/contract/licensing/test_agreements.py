"""Agreements on PostgreSQL."""

from __future__ import annotations

from threading import Barrier, Thread

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from licensing.agreements import service
from licensing.agreements.models import Agreement, AgreementVersion
from licensing.core.errors import Conflict
from licensing.core.store.engine import open_engine
from licensing.ports import Context
from tests.factories.agreements import facts
from tests.factories.licensing_world import make_context
from tests.unit.licensing.agreements.agreements_contract import AgreementsContract, As, agreement, as_

__all__ = ["agreement", "as_"]


class TestOnPostgres(AgreementsContract):
    def in_parallel(self, engine: Engine, ctx: Context, count: int, act: object) -> list[str]:
        wide = open_engine(engine.url.render_as_string(hide_password=False), pool_size=count)
        gate, outcomes = Barrier(count), []

        def one(number: int) -> None:
            with Session(wide) as own:
                mine = make_context(own, ctx.storage._root, ctx.time, who="u-provider")  # type: ignore[attr-defined,arg-type]
                gate.wait()
                try:
                    outcomes.append(act(own, mine, number))  # type: ignore[operator]
                    own.commit()
                except Conflict as refusal:
                    own.rollback()
                    outcomes.append(str(refusal.status))

        threads = [Thread(target=one, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wide.dispose()
        return outcomes

    def test_numbers_are_gapless_when_drafted_at_once(
        self, engine: Engine, session: Session, ctx: Context
    ) -> None:
        session.commit()
        made = self.in_parallel(
            engine, ctx, 20, lambda own, mine, n: service.create(own, mine, facts(f"c-{n}")).number
        )
        assert sorted(made) == [f"XY-2026-{number:06d}" for number in range(1, 21)]

    def test_one_case_gets_one_agreement_when_drafted_at_once(
        self, engine: Engine, session: Session, ctx: Context
    ) -> None:
        session.commit()
        made = self.in_parallel(
            engine, ctx, 8, lambda own, mine, n: service.create(own, mine, facts()).number
        )
        assert sorted(made) == [*["409"] * 7, "XY-2026-000001"]
        assert session.scalar(select(func.count()).select_from(Agreement)) == 1

    def test_of_edits_made_at_once_one_wins(
        self, engine: Engine, session: Session, ctx: Context, as_: As, agreement: Agreement
    ) -> None:
        terms = session.scalars(select(AgreementVersion)).one().terms
        session.commit()

        def edit(own: Session, mine: Context, _: int) -> str:
            return str(service.edit(own, mine, agreement.id, terms, if_version=1).edition)

        assert sorted(self.in_parallel(engine, ctx, 8, edit)) == ["2", *["409"] * 7]
