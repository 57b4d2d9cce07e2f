"""Documents to be signed, requests for a signature, and the signatures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, HasId, Stored
from licensing.core.store.types import Json, Sha256, UtcDateTime
from licensing.ports import APPLICANT, PROVIDER, Involved
from licensing.signatures.manifest import Signatory


class Document(Stored, Base):
    """A document and its newest file.

    ``signatories`` stand in the order of signing; ``places`` holds page and box of each side's seal.
    ``national``: every side also signs the manifest by SM2.
    """

    __tablename__ = "licensing_document"

    kind: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(Text)
    national: Mapped[bool]
    manifest: Mapped[dict[str, Any]] = mapped_column(Json)
    signatories: Mapped[list[dict[str, str]]] = mapped_column(Json)
    places: Mapped[dict[str, list[int]]] = mapped_column(Json)
    source_sha256: Mapped[str] = mapped_column(Sha256, index=True)
    file_sha256: Mapped[str] = mapped_column(Sha256, index=True)

    def involved(self) -> Involved:
        """The sides, by the role in which each of them signs."""
        sides = self.sides()
        return Involved(
            applicant_departments=_parties(sides, APPLICANT, "department"),
            applicant_partners=_parties(sides, APPLICANT, "partner"),
            applicant_persons=_parties(sides, APPLICANT, "person"),
            provider_departments=_parties(sides, PROVIDER, "department"),
        )

    def sides(self) -> tuple[Signatory, ...]:
        """Everybody who signs, in order."""
        return tuple(Signatory(**each) for each in self.signatories)


class SignatureRequest(HasId, Base):
    """What was handed out to be signed; good until ``expires_at``, and for one file only."""

    __tablename__ = "licensing_signature_request"

    document_id: Mapped[str] = mapped_column(ForeignKey("licensing_document.id"), index=True)
    side: Mapped[str] = mapped_column(String(64))
    requested_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    base_sha256: Mapped[str] = mapped_column(Sha256)
    prepared_sha256: Mapped[str] = mapped_column(Sha256)
    document_digest: Mapped[str] = mapped_column(Sha256)
    region_start: Mapped[int]
    region_end: Mapped[int]
    to_sign: Mapped[bytes] = mapped_column(LargeBinary)
    chain: Mapped[bytes] = mapped_column(LargeBinary)
    national_certificate: Mapped[bytes | None] = mapped_column(LargeBinary)


class Signature(HasId, Base):
    """One side's signature. The signer's name stands in the file and in the certificate, not here."""

    __tablename__ = "licensing_signature"
    __table_args__ = (UniqueConstraint("document_id", "side"), UniqueConstraint("document_id", "number"))

    document_id: Mapped[str] = mapped_column(ForeignKey("licensing_document.id"))
    side: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file_sha256: Mapped[str] = mapped_column(Sha256, index=True)
    certificate_sha256: Mapped[str] = mapped_column(Sha256)
    national_certificate: Mapped[bytes | None] = mapped_column(LargeBinary)
    national_signature: Mapped[bytes | None] = mapped_column(LargeBinary)


def _parties(sides: tuple[Signatory, ...], role: str, kind: str) -> frozenset[str]:
    return frozenset(each.party for each in sides if (each.role, each.kind) == (role, kind))
