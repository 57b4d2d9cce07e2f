"""Grants step by step: prepared from a signed and filed agreement, active, suspended, revoked, expired."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.errors import Conflict, InvalidInput, NotPermitted
from licensing.core.store.lists import Listed, Sides, View, page_of
from licensing.core.store.step import begin, claim, load, step
from licensing.filings.facts import AgreementFacts
from licensing.filings.lifecycle import ON_RECORD
from licensing.filings.models import Filing
from licensing.grants.bounds import beyond, within_quota
from licensing.grants.lifecycle import ACTIVE, LIFECYCLE, PREPARED, SUSPENDED
from licensing.grants.models import Grant
from licensing.grants.terms import Terms, as_dict, parse_terms
from licensing.ports import ADMINISTRATOR, PLATFORM, PROVIDER, Context

_OPEN = (PREPARED, ACTIVE, SUSPENDED)


def prepare(session: Session, ctx: Context, agreement: AgreementFacts, filing_id: str, terms: Terms) -> Grant:
    """A grant of what ``agreement`` allows, or less of it; a daily quota that it sets holds without saying.

    Raises:
        InvalidInput: the terms go beyond the agreement; every point is named.
        Conflict: the filing of the agreement is not on record (SX-17 comes before any access).
        NotPermitted: the caller is neither the provider nor an office.
    """
    terms = parse_terms(as_dict(terms))
    within = within_quota(session, agreement.id, terms)
    filing = load(session, Filing, filing_id)
    holder = agreement.party("applicant")
    grant = Grant(
        agreement_id=agreement.id,
        agreement_number=agreement.number,
        filing_id=filing.id,
        provider=agreement.party("provider").id,
        holder=holder.id,
        holder_kind=holder.kind,
        terms=as_dict(within or terms),
        ends=terms.ends,
    )
    if not ctx.authorizer.roles_for(ctx.principal, grant) & {PROVIDER, PLATFORM, ADMINISTRATOR}:
        raise NotPermitted(
            "只有数据提供部门和平台可以配置授权。", "Only the provider and the platform may grant."
        )
    _require_filed(filing, agreement.id)
    faults = (*beyond(agreement, terms), *([] if within else ["quota.calls_per_day"]))
    if faults:
        raise InvalidInput(
            "授权内容超出协议：{what}。",
            "The terms go beyond the agreement: {what}.",
            what="、".join(faults),
        )
    return begin(session, ctx, LIFECYCLE, grant, payload={"agreement": agreement.id, "filing": filing.id})


def activate(session: Session, ctx: Context, grant_id: str, *, if_version: int | None = None) -> Grant:
    """Open the access; the filing must still be on record."""
    grant = load(session, Grant, grant_id)
    claim(session, grant, if_version)
    filing = load(session, Filing, grant.filing_id)
    session.refresh(filing, with_for_update=True)  # a cancellation that is under way is waited for
    _require_filed(filing, grant.agreement_id)
    return step(session, ctx, LIFECYCLE, grant, "activate")


def suspend(
    session: Session, ctx: Context, grant_id: str, *, reason: str, if_version: int | None = None
) -> Grant:
    """Stop the access for now; true for every call from the moment of the commit."""
    return step(
        session, ctx, LIFECYCLE, load(session, Grant, grant_id), "suspend", reason, if_version=if_version
    )


def resume(
    session: Session, ctx: Context, grant_id: str, *, reason: str, if_version: int | None = None
) -> Grant:
    """Open the access again."""
    grant = load(session, Grant, grant_id)
    claim(session, grant, if_version)
    _require_filed(load(session, Filing, grant.filing_id), grant.agreement_id)
    return step(session, ctx, LIFECYCLE, grant, "resume", reason)


def revoke(
    session: Session, ctx: Context, grant_id: str, *, reason: str, if_version: int | None = None
) -> Grant:
    """End the access for good, e.g. after a violation (HB-24); true from the moment of the commit."""
    return step(
        session, ctx, LIFECYCLE, load(session, Grant, grant_id), "revoke", reason, if_version=if_version
    )


def revoke_agreement(session: Session, ctx: Context, agreement_id: str, *, reason: str) -> int:
    """Revoke every open grant of an agreement that has ended or whose filing was cancelled; how many."""
    found = grants_of(session, agreement_id)
    ended = [each for each in found if each.status in _OPEN]
    for grant in ended:
        step(session, ctx, LIFECYCLE, grant, "revoke", reason)
    return len(ended)


def expire_due(session: Session, ctx: Context, limit: int = 500) -> int:
    """Close what is past its last day; run daily by the machine. The check itself needs no such job."""
    today = china_day(ctx.time.now())
    query = select(Grant).where(Grant.status.in_(_OPEN), Grant.ends < today).limit(limit)
    found = list(session.scalars(query))
    for grant in found:
        step(session, ctx, LIFECYCLE, grant, "expire")
    return len(found)


def grants_of(session: Session, agreement_id: str) -> list[Grant]:
    """Every grant of an agreement, first to last."""
    return list(session.scalars(select(Grant).where(Grant.agreement_id == agreement_id).order_by(Grant.id)))


def list_grants(
    session: Session,
    ctx: Context,
    *,
    view: View = "own",
    agreement_id: str | None = None,
    status: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Listed[Grant]:
    """Grants that the caller has to do with, newest first; see :mod:`licensing.core.store.lists`."""
    where = [
        column == value
        for column, value in ((Grant.agreement_id, agreement_id), (Grant.status, status))
        if value is not None
    ]
    sides = Sides(Grant.holder, Grant.holder_kind, Grant.provider)
    return page_of(session, ctx, Grant, sides, view=view, where=where, after=after, limit=limit)


def _require_filed(filing: Filing, agreement_id: str) -> None:
    if filing.status not in ON_RECORD or filing.agreement_id != agreement_id:
        raise Conflict(
            "协议尚未备案，或者备案已失效，不能开通访问。",
            "The agreement is not filed, or its filing has ended: no access.",
        )
