"""Tables of the ledger.

``licensing_ledger_entry``, ``_node`` and ``_checkpoint`` only ever grow: triggers refuse UPDATE, DELETE
and TRUNCATE. What may lawfully be erased, payloads and their salts, stands in a table of its own and is
found by its commitment.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base
from licensing.core.store.types import Json, Serial, Sha256

APPEND_ONLY = ("licensing_ledger_entry", "licensing_ledger_node", "licensing_ledger_checkpoint")


class PendingEntry(Base):
    """An entry that its transaction has written and the sequencer has not chained yet."""

    __tablename__ = "licensing_ledger_pending"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    at: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    commitment: Mapped[str] = mapped_column(Sha256)
    payload: Mapped[dict[str, Any] | None] = mapped_column(Json)
    salt: Mapped[str | None] = mapped_column(String(64))


class LedgerEntry(Base):
    """A chained entry. ``at`` is the very text that was hashed, so that no database can reformat it."""

    __tablename__ = "licensing_ledger_entry"

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    commitment: Mapped[str] = mapped_column(Sha256, unique=True)
    sha256: Mapped[str] = mapped_column(Sha256)
    sm3: Mapped[str] = mapped_column(Sha256)


class LedgerPayload(Base):
    """What an entry committed to, until it is erased; ``salt`` is hexadecimal."""

    __tablename__ = "licensing_ledger_payload"

    commitment: Mapped[str] = mapped_column(Sha256, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    salt: Mapped[str] = mapped_column(String(64))


class LedgerNode(Base):
    """The root of the full subtree of 2^``level`` leaves that begins at leaf ``place`` · 2^``level``."""

    __tablename__ = "licensing_ledger_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(Sha256)
    sm3: Mapped[str] = mapped_column(Sha256)


class LedgerCheckpoint(Base):
    """A signed statement of the ledger's state after ``size`` entries."""

    __tablename__ = "licensing_ledger_checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    root_sha256: Mapped[str] = mapped_column(Sha256)
    root_sm3: Mapped[str] = mapped_column(Sha256)
    last_sha256: Mapped[str] = mapped_column(Sha256)
    last_sm3: Mapped[str] = mapped_column(Sha256)
    key_id: Mapped[str] = mapped_column(Sha256)
    signature: Mapped[str] = mapped_column(String(256))
