"""Attachments: what they are called, whose they are, and the key by which alone each can be read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, HasId
from licensing.core.store.types import Sha256, UtcDateTime


class Attachment(HasId, Base):
    """One file of a case or a filing (``subject``: the name of its lifecycle).

    ``kind`` is what it is (``security_plan`` …), ``name`` what the sender called it, ``sha256`` of what was
    sent. ``key`` is that of its encryption: with the row the file is gone for good, also from backups of the
    storage. ``settled``: it was handed in, and only erasure takes it away.
    """

    __tablename__ = "licensing_attachment"
    __table_args__ = (UniqueConstraint("subject_id", "sha256"),)

    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Text)
    media: Mapped[str] = mapped_column(String(128))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Sha256)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled: Mapped[bool]
