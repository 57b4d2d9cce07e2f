"""Agreements driven by random legal and illegal steps.

Signing is shortened to the step of the file's own lifecycle: ``test_signing`` makes the signatures.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import pytest
from sqlalchemy.orm import Session

from licensing.agreements import service, signing, succession, versions, wishes
from licensing.agreements.access import in_force
from licensing.agreements.lifecycle import EXPIRED, LIFECYCLE
from licensing.agreements.models import Agreement
from licensing.core.store.base import Stored
from licensing.core.store.step import claim, step
from licensing.ports import Context
from licensing.signatures.lifecycle import LIFECYCLE as DOCUMENT
from licensing.signatures.models import Document
from tests.factories.agreements import facts
from tests.factories.licensing_world import principal
from tests.unit.licensing.machine import CaseMachine, Service, drive

pytestmark = pytest.mark.slow

ADDRESS = "https://data.example.gov.cn/verify"


def edit(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
    terms = versions.version_of(session, case).terms
    return service.edit(session, ctx, case.id, terms, reason=reason, if_version=version)


def offer(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
    return service.offer(session, ctx, case.id, reason=reason, if_version=version)


def counter(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
    return service.counter(session, ctx, case.id, reason=reason, if_version=version)


def agree(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
    return service.agree(session, ctx, case.id, reason=reason, if_version=version)


def recall(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
    return service.recall(session, ctx, case.id, reason=reason, if_version=version)


def open_for_signing(session: Session, ctx: Context, case: Agreement, _: str, version: int | None) -> object:
    return signing.open_for_signing(session, ctx, case.id, address=ADDRESS, if_version=version)


def cancel_signing(
    session: Session, ctx: Context, case: Agreement, reason: str, version: int | None
) -> object:
    return signing.cancel_signing(session, ctx, case.id, reason=reason, if_version=version)


def abandon(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
    return signing.abandon(session, ctx, case.id, reason=reason, if_version=version)


def terminate(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
    return signing.terminate(session, ctx, case.id, reason=reason, if_version=version)


def wish(service: Callable[..., Agreement]) -> Service:
    def act(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
        return service(session, ctx, case.id, reason=reason, if_version=version)

    return act


def take_effect(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
    claim(session, case, version)
    document = session.get(Document, case.document_id) if case.document_id else None
    if document is not None and reason:
        step(session, ctx.acting_as(principal(session, "u-partner")), DOCUMENT, document, "sign_last")
    return signing.take_effect(session, ctx, case.id)


def followed(relation: str) -> Service:
    """A successor from its draft to its signatures, taken by whoever may."""

    def act(session: Session, ctx: Context, case: Agreement, reason: str, version: int | None) -> object:
        claim(session, case, version)
        provider = ctx.acting_as(principal(session, "u-provider"))
        partner = ctx.acting_as(principal(session, "u-partner"))
        make = succession.amend if relation == "be_amended" else succession.renew
        successor = make(session, provider, case.id)
        service.offer(session, provider, successor.id)
        service.agree(session, partner, successor.id)
        signing.open_for_signing(session, provider, successor.id, address=ADDRESS)
        return take_effect(session, ctx, successor, "理由", None)

    return act


BACK = frozenset({"give_notice", "edit", "abandon", "recall", "counter", "cancel_signing"})


class AgreementMachine(CaseMachine):
    lifecycle = LIFECYCLE
    services = MappingProxyType(
        {
            "edit": edit,
            "offer": offer,
            "counter": counter,
            "agree": agree,
            "recall": recall,
            "open_for_signing": open_for_signing,
            "cancel_signing": cancel_signing,
            "abandon": abandon,
            "take_effect": take_effect,
            "be_amended": followed("be_amended"),
            "be_renewed": followed("be_renewed"),
            "terminate": terminate,
            "ask_amendment": wish(wishes.ask_amendment),
            "ask_renewal": wish(wishes.ask_renewal),
            "give_notice": wish(wishes.give_notice),
        }
    )
    people = ("u-provider", "u-partner", "u-administrator", "u-platform", "u-other-partner", "u-supervisor")

    def create(self, session: Session, ctx: Context) -> Stored:
        acting = ctx.acting_as(principal(session, "u-provider"))
        return service.create(session, acting, facts(f"case-{len(self.every)}"))

    def choose(self, subject: Stored, action: int, who: int, wild: bool) -> tuple[str, str]:
        """Steps that lead onwards are taken more often, or few agreements would ever be signed."""
        name, person = super().choose(subject, action, who, wild)
        for other in range(1, 8):
            if wild or name not in BACK or who % 5 == 0:
                break
            name, person = super().choose(subject, action + other, who, wild)
        return name, person

    def judge(self, subject, transition, before):  # type: ignore[no-untyped-def]
        super().judge(subject, transition, before)
        assert (subject.signed_at is not None) == (
            subject.status not in ("draft", "offered", "agreed", "signing", "abandoned")
        )
        if in_force(subject, self.time.now()):
            assert subject.status in ("in_force", "renewed")


def test_an_agreement_goes_no_way_that_the_table_does_not_know() -> None:
    counted = drive(AgreementMachine)
    assert counted["refused"] > 0
    reached = {name.removeprefix("state:") for name in counted if name.startswith("state:")}
    assert reached == set(LIFECYCLE.states) - {EXPIRED}
