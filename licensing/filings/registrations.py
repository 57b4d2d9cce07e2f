"""The export for the national registration platform, read from filings, products and the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.store.events import history
from licensing.filings.export import registration
from licensing.filings.models import Filing
from licensing.products.lifecycle import LISTED
from licensing.products.models import Product
from licensing.products.register import public_view

MOST_IN_A_FILE = 5000
"""Filings of one workbook; a longer period is asked for in parts."""


def accepted(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[Filing]:
    """Filings with a number, in the order of their numbers, accepted from ``since`` and before ``until``.

    ``after`` is the last ``number_order`` of the page before.
    """
    query = select(Filing).where(Filing.number_order.is_not(None))
    if since is not None:
        query = query.where(Filing.accepted_at >= since)
    if until is not None:
        query = query.where(Filing.accepted_at < until)
    if after is not None:
        query = query.where(Filing.number_order > after)
    return list(session.scalars(query.order_by(Filing.number_order).limit(limit)))


def registration_of(session: Session, filing: Filing) -> dict[str, Any]:
    """One filing with its listed products and the ledger entries that prove its deposit."""
    query = select(Product).where(Product.agreement_id == filing.agreement_id, Product.status == LISTED)
    products = [public_view(session, each) for each in session.scalars(query.order_by(Product.id))]
    commitments = [each.commitment for each in history(session, filing.id)]
    return registration(filing, products, commitments)


def registrations(
    session: Session, *, since: datetime | None = None, until: datetime | None = None
) -> Iterator[dict[str, Any]]:
    """Every registration of a period, one after another."""
    after: str | None = None
    while page := accepted(session, since=since, until=until, after=after, limit=200):
        for filing in page:
            yield registration_of(session, filing)
        after = page[-1].number_order
