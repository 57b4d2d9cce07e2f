"""The history of a subject: one row a step, written in the step's own transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from licensing.core.store.base import Base, HasId
from licensing.core.store.types import Sha256, UtcDateTime


class StepEvent(HasId, Base):
    """What happened to a subject.

    ``kind`` is the lifecycle's name, ``number`` the version of the subject that the step made (no two
    steps can make the same one), ``commitment`` the ledger entry's. ``reason`` may name persons: a lawful
    erasure empties it, and the ledger keeps only its commitment.
    """

    __tablename__ = "licensing_event"
    __table_args__ = (UniqueConstraint("subject_id", "number"), Index("licensing_event_at_idx", "at"))

    kind: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    action: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    commitment: Mapped[str] = mapped_column(Sha256)


def history(session: Session, subject_id: str) -> list[StepEvent]:
    """Every step of a subject, first to last."""
    query = select(StepEvent).where(StepEvent.subject_id == subject_id).order_by(StepEvent.number)
    return list(session.scalars(query))
