"""Lists of agreements: those of the caller, or of everybody for an office."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from licensing.agreements.models import Agreement
from licensing.ports import OFFICE_ROLES, Context


def agreements(
    session: Session,
    ctx: Context,
    *,
    case_id: str = "",
    status: str = "",
    after: str | None = None,
    limit: int = 50,
) -> list[Agreement]:
    """Agreements that name the caller's department or partner (an office: all), newest first.

    ``after`` is the last id of the page before. Whether the caller holds a role towards each is for the
    authorizer to say, which the edge asks.
    """
    query = select(Agreement).order_by(Agreement.id.desc()).limit(limit)
    who = ctx.principal
    if not who.roles & OFFICE_ROLES:
        kind, applicant = Agreement.applicant_kind, Agreement.applicant_id
        query = query.where(
            or_(
                Agreement.provider_id.in_(who.departments),
                and_(kind == "department", applicant.in_(who.departments)),
                and_(kind == "partner", applicant == who.partner),
                and_(kind == "person", applicant == who.id),
            )
        )
    for column, value in ((Agreement.case_id, case_id), (Agreement.status, status)):
        if value:
            query = query.where(column == value)
    if after is not None:
        query = query.where(Agreement.id < after)
    return list(session.scalars(query))
