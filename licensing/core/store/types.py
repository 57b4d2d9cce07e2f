"""Column types that mean the same on PostgreSQL and on SQLite."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

_SHA256 = re.compile(r"[0-9a-f]{64}")

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document; ``None`` is stored as SQL NULL. Replace it as a whole: a change inside is not seen."""

Serial = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database hands out; SQLite does so for its own integer type only."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC to the microsecond; a naive one is refused when it is bound.

    Raises:
        ValueError: the datetime is naive.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its zone")
        utc = value.astimezone(timezone.utc)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return aware.astimezone(timezone.utc)


class Sha256(TypeDecorator[str]):
    """A 256-bit digest (SHA-256 or SM3) as 64 lower-case hexadecimal digits.

    Raises:
        ValueError: the text is not such a digest; the message does not repeat it.
    """

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        if value is not None and _SHA256.fullmatch(value) is None:
            raise ValueError("a digest has 64 lower-case hexadecimal digits")
        return value
