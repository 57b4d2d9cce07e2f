"""How every service of this domain takes a step: lock, rehearse, check, step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications.lifecycle import LIFECYCLES
from licensing.applications.models import Case, CaseItem
from licensing.core.lifecycle import Event, Lifecycle, advance
from licensing.core.store.base import Stored
from licensing.core.store.step import claim, load
from licensing.core.store.text import refuse_unstorable
from licensing.ports import APPLICANT, Context, Notice

PEER: Final = "peer:"
"""How the id of a principal begins that is another platform; no account of ours has such an id."""


@dataclass
class _Rehearsal:
    id: str
    status: str


def roles_towards(ctx: Context, subject: Stored) -> frozenset[str]:
    """The roles that count towards a case.

    Whoever holds the data decides: a case that another platform holds is stepped here by its applicant and,
    as that platform says, by the platform itself (:mod:`licensing.cascade`), never by an office or a
    department of ours. So nobody is answered twice.
    """
    roles = ctx.authorizer.roles_for(ctx.principal, subject)
    elsewhere = isinstance(subject, Case) and subject.platform is not None
    return roles & {APPLICANT} if elsewhere and not ctx.principal.id.startswith(PEER) else roles


def rehearse(ctx: Context, lifecycle: Lifecycle, subject: Stored, action: str, reason: str) -> None:
    """Raise what the step would raise, and change nothing.

    Preconditions are looked at afterwards, so that nobody learns of a case by a step that they may not take.
    """

    def forget(_event: Event) -> None:
        """A rehearsal leaves no trace."""

    advance(
        lifecycle,
        _Rehearsal(subject.id, subject.status),
        action,
        actor=ctx.principal.id,
        roles=roles_towards(ctx, subject),
        at=ctx.time.now(),
        record=forget,
        reason=reason,
    )


def lifecycle_of(case: Case) -> Lifecycle:
    """The table that a case follows."""
    return LIFECYCLES[case.kind]


def open_step(
    session: Session, ctx: Context, case_id: str, action: str, *, reason: str = "", if_version: int | None
) -> Case:
    """The case, locked, with everything checked that its table can check.

    Raises:
        NotFound, Conflict, TransitionRefused, NotPermitted: as the step itself would.
    """
    refuse_unstorable(reason)
    case = load(session, Case, case_id)
    claim(session, case, if_version)
    rehearse(ctx, lifecycle_of(case), case, action, reason)
    return case


def items_of(session: Session, case_id: str) -> list[CaseItem]:
    """The datasets of a case, in the order in which they were entered."""
    query = select(CaseItem).where(CaseItem.case_id == case_id).order_by(CaseItem.id)
    return list(session.scalars(query))


def tell(ctx: Context, subject: Stored, kind: str, roles: frozenset[str], zh: str, en: str) -> None:
    """Leave a notice for those roles towards a subject."""
    ctx.notifier.notify(Notice(kind, subject.id, roles, zh, en))
