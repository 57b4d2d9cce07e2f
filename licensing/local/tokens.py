"""Bearer tokens of the standalone mode: 256 random bits, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from flask import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput, NotFound
from licensing.core.store.ids import new_id
from licensing.http.errors import Unauthenticated
from licensing.http.models import AccessToken
from licensing.local.authorizer import TableAuthorizer
from licensing.ports import Principal, Time

PREFIX: Final = "lic_"
LONGEST: Final = timedelta(days=366)
_TOKEN = re.compile(r"lic_[A-Za-z0-9_-]{43}")


def issue(
    session: Session, time: Time, principal_id: str, *, label: str, valid: timedelta
) -> tuple[str, AccessToken]:
    """A new token of a principal; its text is given once and never stored.

    Raises:
        NotFound: there is no such principal; InvalidInput: valid for no time, or for more than a year.
    """
    if not timedelta() < valid <= LONGEST:
        raise InvalidInput("令牌有效期应在 1 至 366 天之间。", "A token is valid for 1 to 366 days.")
    principal = TableAuthorizer(session).principal(principal_id)
    text = PREFIX + secrets.token_urlsafe(32)
    now = time.now()
    row = AccessToken(
        id=new_id(), principal_id=principal.id, token_sha256=_hash(text), label=label[:128],
        created_at=now, expires_at=now + valid, revoked_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return text, row


def revoke(session: Session, time: Time, token_id: str) -> None:
    """From now on the token is refused; revoking it again changes nothing."""
    row = session.get(AccessToken, token_id)
    if row is None:
        raise NotFound("没有这个令牌。", "There is no such token.")
    row.revoked_at = row.revoked_at or time.now()
    session.flush()


class TokenAuthentication:
    """The port ``Authenticate`` over the table of tokens."""

    def __init__(self, time: Time) -> None:
        self._time = time

    def __call__(self, request: Request, session: Session) -> Principal | None:
        """Whose token the header ``Authorization: Bearer`` brings; None without that header.

        Raises:
            Unauthenticated: the token is wrong, expired or revoked; nobody learns which.
        """
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, text = header.partition(" ")
        row = None
        if scheme.lower() == "bearer" and _TOKEN.fullmatch(text.strip()):
            query = select(AccessToken).where(AccessToken.token_sha256 == _hash(text.strip()))
            row = session.scalar(query)
        if row is None or not _good(row, self._time.now()):
            raise Unauthenticated("访问令牌无效、已过期或已吊销。", "The token is wrong, expired or revoked.")
        return TableAuthorizer(session).principal(row.principal_id)


def _good(row: AccessToken, now: datetime) -> bool:
    return row.revoked_at is None and now < row.expires_at


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
