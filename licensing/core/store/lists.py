"""Lists of what somebody has to do with, newest first, page by page (keyset).

Ids sort by time, so the last id of a page is where the next one begins. Nothing is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from licensing.core.errors import NotPermitted
from licensing.core.store.base import Stored
from licensing.ports import APPLICANT, OFFICE_ROLES, PROVIDER, Context, Principal

T = TypeVar("T", bound=Stored)
View = Literal["all", "own", "received"]
MOST = 200


@dataclass(frozen=True, slots=True)
class Sides:
    """The columns that say whose a row is: its holder, of which kind, and the providing department."""

    holder: Any
    holder_kind: Any
    provider: Any


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A page; ``after`` begins the next one, None at the end."""

    rows: tuple[T, ...]
    after: str | None


def page_of(
    session: Session,
    ctx: Context,
    model: type[T],
    sides: Sides,
    *,
    view: View,
    where: Sequence[ColumnElement[bool]] = (),
    after: str | None = None,
    limit: int = 50,
) -> Listed[T]:
    """``all`` is for the offices, ``own`` what the caller holds, ``received`` what the caller's departments
    provide. A page may have fewer rows than ``limit`` before the end: each is asked for once more.

    Raises:
        NotPermitted: ``all`` by somebody without an office.
    """
    query = select(model)
    needed = OFFICE_ROLES
    if view == "all":
        if not ctx.principal.roles & OFFICE_ROLES:
            raise NotPermitted("您只能查看与本单位有关的记录。", "You may list your own records only.")
    elif view == "own":
        query, needed = query.where(_held(ctx.principal, sides)), frozenset({APPLICANT})
    else:
        query = query.where(sides.provider.in_(sorted(ctx.principal.departments)))
        needed = frozenset({PROVIDER})
    if after is not None:
        query = query.where(model.id < after)
    wanted = max(1, min(limit, MOST))
    found = list(session.scalars(query.where(*where).order_by(model.id.desc()).limit(wanted + 1)))
    page = found[:wanted]
    # The authorizer has the last word: somebody may belong to a department in another role.
    rows = tuple(row for row in page if ctx.authorizer.roles_for(ctx.principal, row) & needed)
    return Listed(rows, page[-1].id if len(found) > wanted else None)


def _held(who: Principal, sides: Sides) -> ColumnElement[bool]:
    parties = [("person", [who.id]), ("department", sorted(who.departments))]
    if who.partner is not None:
        parties.append(("partner", [who.partner]))
    return or_(*(and_(sides.holder_kind == kind, sides.holder.in_(ids)) for kind, ids in parties))
