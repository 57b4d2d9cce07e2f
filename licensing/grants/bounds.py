"""What bounds a grant beside its own terms: the signed agreement, its confidentiality agreement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.agreements.access import in_force
from licensing.agreements.models import Agreement
from licensing.agreements.terms import CONFIDENTIALITY
from licensing.agreements.views import for_grant
from licensing.filings.facts import AgreementFacts
from licensing.grants.terms import Terms, parse_terms


def beyond(agreement: AgreementFacts, terms: Terms) -> Iterator[str]:
    """Every point in which ``terms`` go beyond the agreement."""
    agreed = {each.id: set(each.fields) for each in agreement.datasets}
    for each in terms.datasets:
        if not set(each.fields) <= agreed.get(each.id, set()):
            yield f"datasets[{each.id}]"
    if terms.purpose != agreement.purpose:
        yield "purpose"
    if terms.system != agreement.system:
        yield "system"
    if terms.begins < agreement.begins or terms.ends > agreement.ends:
        yield "term"


def within_quota(session: Session, agreement_id: str, terms: Terms) -> Terms | None:
    """``terms`` with the agreement's daily quota where they have none; None when they ask for more."""
    row = session.get(Agreement, agreement_id)
    most = parse_terms(for_grant(session, row)).quota.calls_per_day if row is not None else None
    if most is None:
        return terms
    if terms.quota.calls_per_day is None:
        quota = msgspec.structs.replace(terms.quota, calls_per_day=most)
        return msgspec.structs.replace(terms, quota=quota)
    return terms if terms.quota.calls_per_day <= most else None


def confidential(session: Session, agreement_id: str, at: datetime) -> bool:
    """Whether the confidentiality agreement that the agreement needs is in force at ``at`` (JS-19, QD-18).

    Asked only for agreements that need one.
    """
    row = session.get(Agreement, agreement_id)
    if row is None:
        return False
    others = select(Agreement).where(
        Agreement.case_id == row.case_id,
        Agreement.kind == CONFIDENTIALITY,
        Agreement.provider_id == row.provider_id,
        Agreement.applicant_id == row.applicant_id,
    )
    fresh = others.execution_options(populate_existing=True)
    return any(in_force(other, at) for other in session.scalars(fresh))
