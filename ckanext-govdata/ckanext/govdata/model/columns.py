"""Column shapes that every table of the portal shares."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB


def utc_now() -> datetime:
    """The time of record: aware, UTC (HB-22: the platform's own time counts)."""
    return datetime.now(timezone.utc)


def new_id() -> str:
    """A random id that nobody can guess."""
    return str(uuid.uuid4())


def id_column() -> sa.Column:
    return sa.Column(sa.UnicodeText, primary_key=True, default=new_id)


def moment(nullable: bool = False) -> sa.Column:
    return sa.Column(sa.DateTime(timezone=True), nullable=nullable)


def document() -> sa.Column:
    """A JSON document; ``None`` is stored as SQL NULL."""
    return sa.Column(JSONB(none_as_null=True), nullable=True)
