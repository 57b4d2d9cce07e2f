"""Answers that were given, so that a repeated request has one effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base
from licensing.core.store.types import Sha256, UtcDateTime


class GivenAnswer(Base):
    """The answer to a request that came with an idempotency key.

    ``id`` is a hash of the key and of who used it. ``request`` is a keyed hash of the request and
    ``sealed`` the answer under AES-256-GCM; both keys are derived from the idempotency key, which only the
    client has: the table tells nothing to who reads it.
    """

    __tablename__ = "licensing_given_answer"

    id: Mapped[str] = mapped_column(Sha256, primary_key=True)
    request: Mapped[str] = mapped_column(Sha256)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AccessToken(Base):
    """A token of the standalone mode; only its hash is kept. ``label`` says what it is for."""

    __tablename__ = "licensing_access_token"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    principal_id: Mapped[str] = mapped_column(String(64), index=True)
    token_sha256: Mapped[str] = mapped_column(Sha256, unique=True)
    label: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
