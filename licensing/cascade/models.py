"""Other platforms, cases that two platforms share, and the messages between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, HasId, Stored
from licensing.core.store.types import Json, Sha256, UtcDateTime
from licensing.parties import holdings
from licensing.ports import Involved

ASKED, ASKING = "asked", "asking"
"""Sides of a link: ours is *asked* by theirs (we hold the data), or ours is *asking* (they do)."""


class Peer(Stored, Base):
    """Another platform.

    ``site`` is how the addresses of its catalogue entries begin, ``address`` where its interface is mounted,
    ``key_pem`` its Ed25519 public key. ``department`` stands here for its departments when they apply,
    ``departments`` (theirs → ours) for single ones; ``partner``, registered and verified here as any other,
    for its developers (empty: they cannot apply for our data through it).
    """

    __tablename__ = "licensing_cascade_peer"

    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(16))
    site: Mapped[str] = mapped_column(String(500), unique=True)
    address: Mapped[str] = mapped_column(String(500))
    key_pem: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(Sha256, unique=True)
    department: Mapped[str] = mapped_column(String(64))
    departments: Mapped[dict[str, str]] = mapped_column(Json)
    partner: Mapped[str] = mapped_column(String(64))

    def involved(self) -> Involved:
        """The offices alone."""
        return Involved()


class Contact(Base):
    """How it goes with a platform; whoever takes a message of its locks this row, so that one is taken at a
    time. ``due_at`` is when the next delivery is tried, ``problem`` a plain word for the last failure."""

    __tablename__ = "licensing_cascade_contact"

    peer_id: Mapped[str] = mapped_column(ForeignKey("licensing_cascade_peer.id"), primary_key=True)
    contact_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(String(200))


class Link(HasId, Base):
    """A case of ours and the other platform's case for the same application.

    ``thread`` is the id of the case where the application was filed. ``told`` is the version of our case up
    to which the other side was told, ``sent`` and ``received`` the last sequence numbers. ``remote`` is what
    the other side last said of its case: ``state``, ``clocks``, ``at``. ``applicant`` is whom the other side
    asks for.
    """

    __tablename__ = "licensing_cascade_link"
    __table_args__ = (UniqueConstraint("peer_id", "side", "thread"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("licensing_case.id"), unique=True)
    peer_id: Mapped[str] = mapped_column(ForeignKey("licensing_cascade_peer.id"))
    side: Mapped[str] = mapped_column(String(8))
    thread: Mapped[str] = mapped_column(String(64))
    remote_case: Mapped[str] = mapped_column(String(64))
    applicant: Mapped[str] = mapped_column(Text)
    told: Mapped[int]
    sent: Mapped[int]
    received: Mapped[int]
    remote: Mapped[dict[str, Any]] = mapped_column(Json)


class Outgoing(HasId, Base):
    """A message of ours; ``id`` is its idempotency key, ``body`` the very bytes. Waiting until
    ``acknowledged_at``, which is when the other side's signed ``receipt`` was here."""

    __tablename__ = "licensing_cascade_outgoing"
    __table_args__ = (
        UniqueConstraint("link_id", "number"),
        Index("licensing_cascade_outgoing_waiting_idx", "acknowledged_at", "peer_id", "id"),
    )

    link_id: Mapped[str] = mapped_column(ForeignKey("licensing_cascade_link.id"))
    peer_id: Mapped[str] = mapped_column(ForeignKey("licensing_cascade_peer.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Sha256)
    commitment: Mapped[str] = mapped_column(Sha256)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int]
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Incoming(HasId, Base):
    """A message of another platform's, with the signature that it came under and the receipt that was given;
    ``id`` is the sender's. ``link_id`` is None for an application that could not be taken."""

    __tablename__ = "licensing_cascade_incoming"
    __table_args__ = (
        UniqueConstraint("peer_id", "thread", "number"),
        Index("licensing_cascade_incoming_link_idx", "link_id", "number"),
    )

    link_id: Mapped[str | None] = mapped_column(ForeignKey("licensing_cascade_link.id"))
    peer_id: Mapped[str] = mapped_column(ForeignKey("licensing_cascade_peer.id"))
    thread: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Sha256)
    signature: Mapped[dict[str, str]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    receipt: Mapped[dict[str, Any]] = mapped_column(Json)


class SeenNonce(Base):
    """A nonce that a signature came with, kept for as long as the signature would be believed."""

    __tablename__ = "licensing_cascade_nonce"

    peer_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


holdings.hold(holdings.DEPARTMENT, Peer, "department", kind="cascade_peer")
holdings.hold(holdings.PARTNER, Peer, "partner", kind="cascade_peer")
