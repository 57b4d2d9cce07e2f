"""Tables of the standalone mode."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, HasId
from licensing.core.store.types import Json, UtcDateTime


class LocalPrincipal(Base):
    """Somebody who can act."""

    __tablename__ = "licensing_local_principal"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    partner: Mapped[str | None] = mapped_column(String(64))


class LocalRole(HasId, Base):
    """One role of a principal; ``department`` is empty for roles of the platform and of partners."""

    __tablename__ = "licensing_local_role"
    __table_args__ = (UniqueConstraint("principal_id", "role", "department"),)

    principal_id: Mapped[str] = mapped_column(ForeignKey("licensing_local_principal.id"), index=True)
    role: Mapped[str] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64), default="")


class LocalDataset(Base):
    """A catalogue entry; its lists and its origin as in :class:`licensing.ports.DatasetInfo`."""

    __tablename__ = "licensing_local_dataset"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(String(64))
    original_provider: Mapped[str | None] = mapped_column(String(64))
    share_type: Mapped[str] = mapped_column(String(32))
    open_type: Mapped[str] = mapped_column(String(32))
    fields: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    releases: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    origin: Mapped[dict[str, str] | None] = mapped_column(Json)


class LocalNotice(HasId, Base):
    """Something that people are to be told; whoever delivers it sets ``delivered``."""

    __tablename__ = "licensing_local_notice"

    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    roles: Mapped[list[str]] = mapped_column(Json)
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, str]] = mapped_column(Json)
    delivered: Mapped[datetime | None] = mapped_column(UtcDateTime)
