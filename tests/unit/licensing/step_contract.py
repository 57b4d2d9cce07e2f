"""What a step must hold on every database."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted, TransitionRefused
from licensing.core.ledger.models import PendingEntry
from licensing.core.store.clocks import clocks_of
from licensing.core.store.events import history
from licensing.core.store.step import amend, claim, load, step
from licensing.ports import Context
from tests.factories.errands import CONFORMITY, DECIDE, ERRAND, Errand, make_table, new_errand
from tests.factories.licensing_world import SettableTime, make_context, principal


def act(
    session: Session, ctx: Context, errand: Errand, who: str, action: str, reason: str = "", **more: object
) -> Errand:
    acting = ctx.acting_as(principal(session, who))
    return step(session, acting, ERRAND, errand, action, reason, **more)  # type: ignore[arg-type]


@pytest.fixture
def errand(session: Session, ctx: Context) -> Errand:
    make_table(session)
    made = new_errand(session, ctx.acting_as(principal(session, "u-applicant")))
    session.commit()
    return made


class StepContract:
    def test_a_step_writes_status_event_entry_and_clock_together(
        self, session: Session, ctx: Context, errand: Errand
    ) -> None:
        act(session, ctx, errand, "u-applicant", "submit", payload={"dataset": "parking"})
        assert (errand.status, errand.version) == ("submitted", 2)
        events = history(session, errand.id)
        assert [(e.number, e.action, e.source, e.target) for e in events] == [
            (1, "create", "", "draft"),
            (2, "submit", "draft", "submitted"),
        ]
        pending = session.scalars(select(PendingEntry).order_by(PendingEntry.id)).all()
        assert [p.kind for p in pending] == ["errand.create", "errand.submit"]
        assert [p.commitment for p in pending] == [e.commitment for e in events]
        assert pending[1].payload is not None
        assert pending[1].payload["data"] == {"dataset": "parking"}
        (clock,) = clocks_of(session, errand.id)
        assert (clock.rule_id, clock.rule_set, clock.due_day) == (CONFORMITY, "hubei", date(2026, 3, 5))

    def test_nothing_of_a_step_is_left_after_a_rollback(
        self, session: Session, ctx: Context, errand: Errand
    ) -> None:
        act(session, ctx, errand, "u-applicant", "submit")
        session.rollback()
        session.refresh(errand)
        assert (errand.status, errand.version) == ("draft", 1)
        assert clocks_of(session, errand.id) == []
        assert len(session.scalars(select(PendingEntry)).all()) == 1

    def test_a_version_that_was_overtaken_is_refused(
        self, session: Session, ctx: Context, errand: Errand
    ) -> None:
        act(session, ctx, errand, "u-applicant", "save", changes={"note": "新"}, if_version=1)
        assert (errand.note, errand.version) == ("新", 2)
        with pytest.raises(Conflict):
            act(session, ctx, errand, "u-applicant", "save", if_version=1)

    def test_changes_before_a_versioned_claim_are_a_programming_fault(
        self, session: Session, ctx: Context, errand: Errand
    ) -> None:
        errand.note = "x"
        with pytest.raises(RuntimeError, match="claim first"):
            claim(session, errand, if_version=1)

    def test_a_role_towards_other_cases_is_no_role_here(
        self, session: Session, ctx: Context, errand: Errand
    ) -> None:
        act(session, ctx, errand, "u-applicant", "submit")
        act(session, ctx, errand, "u-platform", "accept", starts=(DECIDE,))
        with pytest.raises(NotPermitted):
            act(session, ctx, errand, "u-other-provider", "approve")
        assert act(session, ctx, errand, "u-provider", "approve").status == "approved"

    def test_a_supplement_pauses_the_clock_and_a_withdrawal_stops_it_while_it_stands(
        self, session: Session, ctx: Context, errand: Errand, time: SettableTime
    ) -> None:
        act(session, ctx, errand, "u-applicant", "submit")
        time.set("2026-03-03 10:00")
        act(session, ctx, errand, "u-platform", "ask", "缺少用途说明")
        (clock,) = clocks_of(session, errand.id)
        assert (clock.due_day, clock.warn_day) == (None, None)
        time.set("2026-03-10 10:00")
        act(session, ctx, errand, "u-applicant", "supplement")
        assert clock.due_day == date(2026, 3, 12)
        act(session, ctx, errand, "u-platform", "ask", "仍然缺少")
        act(session, ctx, errand, "u-applicant", "withdraw")
        assert clock.stopped is not None
        assert clock.late is False
        assert clocks_of(session, errand.id, open_only=True) == []

    def test_a_track_starts_its_own_clocks_only(self, session: Session, ctx: Context, errand: Errand) -> None:
        act(session, ctx, errand, "u-applicant", "submit")
        with pytest.raises(InvalidInput, match=CONFORMITY):
            act(session, ctx, errand, "u-platform", "accept", starts=(CONFORMITY,))
        session.rollback()

    def test_text_that_no_database_can_store_is_an_error_of_the_caller(
        self, session: Session, ctx: Context, errand: Errand
    ) -> None:
        for text in ("a\x00b", "\ud800"):
            with pytest.raises(InvalidInput):
                act(session, ctx, errand, "u-applicant", "save", text)

    def test_a_record_that_is_not_there_is_not_found(self, session: Session, errand: Errand) -> None:
        with pytest.raises(NotFound):
            load(session, Errand, "no-such-id")
        session.delete(errand)
        session.flush()
        with pytest.raises(NotFound):
            claim(session, errand)

    def decide_in_parallel(
        self, engine: Engine, session: Session, ctx: Context, errand: Errand, deciders: int
    ) -> list[str]:
        """Each decider's outcome; all of them begin at the same moment on connections of their own."""
        act(session, ctx, errand, "u-applicant", "submit")
        act(session, ctx, errand, "u-platform", "accept")
        session.commit()
        outcomes: list[str] = []
        gate = Barrier(deciders)

        def decide(number: int) -> None:
            gate.wait()
            with Session(engine) as own:
                mine = make_context(own, ctx.storage._root, ctx.time, who="u-provider")  # type: ignore[attr-defined,arg-type]
                action = ("approve", "refuse")[number % 2]
                try:
                    step(own, mine, ERRAND, load(own, Errand, errand.id), action, "理由", if_version=3)
                    own.commit()
                except Conflict as error:
                    own.rollback()
                    outcomes.append(str(error.status))
                else:
                    outcomes.append(action)

        threads = [Thread(target=decide, args=(number,)) for number in range(deciders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        session.expire_all()
        return outcomes

    def test_a_step_that_the_state_does_not_know_is_refused(
        self, session: Session, ctx: Context, errand: Errand
    ) -> None:
        with pytest.raises(TransitionRefused):
            act(session, ctx, errand, "u-platform", "accept")
        assert len(history(session, errand.id)) == 1

    def test_what_happens_to_a_case_is_on_record_like_a_step(
        self, session: Session, ctx: Context, errand: Errand
    ) -> None:
        act(session, ctx, errand, "u-applicant", "submit")
        amend(session, ctx, "errand", errand, "succession", {"note": "新"}, payload={"to": "d-new"})
        assert (errand.status, errand.version, errand.note) == ("submitted", 3, "新")
        last = history(session, errand.id)[-1]
        assert (last.number, last.action, last.source, last.target) == (3, "succession", *["submitted"] * 2)
        assert [clock.rule_id for clock in clocks_of(session, errand.id, open_only=True)] == [CONFORMITY]
        entry = session.scalars(select(PendingEntry).order_by(PendingEntry.id.desc())).first()
        assert entry is not None
        assert (entry.kind, entry.commitment) == ("errand.succession", last.commitment)
        with pytest.raises(Conflict):
            amend(session, ctx, "errand", errand, "succession", {"note": "旧"}, if_version=2)
