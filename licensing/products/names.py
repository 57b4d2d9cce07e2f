"""Names that a product's public page shows: those of departments and companies, never of a natural person."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.parties.models import LEGAL, Department, Partner, PartnerIdentity
from licensing.products.models import Product

NATURAL_PERSON = ("自然人", "A natural person")


def names_of(session: Session, department_ids: Collection[str]) -> dict[str, str]:
    """Names of departments by id; those that are not registered are left out."""
    query = select(Department.id, Department.name).where(Department.id.in_(set(department_ids)))
    return {row.id: row.name for row in session.execute(query)}


def maker_of(session: Session, product: Product) -> tuple[str, str]:
    """Who made a product, in Chinese and in English; empty when the register does not know a name."""
    if product.owner_kind == "department":
        name = names_of(session, [product.owner]).get(product.owner, "")
        return name, name
    if product.owner_kind == "person":
        return NATURAL_PERSON
    partner = session.get(Partner, product.owner)
    if partner is not None and partner.kind != LEGAL:
        return NATURAL_PERSON
    identity = session.get(PartnerIdentity, product.owner)
    name = identity.name if partner is not None and identity is not None else ""
    return name, name
