"""Departments, their succession, partners, and apart from them what is personal."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, HasId, Stored
from licensing.core.store.types import Sha256, UtcDateTime
from licensing.ports import Involved

LEGAL, NATURAL = "legal", "natural"


class Department(Stored, Base):
    """A department under the id that the portal knows it by."""

    __tablename__ = "licensing_department"

    name: Mapped[str] = mapped_column(String(200))
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)

    def involved(self) -> Involved:
        """The offices settle what becomes of departments."""
        return Involved()


class Succession(HasId, Base):
    """A department was renamed, merged or dissolved; ``to_department`` is the same one for a new name."""

    __tablename__ = "licensing_succession"
    __table_args__ = (UniqueConstraint("from_department", "number"),)

    kind: Mapped[str] = mapped_column(String(16))
    from_department: Mapped[str] = mapped_column(ForeignKey("licensing_department.id"))
    to_department: Mapped[str] = mapped_column(ForeignKey("licensing_department.id"), index=True)
    number: Mapped[int]
    """The version of the department that the change made: two changes cannot be the same one."""
    old_name: Mapped[str] = mapped_column(String(200))
    new_name: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved: Mapped[int]


class Partner(Stored, Base):
    """Somebody outside the departments: a ``legal`` or a ``natural`` person. Nothing here is personal.

    ``merged_into`` is the partner that took over.
    """

    __tablename__ = "licensing_partner"

    kind: Mapped[str] = mapped_column(String(16))
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("licensing_partner.id"))

    def involved(self) -> Involved:
        """The partner itself, as an applicant; a natural person is registered under its own id."""
        own = frozenset({self.id})
        return Involved(
            applicant_partners=own, applicant_persons=own if self.kind == NATURAL else frozenset()
        )


class PartnerIdentity(Base):
    """Who a partner is; a lawful demand removes the row.

    A legal person has ``uscc``, a natural one ``document``, ``digest`` (keyed hash), ``key_id`` and
    ``masked``; the number itself is nowhere.
    """

    __tablename__ = "licensing_partner_identity"

    partner_id: Mapped[str] = mapped_column(ForeignKey("licensing_partner.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    document: Mapped[str | None] = mapped_column(String(32))
    digest: Mapped[str | None] = mapped_column(Sha256, unique=True)
    key_id: Mapped[str | None] = mapped_column(String(16))
    masked: Mapped[str | None] = mapped_column(String(32))


class Contact(HasId, Base):
    """Somebody to call at a department or a partner (``party_id``)."""

    __tablename__ = "licensing_contact"

    party_id: Mapped[str] = mapped_column(String(64), index=True)
    duty: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(200))


class Qualification(HasId, Base):
    """What a partner is qualified for; the last day of ``valid_until`` still counts, None never expires."""

    __tablename__ = "licensing_qualification"
    __table_args__ = (Index("licensing_qualification_expiry_idx", "withdrawn", "valid_until"),)

    partner_id: Mapped[str] = mapped_column(ForeignKey("licensing_partner.id"), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(100))
    issuer: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    evidence_sha256: Mapped[str | None] = mapped_column(Sha256)
    withdrawn: Mapped[bool] = mapped_column(default=False)


class BlacklistEntry(HasId, Base):
    """Why and how long a partner gets no data; ``until_day`` is the last day, None without end."""

    __tablename__ = "licensing_blacklist"

    partner_id: Mapped[str] = mapped_column(ForeignKey("licensing_partner.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    actor: Mapped[str] = mapped_column(String(64))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_reason: Mapped[str] = mapped_column(Text, default="")
