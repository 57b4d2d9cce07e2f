"""Products, and the sources of each with what proves them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from licensing.core.store.base import Base, HasId, Stored
from licensing.core.store.types import Json
from licensing.parties import holdings
from licensing.ports import Involved


class Product(Stored, Base):
    """One product. ``offer`` is None, or terms as in :class:`licensing.products.offer.Offer`."""

    __tablename__ = "licensing_product"
    __table_args__ = (Index("licensing_product_status_id_idx", "status", "id"),)

    owner: Mapped[str] = mapped_column(String(64), index=True)
    owner_kind: Mapped[str] = mapped_column(String(64))
    provider: Mapped[str] = mapped_column(String(64))
    agreement_id: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(64))
    offer: Mapped[dict[str, Any] | None] = mapped_column(Json)

    def involved(self) -> Involved:
        """Whoever made it, and the department whose data it uses."""
        owner = frozenset({self.owner})
        none: frozenset[str] = frozenset()
        return Involved(
            applicant_departments=owner if self.owner_kind == "department" else none,
            applicant_partners=owner if self.owner_kind == "partner" else none,
            applicant_persons=owner if self.owner_kind == "person" else none,
            provider_departments=frozenset({self.provider}),
        )


class ProductSource(HasId, Base):
    """A dataset that a product uses, with the day on which it was acquired and the record that proves it."""

    __tablename__ = "licensing_product_source"
    __table_args__ = (UniqueConstraint("product_id", "dataset_id", "acquired"),)

    product_id: Mapped[str] = mapped_column(ForeignKey("licensing_product.id"))
    dataset_id: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(String(64))
    acquired: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(64), default="")


holdings.hold(holdings.DEPARTMENT, Product, "provider", kind="product")
holdings.hold(holdings.DEPARTMENT, Product, "owner", kind="product", owner_kind="department")
holdings.hold(holdings.PARTNER, Product, "owner", kind="product", owner_kind="partner")
