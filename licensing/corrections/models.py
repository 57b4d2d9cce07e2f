"""Reports of doubtful or wrong data."""

from __future__ import annotations

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, Stored
from licensing.parties import holdings
from licensing.ports import Involved

DEPARTMENT, PARTNER, PERSON, PLATFORM = "department", "partner", "person", "platform"


class Correction(Stored, Base):
    """One report.

    ``place`` says which rows or fields are meant, ``description`` what is wrong: never the values of
    persons, which stay in the data. ``release`` is the number of the published version, ``answer`` the
    provider's word, ``corrected_release`` the version that has it right, ``reopened`` how often the
    reporter came back.
    """

    __tablename__ = "licensing_correction"
    __table_args__ = (
        *(
            Index(f"licensing_correction_{side}_{name}", f"{side}_id", *columns)
            for side in ("reporter", "provider")
            for name, columns in (("id_idx", ("id",)), ("status_id_idx", ("status", "id")))
        ),
        Index("licensing_correction_dataset_id_id_idx", "dataset_id", "id"),
        Index("licensing_correction_status_id_idx", "status", "id"),
    )

    reporter_kind: Mapped[str] = mapped_column(String(16))
    reporter_id: Mapped[str] = mapped_column(String(64))
    provider_id: Mapped[str] = mapped_column(String(64))
    dataset_id: Mapped[str] = mapped_column(String(64))
    release: Mapped[int | None]
    place: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    corrected_release: Mapped[int | None]
    reopened: Mapped[int]

    def involved(self) -> Involved:
        """Reporter and provider."""
        reporter = frozenset({self.reporter_id})
        return Involved(
            applicant_departments=reporter if self.reporter_kind == DEPARTMENT else frozenset(),
            applicant_partners=reporter if self.reporter_kind == PARTNER else frozenset(),
            applicant_persons=reporter if self.reporter_kind == PERSON else frozenset(),
            provider_departments=frozenset({self.provider_id}),
        )


holdings.hold(holdings.DEPARTMENT, Correction, "reporter_id", kind="correction", reporter_kind=DEPARTMENT)
holdings.hold(holdings.DEPARTMENT, Correction, "provider_id", kind="correction")
holdings.hold(holdings.PARTNER, Correction, "reporter_id", kind="correction", reporter_kind=PARTNER)
