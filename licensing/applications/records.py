"""What stands on record about a case beside its events."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications.models import Case, CaseRecord
from licensing.core.store.text import refuse_unstorable
from licensing.ports import Context

REVIEW, OFFLINE_APPROVAL, STAGE = "confidentiality_review", "offline_approval", "stage"
REFUSAL, DECISION, VIOLATION = "refusal", "decision", "violation"
RULING, FILING, FIGURES = "ruling", "filing", "figures"
SUPPLEMENT = "supplement"


def digest(text: str) -> str:
    """SHA-256 of a text, for the ledger's payload."""
    return hashlib.sha256(text.encode()).hexdigest()


def put(
    session: Session,
    ctx: Context,
    case: Case,
    kind: str,
    outcome: str,
    text: str = "",
    data: Mapping[str, Any] | None = None,
) -> CaseRecord:
    """Leave a record beside the step that was just taken."""
    refuse_unstorable([text, data or {}])
    row = CaseRecord(
        case_id=case.id, kind=kind, outcome=outcome, text=text, sha256=digest(text), data=dict(data or {}),
        actor=ctx.principal.id, number=case.version, at=ctx.time.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def records_of(session: Session, case_id: str, kind: str | None = None) -> list[CaseRecord]:
    """The records of a case, oldest first."""
    query = select(CaseRecord).where(CaseRecord.case_id == case_id).order_by(CaseRecord.id)
    if kind is not None:
        query = query.where(CaseRecord.kind == kind)
    return list(session.scalars(query))


def latest(session: Session, case_id: str, kind: str) -> CaseRecord | None:
    """The last record of that kind."""
    found = records_of(session, case_id, kind)
    return found[-1] if found else None
