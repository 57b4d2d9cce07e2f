"""Filings, the counters of their numbers, objections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, Stored
from licensing.core.store.types import Json, Sha256, UtcDateTime
from licensing.parties import holdings
from licensing.ports import Involved


class Filing(Stored, Base):
    """One filing.

    ``matter``: what is filed; ``kind``: first, change, renewal, correction or cancellation, ``of`` the filing
    that it follows. ``package`` is the manifest, ``sha256`` its digest. ``year`` and ``serial`` make the
    number and are given on acceptance; ``code`` is what the public asks by. ``valid_until`` is the last day.
    """

    __tablename__ = "licensing_filing"
    __table_args__ = (
        UniqueConstraint("jurisdiction", "year", "serial"),
        UniqueConstraint("code"),
        UniqueConstraint("number_order"),
        Index("licensing_filing_expiry_idx", "status", "valid_until"),
    )

    jurisdiction: Mapped[str] = mapped_column(String(64))
    matter: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    of: Mapped[str | None] = mapped_column(String(36), index=True)
    department: Mapped[str] = mapped_column(String(64), index=True)
    agreement_id: Mapped[str] = mapped_column(String(64), index=True)
    holder: Mapped[str] = mapped_column(String(64))
    holder_kind: Mapped[str] = mapped_column(String(64))
    submission: Mapped[dict[str, Any]] = mapped_column(Json)
    package: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(Sha256)
    supplements: Mapped[int] = mapped_column(default=0)
    year: Mapped[int | None]
    serial: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(String(64))
    number_order: Mapped[str | None] = mapped_column(String(64))
    code: Mapped[str | None] = mapped_column(String(32))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_until: Mapped[date | None]
    receipt_document_id: Mapped[str | None] = mapped_column(String(36))

    def involved(self) -> Involved:
        """The department that files; the partner sees it as its own."""
        holder = frozenset({self.holder})
        none: frozenset[str] = frozenset()
        return Involved(
            applicant_departments=holder if self.holder_kind == "department" else none,
            applicant_partners=holder if self.holder_kind == "partner" else none,
            applicant_persons=holder if self.holder_kind == "person" else none,
            provider_departments=frozenset({self.department}),
        )


class FilingCounter(Base):
    """The last number given, a row for each jurisdiction and year; its row lock makes numbers gapless."""

    __tablename__ = "licensing_filing_counter"

    jurisdiction: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Objection(Stored, Base):
    """Somebody's objection during the public notice. ``statement`` may name persons and can be emptied."""

    __tablename__ = "licensing_filing_objection"

    filing_id: Mapped[str] = mapped_column(String(36), index=True)
    raised_by: Mapped[str] = mapped_column(String(64))
    statement: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")

    def involved(self) -> Involved:
        """Whoever raised it."""
        return Involved(applicant_persons=frozenset({self.raised_by}))


holdings.hold(holdings.DEPARTMENT, Filing, "department", kind="filing")
holdings.hold(holdings.DEPARTMENT, Filing, "holder", kind="filing", holder_kind="department")
holdings.hold(holdings.PARTNER, Filing, "holder", kind="filing", holder_kind="partner")
