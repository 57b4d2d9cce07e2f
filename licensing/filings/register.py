"""The public register of filings, and what anybody learns by a query code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput, NotFound
from licensing.filings.lifecycle import PUBLIC, STATE_NAMES
from licensing.filings.models import Filing
from licensing.filings.numbering import read_code
from licensing.filings.service import KINDS, MATTERS

MAX_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page:
    """``next`` continues the list; None at its end."""

    items: tuple[dict[str, Any], ...]
    next: str | None


def public_view(filing: Filing) -> dict[str, Any]:
    """What may be public of a filing: no plan, no system, no fields, no natural person."""
    package = filing.package
    parties = {each["role"]: each for each in package["parties"]}
    return {
        "id": filing.id,
        "number": filing.number,
        "code": filing.code,
        "matter": {"id": filing.matter, "zh": MATTERS[filing.matter][0], "en": MATTERS[filing.matter][1]},
        "kind": {"id": filing.kind, "zh": KINDS[filing.kind][0], "en": KINDS[filing.kind][1]},
        "state": _state(filing),
        "provider": parties["provider"]["name"],
        "holder": parties["applicant"]["name"] or "自然人",
        "purpose": package["agreement"]["purpose"],
        "begins": package["agreement"]["begins"],
        "ends": package["agreement"]["ends"],
        "datasets": [{"id": each["id"], "title": each["title"]} for each in package["data"]],
        "package_sha256": filing.sha256,
        "accepted": _day(filing.accepted_at),
        "registered": _day(filing.registered_at),
        "valid_until": filing.valid_until.isoformat() if filing.valid_until else None,
    }


def public_list(
    session: Session, *, after: str | None = None, limit: int = 50, matter: str | None = None
) -> Page:
    """The register, newest number first; ``after`` is the ``next`` of the page before."""
    if not 1 <= limit <= MAX_PAGE:
        raise InvalidInput("每页条数应为 1 至 {most}。", "A page has 1 to {most} entries.", most=MAX_PAGE)
    query = select(Filing).where(Filing.status.in_(PUBLIC), Filing.number_order.is_not(None))
    if matter is not None:
        query = query.where(Filing.matter == matter)
    if after is not None:
        query = query.where(Filing.number_order < after)
    found = list(session.scalars(query.order_by(Filing.number_order.desc()).limit(limit + 1)))
    more = found[limit - 1].number_order if len(found) > limit else None
    return Page(tuple(public_view(each) for each in found[:limit]), more)


def look_up(session: Session, code: str) -> dict[str, Any]:
    """What anybody may know of the filing with this code; one that is not public yet says only its state.

    Raises:
        InvalidInput: not a code. NotFound: no filing has it.
    """
    filing = session.scalar(select(Filing).where(Filing.code == read_code(code)))
    if filing is None:
        raise NotFound("没有查到该查询码对应的备案。", "No filing has this code.")
    if filing.status in PUBLIC:
        return public_view(filing)
    return {"number": filing.number, "code": filing.code, "state": _state(filing)}


def count_by_matter(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    """Filings accepted from ``since`` and before ``until``; every matter is named (JS-13, JS-14)."""
    query = (
        select(Filing.matter, func.count().label("filings"))
        .where(Filing.accepted_at >= since, Filing.accepted_at < until)
        .group_by(Filing.matter)
    )
    counted = {row.matter: row.filings for row in session.execute(query)}
    return {matter: counted.get(matter, 0) for matter in MATTERS}


def manage_list(
    session: Session,
    *,
    status: str | None = None,
    department: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[Filing]:
    """Filings for the offices and departments, newest first; ``after`` is the last id of the page before."""
    query = select(Filing)
    for column, value in ((Filing.status, status), (Filing.department, department)):
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(Filing.id < after)
    return list(session.scalars(query.order_by(Filing.id.desc()).limit(min(limit, MAX_PAGE))))


def _state(filing: Filing) -> dict[str, str]:
    zh, en = STATE_NAMES[filing.status]
    return {"id": filing.status, "zh": zh, "en": en}


def _day(moment: datetime | None) -> str | None:
    return china_day(moment).isoformat() if moment else None
