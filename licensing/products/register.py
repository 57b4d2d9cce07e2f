"""Lists of products, and what everybody may see of one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import NotFound
from licensing.core.store.lists import Listed, Sides, View, page_of
from licensing.ports import Context
from licensing.products.attribution import sentence
from licensing.products.lifecycle import LISTED
from licensing.products.models import Product
from licensing.products.names import maker_of, names_of
from licensing.products.service import KINDS, sources_of

MAX_PAGE = 200


def public_list(session: Session, *, after: str | None = None, limit: int = 50) -> list[Product]:
    """Listed products, newest first; ``after`` is the last id of the page before."""
    query = select(Product).where(Product.status == LISTED)
    if after is not None:
        query = query.where(Product.id < after)
    return list(session.scalars(query.order_by(Product.id.desc()).limit(min(limit, MAX_PAGE))))


def list_products(
    session: Session,
    ctx: Context,
    *,
    view: View = "own",
    agreement_id: str | None = None,
    status: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Listed[Product]:
    """Products that the caller has to do with, newest first; see :mod:`licensing.core.store.lists`."""
    where = [
        column == value
        for column, value in ((Product.agreement_id, agreement_id), (Product.status, status))
        if value is not None
    ]
    sides = Sides(Product.owner, Product.owner_kind, Product.provider)
    return page_of(session, ctx, Product, sides, view=view, where=where, after=after, limit=limit)


def listed_product(session: Session, product_id: str) -> Product:
    """A product that is on the public list now.

    Raises:
        NotFound: there is none; nobody learns whether there is a draft or was a product.
    """
    found = session.get(Product, product_id)
    if found is None or found.status != LISTED:
        raise NotFound("登记名录中没有该产品。", "There is no such product on the register.")
    return found


def public_view(session: Session, product: Product) -> dict[str, Any]:
    """What the list and the product's page show; of a natural person who made it, nothing."""
    sources = sources_of(session, product.id)
    names = names_of(session, [each.provider for each in sources])
    maker_zh, maker_en = maker_of(session, product)
    return {
        "id": product.id,
        "name": product.name,
        "description": product.description,
        "kind": {"id": product.kind, "zh": KINDS[product.kind][0], "en": KINDS[product.kind][1]},
        "maker": {"zh": maker_zh, "en": maker_en},
        "listed": product.status == LISTED,
        "offer": product.offer,
        "sources": [
            {
                "dataset": each.dataset_id,
                "title": each.title,
                "provider": each.provider,
                "provider_name": names.get(each.provider, each.provider),
                "acquired": each.acquired.isoformat(),
            }
            for each in sources
        ],
        "attribution": {lang: sentence(sources, names, lang) for lang in ("zh", "en")},
    }
