"""Standing in for somebody who is away: from whom, to whom, in which department, from which day to which.

The deputy is an officer of the same department (or of the platform) already; what is lent are the roles that
the principal holds. Each act is recorded as "X for Y", and the four-eyes rule counts both.

Article: SX-8 (named persons), JS-30, QD-26 (officers are named in the system), SX-21.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.accounts.roles import DELEGATION, PRINCIPAL
from ckanext.govdata.cases import steps
from ckanext.govdata.model import Delegation, Officer
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release import roles
from ckanext.govdata.release.lifecycle import AUDITOR, SUPERVISOR
from licensing.core.clock import china_day
from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted

LONGEST = timedelta(days=92)
NOT_LENT = frozenset({AUDITOR, SUPERVISOR})
"""Roles that only look: nobody who holds one may act for somebody, and there is nothing in them to lend."""


def grant(
    session: Any,
    *,
    principal: model.User,
    deputy: model.User | None,
    organization: model.Group | None,
    starts_on: date,
    ends_on: date,
) -> Delegation:
    """Lend one's duties in ``organization`` (None: on the platform) from one day to another, both included.

    Raises:
        NotFound: no such active account.
        InvalidInput: the days are in the wrong order, in the past, or more than three months apart.
        NotPermitted: nothing to lend there, or the deputy is no officer there, or only looks.
        Conflict: lent to somebody for some of these days already.
    """
    if deputy is None or not deputy.is_active:
        raise NotFound("没有这个用户。", "There is no such user.")
    if deputy.id == principal.id:
        raise InvalidInput("不能委托给自己。", "One cannot stand in for oneself.")
    today = china_day(utc_now())
    if not today <= starts_on <= ends_on <= starts_on + LONGEST or starts_on > today + timedelta(days=366):
        raise InvalidInput(
            "起止日期应从今天起、先后有序，最长 {days} 天。",
            "The days run from today on, in order, for at most {days} days.",
            days=LONGEST.days,
        )
    where = organization.id if organization is not None else None
    if not _held(session, principal.id, where) - NOT_LENT:
        raise NotPermitted("您在这里没有可以委托的职责。", "You hold no duties here that could be lent.")
    theirs = _held(session, deputy.id, where)
    if not theirs or theirs & NOT_LENT:
        raise NotPermitted(
            "只能委托给同一部门（或平台）的办理人员。",
            "Only an officer of the same department (or of the platform) can.",
        )
    _lock(session, principal.id)
    overlapping = sa.select(Delegation.id).where(
        Delegation.principal_id == principal.id,
        Delegation.organization_id.is_not_distinct_from(where),
        Delegation.status == DELEGATION.initial,
        Delegation.starts_on <= ends_on,
        Delegation.ends_on >= starts_on,
    )
    if session.execute(sa.select(overlapping.exists())).scalar():
        raise Conflict(
            "这段日期已有委托，请先收回。",
            "For some of these days you have lent them already; end that first.",
        )
    made = Delegation(
        principal_id=principal.id,
        deputy_id=deputy.id,
        organization_id=where,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=utc_now(),
        created_by=principal.id,
    )
    steps.begin(session, DELEGATION, made, principal.id)
    return made


def revoke(session: Any, delegation_id: str, actor: model.User) -> Delegation:
    """End it before its last day: whoever lent, or the administrator."""
    made = steps.lock(session, Delegation, delegation_id)
    own = frozenset({PRINCIPAL}) if made.principal_id == actor.id else frozenset()
    held = roles.Standing(roles.roles_of(actor, None), {})
    if not own and not held.own and made.deputy_id != actor.id:
        raise NotFound("没有这项委托。", "There is no such delegation.")
    steps.take(session, DELEGATION, made, "revoke", actor=actor.id, held=held, also=own)
    return made


def listed(session: Any, viewer: model.User) -> list[dict[str, Any]]:
    """Delegations from and to the viewer, all of them for officers of the platform; the newest first."""
    query = sa.select(Delegation).order_by(Delegation.ends_on.desc(), Delegation.id).limit(500)
    if not roles.roles_of(viewer, None):
        query = query.where(sa.or_(Delegation.principal_id == viewer.id, Delegation.deputy_id == viewer.id))
    found = list(session.execute(query).scalars())
    people = {
        person.id: person
        for person in session.execute(
            sa.select(model.User).where(
                model.User.id.in_({who for d in found for who in (d.principal_id, d.deputy_id)})
            )
        ).scalars()
    }
    titles = dict(
        session.execute(
            sa.select(model.Group.id, model.Group.title).where(
                model.Group.id.in_({d.organization_id for d in found} - {None})
            )
        )
        .tuples()
        .all()
    )
    today = china_day(utc_now())
    may_end = bool(roles.roles_of(viewer, None) & {"administrator"})
    return [
        {
            "id": d.id,
            "principal": _name(people, d.principal_id),
            "deputy": _name(people, d.deputy_id),
            "organization_title": titles.get(d.organization_id),
            "starts_on": d.starts_on.isoformat(),
            "ends_on": d.ends_on.isoformat(),
            "state": d.status if d.status == "revoked" else _state(d, today),
            "mine": d.principal_id == viewer.id,
            "may_end": d.status == DELEGATION.initial
            and d.ends_on >= today
            and (may_end or d.principal_id == viewer.id),
        }
        for d in found
    ]


def _state(made: Delegation, today: date) -> str:
    if today < made.starts_on:
        return "coming"
    return "in_force" if today <= made.ends_on else "over"


def _name(people: dict[str, model.User], user_id: str) -> str:
    person = people.get(user_id)
    return user_id if person is None else str(person.fullname or person.name)


def _held(session: Any, user_id: str, organization_id: str | None) -> frozenset[str]:
    rows = session.execute(
        sa.select(Officer.role).where(
            Officer.user_id == user_id, Officer.organization_id.is_not_distinct_from(organization_id)
        )
    )
    return frozenset(rows.scalars())


def _lock(session: Any, principal_id: str) -> None:
    session.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"delegation {principal_id}", 0)))
    )
