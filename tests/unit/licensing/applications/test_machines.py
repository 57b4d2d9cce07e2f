"""Every kind of case driven by random legal and illegal steps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import ClassVar

import pytest
from sqlalchemy.orm import Session

from licensing.agreements.terms import COOPERATION
from licensing.applications import (
    acceptance,
    decisions,
    disputes,
    messages,
    outside,
    provision,
    secrecy,
    service,
)
from licensing.applications.lifecycle import (
    CO_DEVELOPMENT,
    DEVELOPMENT,
    INTERESTED_PARTY,
    OPENING,
    OUTSIDE,
    SECRECY_DISPUTE,
    SHARING,
)
from licensing.applications.models import Case
from licensing.core.lifecycle import Lifecycle
from licensing.core.rules import load_rule_set
from licensing.core.store.base import Stored
from licensing.ports import Context
from tests.factories.cases import LAW, accepted, as_, draft, new_case, settle, signed_agreement
from tests.unit.licensing.machine import CaseMachine, Service, drive

pytestmark = pytest.mark.slow

STEPS = int(os.environ.get("LICENSING_STEPS", "120"))
"""There are eight machines here: a few steps each in a plain run, thousands in a soak."""
LONG = 5_000


def simple(function: object) -> Service:
    """A service without arguments of its own."""

    def act(session: Session, ctx: Context, case: Case, reason: str, version: int | None) -> object:
        return function(session, ctx, case.id, if_version=version)  # type: ignore[operator]

    return act


def reasoned(function: object, **more: object) -> Service:
    """A service that takes a reason."""

    def act(session: Session, ctx: Context, case: Case, reason: str, version: int | None) -> object:
        return function(session, ctx, case.id, reason=reason, if_version=version, **more)  # type: ignore[operator]

    return act


def review(session: Session, ctx: Context, case: Case, reason: str, version: int | None) -> object:
    return provision.review_confidentiality(
        session, ctx, case.id, passed=case.version % 7 != 0, opinion=reason, if_version=version
    )


def save(session: Session, ctx: Context, case: Case, reason: str, version: int | None) -> object:
    content = service.draft_of(session, case)
    return service.save(session, ctx, case.id, content, if_version=version)


def save_outside(session: Session, ctx: Context, case: Case, reason: str, version: int | None) -> object:
    return outside.save(session, ctx, case.id, service.draft_of(session, case), if_version=version)


def agree(session: Session, ctx: Context, case: Case, reason: str, version: int | None) -> object:
    return outside.agree(session, ctx, case.id, conditions=reason, if_version=version)


def file(session: Session, ctx: Context, case: Case, reason: str, version: int | None) -> object:
    return outside.file(session, ctx, case.id, opinion=reason, if_version=version)


def count(session: Session, ctx: Context, case: Case, reason: str, version: int | None) -> object:
    day = date(2026, 1, 1) + timedelta(days=case.version)
    return outside.count(session, ctx, case.id, first=day, last=day, rows=9, calls=1, if_version=version)


APPLICATION: Mapping[str, Service] = {
    "save": save,
    "submit": simple(service.submit),
    "ask_supplement": reasoned(service.ask_supplement),
    "supplement": reasoned(service.supplement),
    "accept": reasoned(acceptance.accept),
    "reject": reasoned(acceptance.reject),
    "approve": reasoned(decisions.approve),
    "refuse": reasoned(decisions.refuse, basis=LAW),
    "notify": simple(decisions.notify),
    "review_confidentiality": review,
    "approve_offline": reasoned(provision.approve_offline),
    "provide": simple(provision.provide),
    "report_violation": reasoned(provision.report_violation, what="passed_on"),
    "revoke": reasoned(provision.revoke),
    "finish": reasoned(provision.finish),
    "say": reasoned(messages.say),
    "withdraw": reasoned(service.withdraw),
}
SHARED: Mapping[str, Service] = {
    **APPLICATION,
    "take": simple(service.take),
    "accept_for_platform": reasoned(acceptance.accept_for_platform),
    "accept_for_negotiation": reasoned(acceptance.accept_for_negotiation),
    "negotiate": reasoned(disputes.negotiate),
    "escalate": reasoned(disputes.escalate),
    "uphold": reasoned(disputes.uphold),
    "close": reasoned(disputes.close),
}


class ApplicationMachine(CaseMachine):
    """Applications in turn for data of each type."""

    lifecycle: ClassVar[Lifecycle] = SHARING
    services = MappingProxyType(SHARED)
    asked: ClassVar[tuple[str, ...]] = ("records", "free", "records", "closed")

    def prepare(self, session: Session) -> None:
        settle(session, self.ctx)

    def create(self, session: Session, ctx: Context) -> Stored:
        name = self.asked[len(self.every) % len(self.asked)]
        mode = "offline" if len(self.every) % 3 == 2 else "api"
        case = new_case(session, ctx, self.lifecycle.name, draft(name, mode=mode))
        signed_agreement(session, ctx, case, COOPERATION)
        return case


class SharingMachine(ApplicationMachine):
    """Platform decides on unconditional data, as in Hubei; nothing is taken there."""


class QidongMachine(ApplicationMachine):
    """Unconditional data are taken directly."""

    def __init__(self) -> None:
        super().__init__()
        rules = load_rule_set("qidong")
        self.ctx = replace(self.ctx, rules=rules)
        self.acting = {name: replace(each, rules=rules) for name, each in self.acting.items()}


class OpeningMachine(ApplicationMachine):
    lifecycle = OPENING
    services = MappingProxyType(APPLICATION)
    asked = ("records",)


class InterestedPartyMachine(OpeningMachine):
    lifecycle = INTERESTED_PARTY
    asked = ("closed",)


class DevelopmentMachine(OpeningMachine):
    lifecycle = DEVELOPMENT


class CoDevelopmentMachine(OpeningMachine):
    lifecycle = CO_DEVELOPMENT


class SecrecyMachine(CaseMachine):
    lifecycle = SECRECY_DISPUTE
    services = MappingProxyType(
        {
            "refer": reasoned(secrecy.refer),
            "rule": reasoned(secrecy.rule, secret=False),
            "record_ruling": reasoned(secrecy.record_ruling, secret=True, organ="市市场监督管理局"),
            "withdraw": reasoned(secrecy.withdraw),
        }
    )

    def prepare(self, session: Session) -> None:
        settle(session, self.ctx)

    def create(self, session: Session, ctx: Context) -> Stored:
        about = accepted(session, ctx)
        matter = ("secret", "commercial", "personal")[len(self.every) % 3]
        acting = as_(session, ctx, "u-provider")
        return secrecy.raise_dispute(session, acting, about.id, matter=matter, grounds="双方认识不一")


class OutsideMachine(CaseMachine):
    lifecycle = OUTSIDE
    services = MappingProxyType(
        {
            "save": save_outside,
            "propose": simple(outside.propose),
            "agree": agree,
            "disagree": reasoned(outside.disagree),
            "escalate": reasoned(outside.escalate),
            "approve": reasoned(outside.determine, share=True),
            "uphold": reasoned(outside.determine, share=False),
            "file": file,
            "count": count,
            "finish": reasoned(outside.finish),
            "withdraw": reasoned(outside.withdraw),
        }
    )

    def prepare(self, session: Session) -> None:
        settle(session, self.ctx)

    def create(self, session: Session, ctx: Context) -> Stored:
        acting = as_(session, ctx, "u-applicant")
        return outside.create(
            session, acting, department_id="d-health", provider_id="d-transport", channel="off_catalogue",
            draft=draft(items=()),
        )  # fmt: skip


MACHINES = (
    SharingMachine, QidongMachine, OpeningMachine, InterestedPartyMachine, DevelopmentMachine,
    CoDevelopmentMachine, SecrecyMachine, OutsideMachine,
)  # fmt: skip


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.__name__)
def test_a_case_goes_no_way_that_its_table_does_not_know(machine: type[CaseMachine]) -> None:
    counted = drive(machine, STEPS)
    assert counted["refused"] > 0
    reached = {name.removeprefix("state:") for name in counted if name.startswith("state:")}
    assert reached <= set(machine.lifecycle.states)
    assert len(reached) > 3, "the machine hardly moves"
    if STEPS >= LONG:  # that the table itself leads everywhere, `clock_faults` has walked
        assert len(reached) >= len(machine.lifecycle.states) * 2 // 3


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.__name__)
def test_every_action_of_the_table_has_its_service(machine: type[CaseMachine]) -> None:
    assert set(machine.services) == set(machine.lifecycle.actions)
