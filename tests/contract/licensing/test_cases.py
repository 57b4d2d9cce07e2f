"""Cases on PostgreSQL: parallel decisions, parallel registrations, reforms, lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from licensing.applications import decisions, provision, service
from licensing.applications.listing import list_cases
from licensing.applications.models import Case, CaseRecord
from licensing.core.errors import LicensingError
from licensing.core.store.clocks import clocks_of
from licensing.core.store.engine import open_engine
from licensing.core.store.events import history
from licensing.corrections import service as corrections
from licensing.local.models import LocalPrincipal, LocalRole
from licensing.parties import service as parties
from licensing.parties.departments import succeed
from licensing.parties.ending import erase_partner
from licensing.parties.models import Partner
from licensing.ports import APPLICANT, Context
from tests.factories.cases import KEY, LAW, accepted, as_, draft, new_case, provided, settle, submitted, uscc
from tests.factories.licensing_world import SettableTime, make_context

Act = Callable[[Session, Context], object]


@pytest.fixture(autouse=True)
def settled(session: Session, ctx: Context) -> None:
    settle(session, ctx)
    session.commit()


def together(engine: Engine, folder: Path, time: SettableTime, acts: list[tuple[str, Act]]) -> Counter[str]:
    """Each act by somebody on a connection of their own, all at the same moment; codes of their outcomes."""
    wide = open_engine(engine.url.render_as_string(hide_password=False), pool_size=100, max_overflow=120)
    outcomes: list[str] = []
    gate = Barrier(len(acts))

    def run(who: str, act: Act) -> None:
        gate.wait()
        with Session(wide) as own:
            ctx = make_context(own, folder, time, who=who)
            try:
                act(own, ctx)
                own.commit()
            except LicensingError as error:
                own.rollback()
                outcomes.append(str(error.status))
            else:
                outcomes.append("done")

    threads = [Thread(target=run, args=each) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wide.dispose()
    return Counter(outcomes)


def test_of_200_parallel_decisions_one_wins_and_the_others_get_a_conflict(
    engine: Engine, session: Session, ctx: Context, time: SettableTime, tmp_path: Path
) -> None:
    case = accepted(session, ctx)
    session.commit()

    def approve(own: Session, mine: Context) -> object:
        return decisions.approve(own, mine, case.id, reason="符合条件")

    def refuse(own: Session, mine: Context) -> object:
        return decisions.refuse(own, mine, case.id, reason="超出范围", basis=LAW)

    acts: list[tuple[str, Act]] = [("u-provider", (approve, refuse)[number % 2]) for number in range(200)]
    assert together(engine, tmp_path, time, acts) == {"done": 1, "409": 199}
    session.expire_all()
    assert [event.action for event in history(session, case.id)][-1] in ("approve", "refuse")
    assert len(history(session, case.id)) == 4
    assert session.scalar(select(func.count()).select_from(CaseRecord)) == 1
    assert [clock.rule_id for clock in clocks_of(session, case.id, open_only=True)] == ["application.notify"]


def test_two_who_register_the_same_enterprise_get_one_partner(
    engine: Engine, session: Session, ctx: Context, time: SettableTime, tmp_path: Path
) -> None:
    def register(own: Session, mine: Context) -> object:
        return parties.register_legal(own, mine, "某某有限公司", uscc(500))

    acts: list[tuple[str, Act]] = [("u-platform", register)] * 8
    assert together(engine, tmp_path, time, acts) == {"done": 1, "409": 7}
    assert session.scalar(select(func.count()).select_from(Partner)) == 3


def test_who_registers_itself_several_times_at_once_is_one_partner(
    engine: Engine, session: Session, time: SettableTime, tmp_path: Path
) -> None:
    session.add(LocalPrincipal(id="u-new", name="u-new", partner="p-new"))
    session.flush()
    session.add(LocalRole(principal_id="u-new", role=APPLICANT, department=""))
    session.commit()

    def register(number: int) -> Act:
        return lambda own, mine: parties.register_legal(own, mine, "某某有限公司", uscc(500 + number))

    acts = [("u-new", register(number)) for number in range(8)]
    assert together(engine, tmp_path, time, acts) == {"done": 1, "409": 7}
    assert session.scalar(select(func.count()).select_from(Partner)) == 3


def test_a_reform_and_a_decision_at_once_leave_the_case_whole(
    engine: Engine, session: Session, ctx: Context, time: SettableTime, tmp_path: Path
) -> None:
    cases = [accepted(session, ctx) for _ in range(4)]
    session.commit()

    def decide(case_id: str) -> Act:
        return lambda own, mine: decisions.approve(own, mine, case_id)

    acts: list[tuple[str, Act]] = [("u-provider", decide(case.id)) for case in cases]
    acts.append(
        (
            "u-administrator",
            lambda own, mine: succeed(own, mine, "d-transport", "d-new", kind="merge", basis="改革"),
        )
    )
    outcome = together(engine, tmp_path, time, acts)
    assert outcome["done"] >= 1
    session.expire_all()
    for case in cases:
        assert case.provider_id == "d-new"
        numbers = [event.number for event in history(session, case.id)]
        assert numbers == sorted(set(numbers))
        assert numbers[-1] == case.version


def test_an_application_handed_in_during_a_reform_reaches_the_successor(
    engine: Engine, session: Session, ctx: Context, time: SettableTime, tmp_path: Path
) -> None:
    drafts = [new_case(session, ctx) for _ in range(6)]
    session.commit()

    def hand_in(case_id: str) -> Act:
        return lambda own, mine: service.submit(own, mine, case_id)

    def reform(own: Session, mine: Context) -> object:
        return succeed(own, mine, "d-transport", "d-new", kind="dissolve", basis="改革")

    acts: list[tuple[str, Act]] = [("u-applicant", hand_in(case.id)) for case in drafts]
    assert together(engine, tmp_path, time, [*acts, ("u-administrator", reform)]) == {"done": 7}
    session.expire_all()
    assert {case.provider_id for case in drafts} == {"d-new"}


def test_the_whole_way_and_an_erasure_hold_on_this_database_too(session: Session, ctx: Context) -> None:
    case = provided(session, ctx)
    assert provision.access_of(session, ctx, case.id).open
    report = corrections.report(
        session, as_(session, ctx, "u-applicant"), reporter_kind="department", reporter_id="d-health",
        dataset_id="records", place="", description="有误",
    )  # fmt: skip
    assert report.status == "reported"
    person = parties.register_natural(session, ctx, KEY, "司马光华", "resident_id", "11010519491231002X")
    session.commit()
    assert erase_partner(session, ctx, person.id, basis="本人申请") > 0
    session.commit()


def test_lists_page_by_key_on_this_database_too(session: Session, ctx: Context) -> None:
    made = [submitted(session, ctx).id for _ in range(3)]
    draft_case = service.create(
        session, as_(session, ctx, "u-applicant"), kind="sharing", applicant_kind="department",
        applicant_id="d-health", draft=draft(),
    )  # fmt: skip
    page = list_cases(session, as_(session, ctx, "u-platform"), limit=2)
    assert [case.id for case in page.cases] == [made[2], made[1]]
    rest = list_cases(session, as_(session, ctx, "u-platform"), after=page.after)
    assert [case.id for case in rest.cases] == [made[0]]
    own = list_cases(session, as_(session, ctx, "u-applicant"), view="applied")
    assert [case.id for case in own.cases] == [draft_case.id, *reversed(made)]
    assert session.get_one(Case, made[0]).status == "submitted"
