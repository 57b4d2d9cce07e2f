"""The check at each call: one query by the token's digest, and nothing kept between calls.

Because nothing is kept, a suspension, a revocation or a withdrawn token is true for the next call after its
commit, on every server.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from licensing.agreements.lifecycle import HOLDING
from licensing.agreements.models import Agreement
from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput
from licensing.filings.lifecycle import ON_RECORD
from licensing.filings.models import Filing
from licensing.grants.allows import Decision, Request, Standing, Used, allows
from licensing.grants.bounds import confidential
from licensing.grants.lifecycle import REVOKED
from licensing.grants.models import Grant, GrantToken
from licensing.grants.terms import parse_terms
from licensing.grants.tokens import MARK, digest
from licensing.parties import holdings
from licensing.parties.models import BlacklistEntry
from licensing.usage.models import UsageCounter, day_period, month_period

_QUERY = (
    # Columns, not objects: a session hands out objects as it has seen them before.
    select(
        Grant.id,
        Grant.agreement_id,
        Grant.status,
        Grant.terms,
        GrantToken.id,
        GrantToken.expires_at,
        GrantToken.datasets,
        Filing.status,
        Agreement.status,
        Agreement.needs_confidentiality,
        Agreement.ended_at,
        exists().where(
            Grant.holder_kind == holdings.PARTNER,
            BlacklistEntry.partner_id == Grant.holder,
            BlacklistEntry.lifted_at.is_(None),
            BlacklistEntry.from_day <= bindparam("today"),
            or_(BlacklistEntry.until_day.is_(None), BlacklistEntry.until_day >= bindparam("today")),
        ),
        UsageCounter.period,
        UsageCounter.calls,
        UsageCounter.rows,
        UsageCounter.bytes,
    )
    .join(Grant, Grant.id == GrantToken.grant_id)
    .outerjoin(Filing, Filing.id == Grant.filing_id)
    .outerjoin(Agreement, Agreement.id == Grant.agreement_id)
    # One row a period that has a counter: the fewer tables, the shorter the database plans.
    .outerjoin(
        UsageCounter,
        and_(
            UsageCounter.grant_id == Grant.id,
            UsageCounter.period.in_((bindparam("day"), bindparam("month"))),
        ),
    )
    .where(GrantToken.digest == bindparam("digest"))
)
_MAX_TOKEN = 256


def check(
    session: Session, token: str, request: Request, at: datetime, pending: Used | None = None
) -> Decision:
    """Whether the bearer of ``token`` may do ``request`` at ``at``, the platform's own time.

    ``pending``: what the grant has used and what is still on its way into the counters (see
    :meth:`licensing.usage.meter.Meter.pending`).
    """
    standing = _standing(session, token, at)
    if standing is None:
        return Decision(False, "token")
    if pending is not None:
        standing = _with(standing, pending)
    return allows(standing, request, at)


def grant_of(session: Session, token: str) -> str | None:
    """The id of the grant that a token belongs to, whatever its state; None when it is not known."""
    return session.execute(
        select(GrantToken.grant_id).where(GrantToken.digest == digest(token))
    ).scalar_one_or_none()


def _standing(session: Session, token: str, at: datetime) -> Standing | None:
    if not token.startswith(MARK) or len(token) > _MAX_TOKEN:
        return None
    day = china_day(at)
    parameters: dict[str, Any] = {
        "digest": digest(token),
        "day": day_period(day),
        "month": month_period(day),
        "today": day,
    }
    # By the connection: columns need none of the work that the session does for objects.
    session.flush()
    found = session.connection().execute(_QUERY, parameters).all()
    if not found:
        return None
    grant_id, agreement_id, status, terms, token_id, expires, datasets = found[0][:7]
    filing, agreement, needs_confidentiality, ended, blacklisted = found[0][7:12]
    used = {row[12]: Used(*row[13:]) for row in found if row[12] is not None}
    over = ended is not None and ended <= at
    if filing not in ON_RECORD or over or not (agreement is None or agreement in HOLDING):
        # A cancelled filing, a terminated agreement or the end of a notice ends the access by itself, at the
        # same moment; a renewed agreement holds to its last day.
        status = REVOKED
    try:
        parsed = parse_terms(terms)
    except InvalidInput:
        # Somebody has changed the row by hand: what cannot be understood allows nothing.
        return None
    barred = "holder" if blacklisted else ""
    if needs_confidentiality and not barred and not confidential(session, agreement_id, at):
        barred = "confidentiality"
    return Standing(
        grant_id=grant_id,
        agreement_id=agreement_id,
        status=status,
        terms=parsed,
        token_id=token_id,
        token_expires=expires,
        token_datasets=frozenset(datasets) if datasets is not None else None,
        barred=barred,
        today=used.get(parameters["day"], Used()),
        month=used.get(parameters["month"], Used()),
    )


def _with(standing: Standing, pending: Used) -> Standing:
    return replace(standing, today=standing.today + pending, month=standing.month + pending)
