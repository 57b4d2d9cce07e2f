"""The errand driven by the machine, and faults that the machine must see."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from licensing.core.lifecycle import Lifecycle
from licensing.core.store.clocks import StoredClock
from licensing.core.store.step import step
from licensing.ports import Context
from tests.factories.errands import ERRAND, Errand, make_table, new_errand
from tests.unit.licensing.machine import CaseMachine, Service, drive

pytestmark = pytest.mark.slow


def service(action: str, lifecycle: Lifecycle = ERRAND) -> Service:
    def act(session: Session, ctx: Context, errand: Errand, reason: str, version: int | None) -> object:
        return step(session, ctx, lifecycle, errand, action, reason, if_version=version)

    return act


SERVICES = {action: service(action) for action in ERRAND.actions}


class ErrandMachine(CaseMachine):
    lifecycle = ERRAND
    services = MappingProxyType(SERVICES)

    def prepare(self, session: Session) -> None:
        make_table(session)

    def create(self, session: Session, ctx: Context) -> Errand:
        return new_errand(session, ctx)


def with_service(action: str, faulty: Service) -> type[CaseMachine]:
    """The errand's machine with one service of somebody careless."""

    class Faulty(ErrandMachine):
        services = MappingProxyType({**SERVICES, action: faulty})

    return Faulty


def test_an_errand_goes_no_way_that_the_table_does_not_know() -> None:
    counted = drive(ErrandMachine)
    assert counted["refused"] > 0
    reached = {name.removeprefix("state:") for name in counted if name.startswith("state:")}
    assert reached == set(ERRAND.states)


def forget(session: Session, ctx: Context, errand: Errand, reason: str, version: int | None) -> None:
    SERVICES["ask"](session, ctx, errand, reason, version)
    session.execute(delete(StoredClock).where(StoredClock.subject_id == errand.id))


def bypass(session: Session, ctx: Context, errand: Errand, reason: str, version: int | None) -> None:
    session.execute(update(Errand).where(Errand.id == errand.id).values(status="approved"))


def hurry(session: Session, ctx: Context, errand: Errand, reason: str, version: int | None) -> None:
    errand.note = f"{errand.note}x"[-100:]
    session.commit()
    SERVICES["withdraw"](session, ctx, errand, reason, version)


@pytest.mark.parametrize(
    ("action", "faulty", "message"),
    [
        ("ask", forget, "a clock is lost"),
        ("submit", bypass, "table|may not|old version"),
        ("withdraw", hurry, "has changed something"),
    ],
)
def test_the_machine_sees_a_careless_service(action: str, faulty: Service, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        drive(with_service(action, faulty), 2000, shrink=False)
