"""An agreement as plain data: for the API, for a grant, and for a filing.

The data fit ``licensing.grants.terms.parse_terms`` and ``licensing.filings.facts``, which know nothing of our
tables; a test holds them together.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from licensing.agreements import versions
from licensing.agreements.errors import AgreementRefused
from licensing.agreements.lifecycle import STATE_NAMES
from licensing.agreements.models import Agreement
from licensing.agreements.parties import Party
from licensing.agreements.terms import COOPERATION, Terms


def as_dict(agreement: Agreement) -> dict[str, Any]:
    """Without terms and names; times in ISO 8601."""
    zh, en = STATE_NAMES[agreement.status]
    days = (agreement.first_day, agreement.last_day, agreement.signed_at, agreement.ended_at)
    first_day, last_day, signed_at, ended_at = (each.isoformat() if each else None for each in days)
    return {
        "id": agreement.id,
        "number": agreement.number,
        "kind": agreement.kind,
        "case": agreement.case_id,
        "provider": agreement.provider_id,
        "applicant": {"id": agreement.applicant_id, "kind": agreement.applicant_kind},
        "status": agreement.status,
        "status_label": {"zh": zh, "en": en},
        "version": agreement.version,
        "edition": agreement.edition,
        "signed_edition": agreement.signed_edition,
        "document": agreement.document_id,
        "relation": agreement.relation or None,
        "predecessor": agreement.predecessor,
        "needs_confidentiality": agreement.needs_confidentiality,
        "first_day": first_day,
        "last_day": last_day,
        "signed_at": signed_at,
        "ended_at": ended_at,
        "created_at": agreement.created_at.isoformat(),
        "modified_at": agreement.modified_at.isoformat(),
    }


def for_grant(session: Session, agreement: Agreement) -> dict[str, Any]:
    """Everything that the signed version allows, as the terms of a grant.

    Raises:
        AgreementRefused: it is no cooperation agreement that both sides have signed (SX-18).
    """
    terms = _signed_terms(session, agreement)
    if terms.kind != COOPERATION or terms.mode is None:
        raise AgreementRefused("保密协议不授权使用数据。", "A confidentiality agreement grants no data.")
    quota = {"calls_per_day": terms.mode.daily_quota} if terms.mode.daily_quota else {}
    return {**_common(agreement, terms), "quota": quota}


def for_filing(session: Session, agreement: Agreement) -> dict[str, Any]:
    """What is filed of a signed agreement (SX-17); ``status`` is the lifecycle's word.

    Raises:
        AgreementRefused: both sides have not signed.
    """
    terms = _signed_terms(session, agreement)
    who = versions.parties_of(session, versions.version_of(session, agreement, agreement.signed_edition))
    return {
        **_common(agreement, terms),
        "id": agreement.id,
        "number": agreement.number,
        "status": agreement.status,
        "parties": [_party(who.provider, "provider"), _party(who.applicant, "applicant")],
        "document_id": agreement.document_id,
        "case_id": agreement.case_id,
    }


def _common(agreement: Agreement, terms: Terms) -> dict[str, Any]:
    if (
        terms.purpose is None
        or terms.scope is None
        or agreement.first_day is None
        or agreement.last_day is None
    ):
        raise TypeError("a signed agreement has every item")
    return {
        "datasets": [{"id": each.dataset, "fields": [f.name for f in each.fields]} for each in terms.data],
        "purpose": terms.purpose.text,
        "system": terms.scope.system,
        "begins": agreement.first_day.isoformat(),
        "ends": agreement.last_day.isoformat(),
    }


def _party(party: Party, role: str) -> dict[str, str]:
    return {
        "id": party.id,
        "kind": party.kind,
        "role": role,
        "name": party.name,
        "identifier": party.identifier,
    }


def _signed_terms(session: Session, agreement: Agreement) -> Terms:
    if agreement.signed_edition is None:
        raise AgreementRefused("协议尚未由双方全部签署。", "The agreement is not yet signed by both sides.")
    return versions.terms_of(versions.version_of(session, agreement, agreement.signed_edition))
