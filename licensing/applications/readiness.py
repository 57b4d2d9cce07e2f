"""What a case still lacks before its data may be provided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.agreements.lifecycle import HOLDING
from licensing.agreements.models import Agreement
from licensing.agreements.terms import CONFIDENTIALITY, COOPERATION
from licensing.applications import records
from licensing.applications.consents import lacking
from licensing.applications.kinds import KINDS, OFFLINE, SECRET
from licensing.applications.lifecycle import RAISED, REFERRED
from licensing.applications.models import Case
from licensing.applications.steps import items_of
from licensing.signatures.lifecycle import SIGNED
from licensing.signatures.models import Document


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing."""

    code: str
    zh: str
    en: str


def missing(session: Session, case: Case) -> tuple[Lack, ...]:
    """Everything that is missing, at once; empty when the data may be provided."""
    found: list[Lack] = []

    def need(holds: bool, code: str, zh: str, en: str) -> None:
        if not holds:
            found.append(Lack(code, zh, en))

    review = records.latest(session, case.id, records.REVIEW)
    need(
        review is not None and review.outcome == "passed",
        "review", "保密审查尚未通过", "the confidentiality review is not passed",
    )  # fmt: skip
    granted = frozenset(item.dataset_id for item in items_of(session, case.id) if item.granted)
    need(
        not lacking(session, case.id, granted),
        "consent", "原提供部门尚未同意", "the original provider has not consented",
    )  # fmt: skip
    need(
        SECRET not in case.sensitive,
        "secret", "涉及国家秘密，不得在本平台提供", "state secrets are not provided on this platform",
    )  # fmt: skip
    need(
        not disputed(session, case.id),
        "dispute", "是否涉密的争议尚未确定", "whether something is secret is not settled",
    )  # fmt: skip
    need(
        not case.sensitive or signed(session, case, CONFIDENTIALITY),
        "confidentiality", "双方尚未签订保密协议", "both sides have not signed a confidentiality agreement",
    )  # fmt: skip
    need(
        not KINDS[case.kind].cooperation or signed(session, case, COOPERATION),
        "cooperation", "双方尚未签订合作协议", "both sides have not signed a cooperation agreement",
    )  # fmt: skip
    need(
        case.mode != OFFLINE or records.latest(session, case.id, records.OFFLINE_APPROVAL) is not None,
        "offline", "离线提供尚未批准", "provision off line is not approved",
    )  # fmt: skip
    return tuple(found)


def disputed(session: Session, case_id: str) -> bool:
    """Whether a secrecy dispute about the case is open."""
    query = select(Case.id).where(Case.about == case_id, Case.status.in_((RAISED, REFERRED))).limit(1)
    return session.scalar(query) is not None


def signed(session: Session, case: Case, kind: str) -> bool:
    """Whether an agreement of that kind, made of this case between its two sides, is signed and not ended."""
    query = (
        select(Agreement.id)
        .join(Document, Document.id == Agreement.document_id)
        .where(
            Agreement.case_id == case.id,
            Agreement.kind == kind,
            Agreement.provider_id == case.provider_id,
            Agreement.applicant_id == case.applicant_id,
            Agreement.status.in_(HOLDING),
            Document.status == SIGNED,
        )
    )
    return session.scalar(query.limit(1)) is not None
