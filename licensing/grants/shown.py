"""How grants and tokens are shown over HTTP."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from licensing.grants.lifecycle import STATE_NAMES
from licensing.grants.models import Grant, GrantToken
from licensing.grants.rows import Condition
from licensing.grants.terms import Terms, parse_terms
from licensing.http.route import Call
from licensing.http.words import Label, Party


class GrantView(msgspec.Struct):
    """A grant as its holder, its provider and the offices see it."""

    id: str
    version: int
    status: str
    status_label: Label
    agreement_id: str
    agreement_number: str
    filing_id: str
    provider: str
    holder: Party
    terms: Terms
    ends: date
    created_at: datetime
    modified_at: datetime


class TokenView(msgspec.Struct):
    """A token without its secret; ``prefix`` is how people recognise it, ``datasets`` null means all."""

    id: str
    grant_id: str
    prefix: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    expired: bool
    datasets: list[str] | None
    follows: str | None


class TokenIssued(msgspec.Struct):
    """A new token; ``secret`` is told here and never again."""

    id: str
    grant_id: str
    prefix: str
    expires_at: datetime
    secret: str


class Revoked(msgspec.Struct):
    """How many grants were open."""

    revoked: int


class AccessDecision(msgspec.Struct):
    """The decision. Allowed: show these ``fields`` of the rows that meet every condition, and report under
    ``call`` what was handed out before it leaves. Refused: ``reason`` says why, and it is on record."""

    allowed: bool
    reason: str
    reason_label: Label
    call: str
    grant: str
    agreement: str
    token: str
    fields: list[str]
    rows: list[Condition]


def grant_view(grant: Grant) -> GrantView:
    """How a grant is shown."""
    return GrantView(
        id=grant.id, version=grant.version, status=grant.status,
        status_label=Label(*STATE_NAMES[grant.status]), agreement_id=grant.agreement_id,
        agreement_number=grant.agreement_number, filing_id=grant.filing_id, provider=grant.provider,
        holder=Party(grant.holder_kind, grant.holder), terms=parse_terms(grant.terms), ends=grant.ends,
        created_at=grant.created_at, modified_at=grant.modified_at,
    )  # fmt: skip


def token_view(call: Call, token: GrantToken) -> TokenView:
    """How a token is shown."""
    return TokenView(
        id=token.id, grant_id=token.grant_id, prefix=token.prefix, created_at=token.created_at,
        created_by=token.created_by, expires_at=token.expires_at,
        expired=token.expires_at <= call.ctx.time.now(), datasets=token.datasets, follows=token.follows,
    )  # fmt: skip
