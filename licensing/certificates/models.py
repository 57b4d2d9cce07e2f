"""Requests for certificates, and the certificates that were issued on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, Stored
from licensing.core.store.types import Sha256, UtcDateTime
from licensing.ports import Involved


class CertificateRequest(Stored, Base):
    """One key of one party.

    ``party_kind`` is ``department``, ``partner``, ``person`` or ``office``. ``request`` is PKCS#10 in PEM: a
    public key, no name. ``key_sha256`` is the digest of that key (SubjectPublicKeyInfo); a key is certified
    once. ``chain`` (PEM, the signer's own first), ``serial`` (hexadecimal) and ``not_after`` come with the
    certificate. A department's certificate names its code: it follows no merger.
    """

    __tablename__ = "licensing_certificate_request"

    party_kind: Mapped[str] = mapped_column(String(16))
    party_id: Mapped[str] = mapped_column(String(64), index=True)
    requested_by: Mapped[str] = mapped_column(String(64), index=True)
    request: Mapped[str] = mapped_column(Text)
    key_sha256: Mapped[str] = mapped_column(Sha256, unique=True)
    chain: Mapped[str] = mapped_column(Text, default="")
    serial: Mapped[str] = mapped_column(String(64), default="")
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def involved(self) -> Involved:
        """Whoever may sign for the party, on either side of an agreement; an office is among the offices."""
        own, none = frozenset({self.party_id}), frozenset[str]()
        department = own if self.party_kind == "department" else none
        return Involved(
            applicant_departments=department,
            applicant_partners=own if self.party_kind in ("partner", "person") else none,
            applicant_persons=own if self.party_kind == "person" else none,
            provider_departments=department,
        )
