"""A draft of the yearly disclosure, counted from what is on record: filings, use, products, income reported.

The rules on authorised operation (发改数据规〔2025〕27号) ask both sides to disclose the year before by
the end of March. It is a draft for people to read, complete and publish; it names no natural person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from licensing.core.clock import CHINA
from licensing.filings.lifecycle import PUBLIC
from licensing.filings.models import Filing
from licensing.filings.register import public_view
from licensing.products.lifecycle import LISTED
from licensing.products.models import Product
from licensing.usage.models import UsageCounter, UsageReport, month_period

BASIS: Final = "发改数据规〔2025〕27号"
_IN_GROUPS_OF: Final = 500


def due(year: int) -> date:
    """The last day on which ``year`` is disclosed."""
    return date(year + 1, 3, 31)


def draft(
    session: Session, year: int, departments: Iterable[str] | None = None, holder: str | None = None
) -> dict[str, Any]:
    """What is disclosed of ``year``: of these departments' agreements, of this holder's, or of all.

    Whoever operates under an authorisation discloses as well as whoever gave it: ``holder`` is its id.

    ``entries`` are filings on record in the year, each as the public register shows it, with the calls
    answered and rows given in the year (``calls``, ``rows``) and the products listed under it; ``totals`` sum
    them, with ``income_fen`` as the holders reported it for periods that end in the year.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    query = select(Filing).where(
        Filing.status.in_(PUBLIC),
        Filing.accepted_at < datetime.combine(date(year + 1, 1, 1), time.min, CHINA),
        or_(Filing.valid_until.is_(None), Filing.valid_until >= first),
    )
    if departments is not None:
        query = query.where(Filing.department.in_(sorted(departments)))
    if holder is not None:
        query = query.where(Filing.holder == holder)
    filings = list(session.scalars(query.order_by(Filing.number_order)))
    ids = sorted({each.agreement_id for each in filings})
    used, products, income = _used(session, ids, year), _products(session, ids), 0
    for group in _groups(ids):
        income += session.scalar(
            select(func.coalesce(func.sum(UsageReport.income_fen), 0)).where(
                UsageReport.agreement_id.in_(group), UsageReport.period_ends.between(first, last)
            )
        ) or 0  # fmt: skip
    entries = [
        {
            **public_view(each),
            "agreement": each.package["agreement"]["number"],
            "calls": used.get(each.agreement_id, (0, 0))[0],
            "rows": used.get(each.agreement_id, (0, 0))[1],
            "products": products.get(each.agreement_id, []),
        }
        for each in filings
    ]
    return {
        "year": year,
        "due": due(year).isoformat(),
        "basis": BASIS,
        "entries": entries,
        "totals": {
            "filings": len(entries),
            "new": sum(1 for each in entries if (each["accepted"] or "") >= first.isoformat()),
            "providers": len({each.department for each in filings}),
            "holders": len({each.holder for each in filings}),
            "calls": sum(calls for calls, _ in used.values()),
            "rows": sum(rows for _, rows in used.values()),
            "products": sum(len(each) for each in products.values()),
            "income_fen": int(income),
        },
    }


def _used(session: Session, ids: list[str], year: int) -> dict[str, tuple[int, int]]:
    """Calls answered and rows given by agreement, from the counters of the months."""
    months = [month_period(date(year, month, 1)) for month in range(1, 13)]
    found: dict[str, tuple[int, int]] = {}
    for group in _groups(ids):
        query = (
            select(UsageCounter.agreement_id, func.sum(UsageCounter.calls), func.sum(UsageCounter.rows))
            .where(UsageCounter.agreement_id.in_(group), UsageCounter.period.in_(months))
            .group_by(UsageCounter.agreement_id)
        )
        found |= {row[0]: (int(row[1]), int(row[2])) for row in session.execute(query)}
    return found


def _products(session: Session, ids: list[str]) -> dict[str, list[str]]:
    """Names of the products on the public list by agreement."""
    found: dict[str, list[str]] = {}
    for group in _groups(ids):
        query = select(Product.agreement_id, Product.name).where(
            Product.agreement_id.in_(group), Product.status == LISTED
        )
        for agreement, name in session.execute(query.order_by(Product.id)):
            found.setdefault(agreement, []).append(name)
    return found


def _groups(ids: list[str]) -> Iterable[list[str]]:
    return (ids[at : at + _IN_GROUPS_OF] for at in range(0, len(ids), _IN_GROUPS_OF))
