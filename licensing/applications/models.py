"""Cases, what they ask for, what is on record about them, and consents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.applications.kinds import DEPARTMENT, PARTNER, PERSON
from licensing.core.store.base import Base, HasId, Stored
from licensing.core.store.types import Json, Sha256, UtcDateTime
from licensing.parties import holdings
from licensing.ports import Involved


class Case(Stored, Base):
    """One case of any kind.

    ``kind`` is the name of its lifecycle. ``purpose`` is what the data are for, ``grounds`` why they are
    needed, ``system`` where they are used; ``statement`` is what the kind asks besides. ``sensitive`` lists
    ``personal commercial secret``; ``track`` is the clock it is decided under (``provider platform
    sensitive negotiation direct``, empty before acceptance). ``about`` is the case that a dispute is about.
    ``platform`` is the address of the other platform that holds the data and decides; None: this one does.
    """

    __tablename__ = "licensing_case"
    __table_args__ = (
        Index("licensing_case_kind_id_idx", "kind", "id"),
        Index("licensing_case_status_id_idx", "status", "id"),
        Index("licensing_case_kind_status_id_idx", "kind", "status", "id"),
        *(
            Index(f"licensing_case_{side}_{name}", f"{side}_id", *columns)
            for side in ("applicant", "provider")
            for name, columns in (
                ("id_idx", ("id",)),
                ("status_id_idx", ("status", "id")),
                ("kind_id_idx", ("kind", "id")),
            )
        ),
    )

    kind: Mapped[str] = mapped_column(String(64))
    applicant_kind: Mapped[str] = mapped_column(String(16))
    applicant_id: Mapped[str] = mapped_column(String(64))
    provider_id: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(Text)
    grounds: Mapped[str] = mapped_column(Text)
    system: Mapped[str] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(String(16))
    years: Mapped[int]
    sensitive: Mapped[list[str]] = mapped_column(Json)
    track: Mapped[str] = mapped_column(String(16))
    supplemented: Mapped[bool]
    about: Mapped[str | None] = mapped_column(String(36), index=True)
    platform: Mapped[str | None] = mapped_column(String(500), index=True)

    def involved(self) -> Involved:
        """Applicant and provider."""
        applicant = frozenset({self.applicant_id})
        return Involved(
            applicant_departments=applicant if self.applicant_kind == DEPARTMENT else frozenset(),
            applicant_partners=applicant if self.applicant_kind == PARTNER else frozenset(),
            applicant_persons=applicant if self.applicant_kind == PERSON else frozenset(),
            provider_departments=frozenset({self.provider_id}),
        )


class CaseItem(HasId, Base):
    """One dataset of a case: the fields asked for, and those granted (None until it is decided)."""

    __tablename__ = "licensing_case_item"
    __table_args__ = (UniqueConstraint("case_id", "dataset_id"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("licensing_case.id"))
    dataset_id: Mapped[str] = mapped_column(String(64), index=True)
    fields: Mapped[list[str]] = mapped_column(Json)
    granted: Mapped[list[str] | None] = mapped_column(Json)


class CaseRecord(HasId, Base):
    """Something on record about a case: a review, an approval, a stage's outcome, a violation, a refusal.

    ``number`` is the version of the case that the step made, under which its event stands; ``text`` may be
    erased, ``sha256`` of it is what the ledger's payload names.
    """

    __tablename__ = "licensing_case_record"
    __table_args__ = (
        Index("licensing_case_record_case_idx", "case_id", "id"),
        Index("licensing_case_record_kind_idx", "kind", "id"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("licensing_case.id"))
    kind: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Sha256)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    actor: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Consent(Stored, Base):
    """The original provider's word on passing one dataset on in one case."""

    __tablename__ = "licensing_consent"
    __table_args__ = (
        UniqueConstraint("case_id", "dataset_id"),
        Index("licensing_consent_department_idx", "department_id", "status", "id"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("licensing_case.id"))
    dataset_id: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[str] = mapped_column(String(64))

    def involved(self) -> Involved:
        """The original provider decides; the case's own provider does not."""
        return Involved(provider_departments=frozenset({self.department_id}))


holdings.hold(holdings.DEPARTMENT, Case, "applicant_id", applicant_kind=DEPARTMENT)
holdings.hold(holdings.DEPARTMENT, Case, "provider_id")
holdings.hold(holdings.DEPARTMENT, Consent, "department_id", kind="consent")
holdings.hold(holdings.PARTNER, Case, "applicant_id", applicant_kind=PARTNER)
