"""Agreements, their versions, and the parties' names apart from both."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, HasId, Stored
from licensing.core.store.types import Json, Sha256, UtcDateTime
from licensing.parties import holdings
from licensing.ports import Involved


class Agreement(Stored, Base):
    """One agreement between a providing department and an applicant.

    ``edition`` is the number of its newest version, ``signed_edition`` of the one that was signed.
    ``first_day`` and ``last_day`` are those of the signed version; ``signed_at`` the platform's time of the
    last signature, ``ended_at`` that of an end before the last day, in the future while a notice
    runs. ``relation`` is ``amends`` or ``renews`` when it follows the agreement ``predecessor``, else empty.
    """

    __tablename__ = "licensing_agreement"

    number: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    case_id: Mapped[str] = mapped_column(String(64), index=True)
    provider_id: Mapped[str] = mapped_column(String(64), index=True)
    applicant_id: Mapped[str] = mapped_column(String(64), index=True)
    applicant_kind: Mapped[str] = mapped_column(String(32))
    relation: Mapped[str] = mapped_column(String(16), default="")
    predecessor: Mapped[str | None] = mapped_column(String(36), index=True)
    needs_confidentiality: Mapped[bool] = mapped_column(default=False)
    edition: Mapped[int] = mapped_column(default=0)
    signed_edition: Mapped[int | None]
    document_id: Mapped[str | None] = mapped_column(String(36), index=True)
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date, index=True)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def involved(self) -> Involved:
        """甲方 as provider, 乙方 as applicant."""
        applicant = frozenset({self.applicant_id})
        nobody: frozenset[str] = frozenset()
        return Involved(
            applicant_departments=applicant if self.applicant_kind == "department" else nobody,
            applicant_partners=applicant if self.applicant_kind == "partner" else nobody,
            applicant_persons=applicant if self.applicant_kind == "person" else nobody,
            provider_departments=frozenset({self.provider_id}),
        )


class AgreementVersion(HasId, Base):
    """One version of the terms; the table only grows.

    ``sha256`` is over terms and ``parties_commitment``; that is an HMAC of the parties under a salt that can
    be erased with their names, and the digest still holds.
    """

    __tablename__ = "licensing_agreement_version"
    __table_args__ = (UniqueConstraint("agreement_id", "edition"),)

    agreement_id: Mapped[str] = mapped_column(ForeignKey("licensing_agreement.id"))
    edition: Mapped[int]
    terms: Mapped[dict[str, Any]] = mapped_column(Json)
    parties_commitment: Mapped[str] = mapped_column(Sha256)
    sha256: Mapped[str] = mapped_column(Sha256, index=True)
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def payload(self) -> dict[str, Any]:
        """What the ledger commits to."""
        return {"edition": self.edition, "sha256": self.sha256}


class AgreementParties(HasId, Base):
    """Names, addresses and telephones of the parties in one version: they can be erased."""

    __tablename__ = "licensing_agreement_parties"
    __table_args__ = (UniqueConstraint("agreement_id", "edition"),)

    agreement_id: Mapped[str] = mapped_column(ForeignKey("licensing_agreement.id"))
    edition: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    salt: Mapped[str] = mapped_column(String(64))


class AgreementGrant(HasId, Base):
    """What the case granted, against which every version is checked; purpose and system in words."""

    __tablename__ = "licensing_agreement_grant"

    agreement_id: Mapped[str] = mapped_column(ForeignKey("licensing_agreement.id"), unique=True)
    granted: Mapped[dict[str, Any]] = mapped_column(Json)


class AgreementSeries(Base):
    """The last number given in a series (kind and year)."""

    __tablename__ = "licensing_agreement_series"

    series: Mapped[str] = mapped_column(String(32), primary_key=True)
    last: Mapped[int]


holdings.hold(holdings.DEPARTMENT, Agreement, "provider_id", kind="agreement")
holdings.hold(holdings.DEPARTMENT, Agreement, "applicant_id", kind="agreement", applicant_kind="department")
holdings.hold(holdings.PARTNER, Agreement, "applicant_id", kind="agreement", applicant_kind="partner")
