"""Grants and their tokens. Of a token only its digest is stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, HasId, Stored
from licensing.core.store.types import Json, Sha256, UtcDateTime
from licensing.parties import holdings
from licensing.ports import Involved


class Grant(Stored, Base):
    """One grant; ``terms`` as in :class:`licensing.grants.terms.Terms`. ``ends`` is its last day."""

    __tablename__ = "licensing_grant"
    __table_args__ = (Index("licensing_grant_expiry_idx", "status", "ends"),)

    agreement_id: Mapped[str] = mapped_column(String(64), index=True)
    agreement_number: Mapped[str] = mapped_column(String(300))
    filing_id: Mapped[str] = mapped_column(String(36), index=True)
    provider: Mapped[str] = mapped_column(String(64), index=True)
    holder: Mapped[str] = mapped_column(String(64), index=True)
    holder_kind: Mapped[str] = mapped_column(String(64))
    terms: Mapped[dict[str, Any]] = mapped_column(Json)
    ends: Mapped[date]

    def involved(self) -> Involved:
        """The provider, and the holder as the applicant."""
        holder = frozenset({self.holder})
        none: frozenset[str] = frozenset()
        return Involved(
            applicant_departments=holder if self.holder_kind == "department" else none,
            applicant_partners=holder if self.holder_kind == "partner" else none,
            applicant_persons=holder if self.holder_kind == "person" else none,
            provider_departments=frozenset({self.provider}),
        )


class GrantToken(HasId, Base):
    """A token: its SHA-256, and its first characters by which people recognise it.

    256 random bits need no slow hash: they cannot be guessed from the digest. ``datasets`` narrows the
    grant; None: all of them. ``expires_at`` is also how a token is withdrawn.
    """

    __tablename__ = "licensing_grant_token"
    __table_args__ = (UniqueConstraint("digest"),)

    grant_id: Mapped[str] = mapped_column(ForeignKey("licensing_grant.id"), index=True)
    prefix: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(Sha256)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    datasets: Mapped[list[str] | None] = mapped_column(Json)
    follows: Mapped[str | None] = mapped_column(String(36))


holdings.hold(holdings.DEPARTMENT, Grant, "provider", kind="grant")
holdings.hold(holdings.DEPARTMENT, Grant, "holder", kind="grant", holder_kind="department")
holdings.hold(holdings.PARTNER, Grant, "holder", kind="grant", holder_kind="partner")
