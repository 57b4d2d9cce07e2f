"""Sums of use: of an agreement by day, and of everything by month for the public (HB-26)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licensing.usage.models import UsageCounter, day_period

_SUMS = tuple(
    func.coalesce(func.sum(column), 0).label(column.key)
    for column in (UsageCounter.calls, UsageCounter.rows, UsageCounter.bytes, UsageCounter.refused)
)
_DAY = 10


def by_day(session: Session, agreement_id: str, since: date, until: date) -> list[dict[str, Any]]:
    """Calls, rows, bytes and refused calls of each day on which there were any, both ends included."""
    query = (
        select(UsageCounter.period, *_SUMS)
        .where(
            UsageCounter.agreement_id == agreement_id,
            UsageCounter.period.between(day_period(since), day_period(until)),
            func.length(UsageCounter.period) == _DAY,
        )
        .group_by(UsageCounter.period)
        .order_by(UsageCounter.period)
    )
    return [
        {"day": period, **_numbers(sums)} for period, *sums in (tuple(row) for row in session.execute(query))
    ]


def total(session: Session, agreement_id: str, since: date, until: date) -> dict[str, int]:
    """The sums of :func:`by_day`."""
    days = by_day(session, agreement_id, since, until)
    return {name: sum(each[name] for each in days) for name in ("calls", "rows", "bytes", "refused")}


def public_month(session: Session, year: int, month: int) -> dict[str, int]:
    """Data calls of a month over all agreements: what is published periodically (HB-26)."""
    query = select(func.count(UsageCounter.agreement_id.distinct()), *_SUMS).where(
        UsageCounter.period == f"{year:04d}-{month:02d}"
    )
    agreements, *sums = tuple(session.execute(query).one())
    return {"agreements": int(agreements), **_numbers(sums)}


def _numbers(sums: list[Any]) -> dict[str, int]:
    return {name: int(each) for name, each in zip(("calls", "rows", "bytes", "refused"), sums, strict=True)}
