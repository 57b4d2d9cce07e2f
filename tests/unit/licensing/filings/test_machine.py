"""Filings and objections driven by random steps."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from sqlalchemy.orm import Session

from licensing.core.store.step import step
from licensing.filings import objections, receipt, service
from licensing.filings.lifecycle import LIFECYCLE, OBJECTION
from licensing.filings.models import Filing, Objection
from licensing.filings.office import Office
from licensing.ports import Context
from tests.factories.filing_world import accepted, acting, draft, signed, submission
from tests.unit.licensing.machine import CaseMachine, Service, drive

pytestmark = pytest.mark.slow

OFFICE = Office("office", "政务信息管理局", "11140100MB0000001A")
MACHINE_ONLY = {"supersede", "cancel", "expire"}


def expire(session: Session, ctx: Context, filing: Filing, reason: str, version: int | None) -> object:
    return step(session, ctx, LIFECYCLE, filing, "expire", reason, if_version=version)


FILING: dict[str, Service] = {
    "save": lambda s, c, f, r, v: service.save(s, c, f.id, submission(plan=f"方案{r}"), if_version=v),
    "submit": lambda s, c, f, r, v: service.submit(s, c, f.id, signed, if_version=v),
    "ask_supplement": lambda s, c, f, r, v: service.ask_supplement(s, c, f.id, reason=r, if_version=v),
    "supplement": lambda s, c, f, r, v: service.supplement(s, c, f.id, submission(), if_version=v),
    "accept": lambda s, c, f, r, v: service.accept(s, c, f.id, signed, if_version=v),
    "approve": lambda s, c, f, r, v: service.approve(s, c, f.id, if_version=v),
    "conclude": lambda s, c, f, r, v: service.conclude(s, c, f.id, if_version=v),
    "register": lambda s, c, f, r, v: service.register(s, c, f.id, if_version=v),
    "refuse": lambda s, c, f, r, v: service.refuse(s, c, f.id, reason=r, if_version=v),
    "withdraw": lambda s, c, f, r, v: service.withdraw(s, c, f.id, reason=r, if_version=v),
    "issue_receipt": lambda s, c, f, r, v: receipt.issue_receipt(s, c, f.id, OFFICE, if_version=v),
    "expire": expire,
}


class FilingMachine(CaseMachine):
    lifecycle = LIFECYCLE
    services = MappingProxyType(FILING)

    def create(self, session: Session, ctx: Context) -> Filing:
        return draft(session, ctx)


class ObjectionMachine(CaseMachine):
    lifecycle = OBJECTION
    services = MappingProxyType(
        {
            "dismiss": lambda s, c, o, r, v: objections.dismiss(s, c, o.id, reason=r, if_version=v),
            "uphold": lambda s, c, o, r, v: objections.uphold(s, c, o.id, reason=r, if_version=v),
            "take_back": lambda s, c, o, r, v: objections.take_back(s, c, o.id, if_version=v),
        }
    )

    def create(self, session: Session, ctx: Context) -> Objection:
        administrator = acting(session, ctx, "u-administrator")
        filing = service.approve(session, administrator, accepted(session, ctx).id)
        return objections.raise_objection(
            session, acting(session, ctx, "u-other-partner"), filing.id, "范围过宽"
        )


def test_a_filing_goes_no_way_that_the_table_does_not_know() -> None:
    counted = drive(FilingMachine)
    assert counted["refused"] > 0
    assert {*LIFECYCLE.actions} - MACHINE_ONLY <= set(FILING)
    assert {"state:accepted", "state:refused", "state:withdrawn"} <= set(counted)


def test_an_objection_goes_no_way_that_the_table_does_not_know() -> None:
    counted = drive(ObjectionMachine)
    assert {f"state:{state}" for state in OBJECTION.states} <= set(counted)
