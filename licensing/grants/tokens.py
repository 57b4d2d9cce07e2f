"""Access tokens: 256 random bits, shown once, stored as a digest, scoped and expiring."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput, NotFound
from licensing.core.store.ids import new_id
from licensing.core.store.step import claim, load, step
from licensing.grants.lifecycle import LIFECYCLE
from licensing.grants.models import Grant, GrantToken
from licensing.grants.terms import parse_terms
from licensing.ports import Context

MARK: Final = "gd_"
_SHOWN: Final = 11
MAX_VALID: Final = timedelta(days=366)
MAX_OVERLAP: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewToken:
    """``secret`` is shown to the caller once and never again; nothing here prints it."""

    id: str
    prefix: str
    expires_at: datetime
    secret: str

    def __repr__(self) -> str:
        return f"NewToken(id={self.id!r}, prefix={self.prefix!r})"


def digest(secret: str) -> str:
    """SHA-256 of a token, in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def issue(
    session: Session,
    ctx: Context,
    grant_id: str,
    *,
    valid: timedelta,
    datasets: tuple[str, ...] | None = None,
    if_version: int | None = None,
) -> NewToken:
    """A new token of an active grant; ``datasets`` narrows it.

    Raises:
        InvalidInput: valid for too long, or a dataset that the grant does not include.
        TransitionRefused: the grant is not active.
    """
    grant = load(session, Grant, grant_id)
    claim(session, grant, if_version)
    _require_span(valid, MAX_VALID)
    if datasets is not None:
        granted = {each.id for each in parse_terms(grant.terms).datasets}
        if not datasets or not set(datasets) <= granted:
            raise InvalidInput(
                "令牌的数据范围超出授权。", "The token's datasets are not among those of the grant."
            )
    made, row = _make(ctx, grant, ctx.time.now() + valid, datasets, None)
    step(session, ctx, LIFECYCLE, grant, "issue_token", payload=_payload(row))
    session.add(row)
    session.flush()
    return made


def rotate(
    session: Session,
    ctx: Context,
    token_id: str,
    *,
    overlap: timedelta = timedelta(hours=24),
    valid: timedelta | None = None,
    if_version: int | None = None,
) -> NewToken:
    """A new token in place of another one, which stays good for ``overlap`` (none is possible).

    ``valid``: as long as the old one was when it is None.

    Raises:
        NotFound: there is no such token, or it has expired.
    """
    old, grant = _find(session, token_id)
    claim(session, grant, if_version)
    session.refresh(old)
    now = ctx.time.now()
    if old.expires_at <= now:
        raise NotFound("令牌已过期，请重新签发。", "The token has expired; issue a new one.")
    span = valid if valid is not None else old.expires_at - old.created_at
    _require_span(span, MAX_VALID)
    if not timedelta(0) <= overlap <= MAX_OVERLAP:
        raise InvalidInput("新旧令牌并存的时间过长。", "The overlap is too long.")
    made, row = _make(ctx, grant, now + span, tuple(old.datasets) if old.datasets else None, old.id)
    payload = {**_payload(row), "of": old.id}
    step(session, ctx, LIFECYCLE, grant, "rotate_token", payload=payload)
    old.expires_at = min(old.expires_at, now + overlap)
    session.add(row)
    session.flush()
    return made


def withdraw(
    session: Session, ctx: Context, token_id: str, *, reason: str = "", if_version: int | None = None
) -> GrantToken:
    """End a token; true for every call from the moment of the commit."""
    token, grant = _find(session, token_id)
    claim(session, grant, if_version)
    step(session, ctx, LIFECYCLE, grant, "withdraw_token", reason, payload={"token": token.id})
    session.refresh(token)
    token.expires_at = min(token.expires_at, ctx.time.now())
    session.flush()
    return token


def tokens_of(session: Session, grant_id: str) -> list[GrantToken]:
    """Every token of a grant, first to last; none of them can be read back."""
    query = select(GrantToken).where(GrantToken.grant_id == grant_id).order_by(GrantToken.id)
    return list(session.scalars(query))


def _find(session: Session, token_id: str) -> tuple[GrantToken, Grant]:
    token = session.get(GrantToken, token_id)
    if token is None:
        raise NotFound("没有这个令牌。", "There is no such token.")
    return token, load(session, Grant, token.grant_id)


def _make(
    ctx: Context, grant: Grant, expires: datetime, datasets: tuple[str, ...] | None, follows: str | None
) -> tuple[NewToken, GrantToken]:
    secret = MARK + secrets.token_urlsafe(32)
    row = GrantToken(
        id=new_id(),
        grant_id=grant.id,
        prefix=secret[:_SHOWN],
        digest=digest(secret),
        created_at=ctx.time.now(),
        created_by=ctx.principal.id,
        expires_at=expires,
        datasets=sorted(datasets) if datasets is not None else None,
        follows=follows,
    )
    return NewToken(row.id, row.prefix, expires, secret), row


def _payload(row: GrantToken) -> dict[str, str]:
    return {"token": row.id, "digest": row.digest, "expires": row.expires_at.isoformat()}


def _require_span(span: timedelta, most: timedelta) -> None:
    if not timedelta(0) < span <= most:
        raise InvalidInput(
            "令牌有效期应在 {days} 天以内。", "A token is valid for at most {days} days.", days=most.days
        )
