"""A grant on the data set ``parking`` for the partner, and its token."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from licensing.filings.facts import AgreementFacts
from licensing.grants import service, tokens
from licensing.grants.allows import Decision, Request
from licensing.grants.models import Grant
from licensing.grants.terms import GrantedDataset, Terms
from licensing.grants.tokens import NewToken
from licensing.ports import Context
from licensing.usage.meter import Meter
from tests.factories.filing_world import accepted, acting, agreement, evidence, submission

YEAR = timedelta(days=365)


def terms(**changes: Any) -> Terms:
    made = Terms(
        datasets=(GrantedDataset(id="parking", fields=("place",)),),
        purpose="城市停车诱导", system="停车诱导平台",
        begins=date(2026, 3, 1), ends=date(2028, 2, 29),
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def request(**changes: Any) -> Request:
    values = {
        "dataset": "parking", "purpose": "城市停车诱导", "system": "停车诱导平台", "address": "10.1.2.3"
    } | changes  # fmt: skip
    return Request(**values)


def prepared(session: Session, ctx: Context, facts: AgreementFacts | None = None, **changes: Any) -> Grant:
    """A grant that the provider has prepared under a filed agreement."""
    facts = facts or agreement()
    filing = accepted(session, ctx, made=submission(facts), examine=lambda _: evidence(subject_id=facts.id))
    provider = acting(session, ctx, "u-provider")
    return service.prepare(session, provider, facts, filing.id, terms(**changes))


def active(session: Session, ctx: Context, **changes: Any) -> Grant:
    """The same, opened."""
    grant = prepared(session, ctx, **changes)
    return service.activate(session, acting(session, ctx, "u-provider"), grant.id)


def token(session: Session, ctx: Context, grant: Grant, **changes: Any) -> NewToken:
    """A token that the partner has made for itself."""
    arguments = {"valid": YEAR} | changes
    return tokens.issue(session, acting(session, ctx, "u-partner"), grant.id, **arguments)


def call(meter: Meter, grant: Grant, at: datetime, reason: str = "", rows: int = 10, size: int = 100) -> str:
    """One recorded call."""
    decision = Decision(not reason, reason, grant.id, grant.agreement_id, "token-1")
    return meter.record(decision, request(), at, holder=grant.holder, rows=rows, size=size)
