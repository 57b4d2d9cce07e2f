"""Versions of an agreement: written once, read as terms, parties and text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.agreements.models import Agreement, AgreementParties, AgreementVersion
from licensing.agreements.parties import Parties, Party, parse_parties
from licensing.agreements.redline import Passage, redline
from licensing.agreements.terms import Terms, parse_terms
from licensing.agreements.wording import AgreementText, agreement_text
from licensing.core.errors import NotFound
from licensing.core.ledger.entry import canonical, new_salt
from licensing.ports import Context

ERASED = "（已依法删除）"


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version that is not yet stored: the step that it belongs to comes first."""

    edition: int
    terms: Terms
    parties: Parties
    salt: bytes
    commitment: str
    sha256: str

    def payload(self) -> dict[str, Any]:
        """What the ledger commits to."""
        return {"edition": self.edition, "sha256": self.sha256}


def prepare(edition: int, terms: Terms, parties: Parties) -> NewVersion:
    """Version number ``edition`` with its digest."""
    salt = new_salt()
    commitment = parties.commitment(salt)
    return NewVersion(edition, terms, parties, salt, commitment, digest(terms.as_dict(), commitment))


def store(session: Session, ctx: Context, agreement: Agreement, new: NewVersion) -> None:
    """Write a prepared version of ``agreement``."""
    session.add(
        AgreementVersion(
            agreement_id=agreement.id,
            edition=new.edition,
            terms=new.terms.as_dict(),
            parties_commitment=new.commitment,
            sha256=new.sha256,
            made_by=ctx.principal.id,
            made_at=ctx.time.now(),
        )
    )
    session.add(
        AgreementParties(
            agreement_id=agreement.id,
            edition=new.edition,
            details=new.parties.as_dict(),
            salt=new.salt.hex(),
        )
    )
    session.flush()


def digest(terms: Mapping[str, Any], parties_commitment: str) -> str:
    """SHA-256 of a version: over its terms and the commitment to its parties."""
    return hashlib.sha256(canonical({"parties": parties_commitment, "terms": terms})).hexdigest()


def version_of(session: Session, agreement: Agreement, edition: int | None = None) -> AgreementVersion:
    """A version; the newest when ``edition`` is None.

    Raises:
        NotFound: the agreement has no such version.
    """
    query = select(AgreementVersion).where(
        AgreementVersion.agreement_id == agreement.id,
        AgreementVersion.edition == (agreement.edition if edition is None else edition),
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound("该协议没有这个版本。", "The agreement has no such version.")
    return found


def versions_of(session: Session, agreement: Agreement) -> list[AgreementVersion]:
    """Every version, first to last."""
    query = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement.id)
    return list(session.scalars(query.order_by(AgreementVersion.edition)))


def terms_of(version: AgreementVersion) -> Terms:
    """The terms as they were written."""
    return parse_terms(version.terms)


def parties_of(session: Session, version: AgreementVersion) -> Parties:
    """The parties as they were written; once lawfully erased, only what they were to each other."""
    row = session.scalar(
        select(AgreementParties).where(
            AgreementParties.agreement_id == version.agreement_id, AgreementParties.edition == version.edition
        )
    )
    if row is not None:
        return parse_parties(row.details)
    who = terms_of(version).parties
    return Parties(
        provider=Party(id=who.provider, kind="department", name=ERASED, identifier=ERASED),
        applicant=Party(id=who.applicant, kind=who.applicant_kind, name=ERASED, identifier=ERASED),
    )


def text_of(session: Session, agreement: Agreement, edition: int | None = None) -> AgreementText:
    """The words of a version; the newest when ``edition`` is None."""
    version = version_of(session, agreement, edition)
    former = session.get(Agreement, agreement.predecessor) if agreement.predecessor else None
    return agreement_text(
        terms_of(version), parties_of(session, version), agreement.number, former.number if former else ""
    )


def compare(session: Session, agreement: Agreement, old: int, new: int) -> tuple[Passage, ...]:
    """What changed from version ``old`` to version ``new``."""
    return redline(text_of(session, agreement, old), text_of(session, agreement, new))
