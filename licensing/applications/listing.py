"""Lists of cases by keyset: every page costs the same, however many cases there are.

A page is the newest cases older than the id after which it begins. Ids sort by time, every filter has an
index that ends in the id, and nothing is counted. Who asks for several departments gets one indexed query
a department, merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import merge
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from licensing.applications.kinds import DEPARTMENT, PARTNER, PERSON
from licensing.applications.lifecycle import DRAFT
from licensing.applications.models import Case, CaseItem
from licensing.core.errors import NotFound, NotPermitted
from licensing.core.store.step import load
from licensing.ports import APPLICANT, OFFICE_ROLES, PROVIDER, Context

MOST = 200
View = Literal["all", "applied", "received"]


@dataclass(frozen=True, slots=True)
class Page:
    """Cases, newest first; ``after`` begins the next page, None when there is none."""

    cases: tuple[Case, ...]
    after: str | None


def list_cases(
    session: Session,
    ctx: Context,
    *,
    view: View = "all",
    kind: str | None = None,
    status: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of cases.

    ``all`` is for the offices; ``applied`` are the caller's own applications, drafts included; ``received``
    those to the caller's departments.

    Raises:
        NotPermitted: ``all`` by somebody without an office.
    """
    wanted = max(1, min(limit, MOST))
    if view == "all":
        if not ctx.principal.roles & OFFICE_ROLES:
            raise NotPermitted("您只能查看与本单位有关的申请。", "You may list your own cases only.")
        found = _some(session, None, "", (), kind, status, after, wanted + 1)
    else:
        pages = [
            _some(session, column, party, kinds, kind, status, after, wanted + 1)
            for column, party, kinds in _own(ctx, view)
        ]
        found = list(merge(*pages, key=lambda case: case.id, reverse=True))[: wanted + 1]
    cases = tuple(found[:wanted])
    return Page(cases, cases[-1].id if len(found) > wanted else None)


def show(session: Session, ctx: Context, case_id: str) -> Case:
    """A case that the caller may see.

    Raises:
        NotFound: there is none, or none for the caller: a draft is its applicant's alone.
    """
    case = load(session, Case, case_id)
    roles = ctx.authorizer.roles_for(ctx.principal, case)
    if not roles or (case.status == DRAFT and APPLICANT not in roles):
        raise NotFound("没有找到该记录。", "There is no such record.")
    return case


def cases_about(session: Session, dataset_id: str, *, after: str | None = None, limit: int = 50) -> Page:
    """Cases that ask for a dataset, newest first, drafts left out."""
    wanted = max(1, min(limit, MOST))
    query = (
        select(Case)
        .join(CaseItem, CaseItem.case_id == Case.id)
        .where(CaseItem.dataset_id == dataset_id, Case.status != DRAFT)
    )
    if after is not None:
        query = query.where(Case.id < after)
    found = list(session.scalars(query.order_by(Case.id.desc()).limit(wanted + 1)))
    cases = tuple(found[:wanted])
    return Page(cases, cases[-1].id if len(found) > wanted else None)


_Column = InstrumentedAttribute[str]


def _own(ctx: Context, view: View) -> list[tuple[_Column, str, tuple[str, ...]]]:
    """Column, party and kinds of applicant under which the caller's own cases stand."""
    who = ctx.principal
    if view == "received":
        if PROVIDER not in who.roles:
            return []
        return [(Case.provider_id, unit, ()) for unit in sorted(who.departments)]
    if APPLICANT not in who.roles:
        return []
    own: list[tuple[_Column, str, tuple[str, ...]]] = [
        (Case.applicant_id, unit, (DEPARTMENT,)) for unit in sorted(who.departments)
    ]
    if who.partner is not None:
        own.append((Case.applicant_id, who.partner, (PARTNER,)))
    own.append((Case.applicant_id, who.id, (PERSON,)))
    return own


def _some(
    session: Session,
    column: _Column | None,
    party: str,
    kinds: tuple[str, ...],
    kind: str | None,
    status: str | None,
    after: str | None,
    limit: int,
) -> list[Case]:
    query = select(Case)
    if column is not None:
        query = query.where(column == party)
    # Nobody but the applicant sees a draft.
    query = query.where(Case.applicant_kind.in_(kinds) if kinds else Case.status != DRAFT)
    if kind is not None:
        query = query.where(Case.kind == kind)
    if status is not None:
        query = query.where(Case.status == status)
    if after is not None:
        query = query.where(Case.id < after)
    return list(session.scalars(query.order_by(Case.id.desc()).limit(limit)))
