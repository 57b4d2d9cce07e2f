"""Requests as they are shown: the public queue, one request, an officer's or an asker's list.

Who asked is in none of these. Names of officers are shown to officers; the public reads the department.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import periods, steps, timeline
from ckanext.govdata.cases.names import named
from ckanext.govdata.catalogue import codes
from ckanext.govdata.model import CaseEvent, Demand, DemandVote, Team, TeamMember
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, DEPARTMENT_ROLES
from ckanext.govdata.release.present import acting, pair, people_of
from ckanext.govdata.release.roles import lent_organizations, organizations_of, standing
from ckanext.govdata.requests import service
from ckanext.govdata.requests.lifecycle import (
    ANSWERS,
    ASKER,
    DEMAND,
    FIELDS,
    PUBLIC,
    STATE_LABELS,
    STATE_SENTENCES,
)
from licensing.core.clock import china_day
from licensing.core.workdays import StatutoryCalendar

LONGEST = 100
CALENDAR = StatutoryCalendar()
ORDERS = ("votes", "newest", "oldest")
_VOTES = (
    sa.select(sa.func.count()).where(DemandVote.demand_id == Demand.id).correlate(Demand).scalar_subquery()
)


def listed(session: Any, viewer: model.User | None, wanted: dict[str, Any]) -> dict[str, Any]:
    """``{count, results}`` of what ``viewer`` may see.

    ``wanted``: ``state``, ``organization`` (id), ``q`` (in the title), ``order`` (``votes``, ``newest``,
    ``oldest``), ``mine`` (asked by the viewer or a team of theirs), ``queue`` (waits for the viewer),
    ``limit``, ``offset``.
    """
    query = sa.select(Demand)
    if wanted.get("mine"):
        query = query.where(_mine(viewer))
    elif wanted.get("queue"):
        query = query.where(_waiting(viewer))
    else:
        query = query.where(Demand.status.in_(PUBLIC))
    if wanted.get("state"):
        query = query.where(Demand.status == wanted["state"])
    if wanted.get("organization"):
        query = query.where(Demand.organization_id == wanted["organization"])
    if wanted.get("q"):
        query = query.where(Demand.title.icontains(wanted["q"], autoescape=True))
    count = session.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
    order = {
        "votes": (_VOTES.desc(), Demand.created_at.desc()),
        "oldest": (Demand.created_at.asc(),),
    }.get(wanted.get("order") or "", (Demand.created_at.desc(),))
    rows = session.execute(
        query.order_by(*order, Demand.id)
        .limit(min(wanted.get("limit") or LONGEST, LONGEST))
        .offset(min(wanted.get("offset") or 0, 2**31))
    ).scalars()
    return {"count": count, "results": shown(session, list(rows), viewer)}


def _mine(viewer: model.User | None) -> Any:
    if viewer is None:
        return sa.false()
    teams = sa.select(TeamMember.team_id).where(TeamMember.user_id == viewer.id)
    return sa.or_(Demand.asker_id == viewer.id, Demand.team_id.in_(teams))


def _waiting(viewer: model.User | None) -> Any:
    """What the viewer can move now: their departments' open ones; the platform's to moderate and review."""
    if viewer is None:
        return sa.false()
    own = organizations_of(viewer, DEPARTMENT_ROLES) | lent_organizations(viewer, DEPARTMENT_ROLES)
    parts = [sa.and_(Demand.organization_id.in_(own), Demand.status.in_(("open", "planned")))]
    platform = standing(viewer, None).roles
    if ADMINISTRATOR in platform:
        parts.append(Demand.status.in_(("submitted", "objected")))
    elif platform:
        parts.append(Demand.status.in_(("submitted", "open", "planned", "objected")))
    return sa.or_(*parts)


def shown(session: Any, demands: Sequence[Demand], viewer: model.User | None) -> list[dict[str, Any]]:
    """What a list shows of each, with a fixed number of queries."""
    ids = [demand.id for demand in demands]
    trails = steps.trails(session, DEMAND.name, ids)
    departments = named(session, model.Group, {d.organization_id for d in demands})
    entries = named(session, model.Package, {d.dataset_id for d in demands})
    teams = dict(
        session.execute(
            sa.select(Team.id, Team.title).where(Team.id.in_({d.team_id for d in demands} - {None}))
        )
        .tuples()
        .all()
    )
    votes = dict(
        session.execute(
            sa.select(DemandVote.demand_id, sa.func.count())
            .where(DemandVote.demand_id.in_(ids))
            .group_by(DemandVote.demand_id)
        )
        .tuples()
        .all()
    )
    voted: set[str] = set()
    if viewer is not None:
        voted = set(
            session.execute(
                sa.select(DemandVote.demand_id).where(
                    DemandVote.demand_id.in_(ids), DemandVote.user_id == viewer.id
                )
            ).scalars()
        )
    today = china_day(utc_now())
    return [
        {
            "id": d.id,
            "number": d.number,
            "title": d.title,
            "purpose": d.purpose,
            "state": d.status,
            "state_label": pair(STATE_LABELS[d.status]),
            "state_sentence": pair(STATE_SENTENCES[d.status]),
            "organization": departments.get(d.organization_id),
            "team": teams.get(d.team_id),
            "votes": votes.get(d.id, 0),
            "voted": d.id in voted,
            "created": iso(d.created_at),
            "modified": iso(d.modified_at),
            "promised_for": d.promised_for.isoformat() if d.promised_for else None,
            "promise_broken": bool(d.status == "planned" and d.promised_for and d.promised_for < today),
            "dataset": entries.get(d.dataset_id),
            "basis": _basis(d.basis),
            "answer": d.answer,
            "clocks": clocks(trails[d.id]),
        }
        for d in demands
    ]


def show(session: Any, demand: Demand, viewer: model.User | None) -> dict[str, Any]:
    """One request with its trail and with what ``viewer`` may do now."""
    held, own = service.towards(session, demand, viewer)
    trail = steps.trails(session, DEMAND.name, [demand.id])[demand.id]
    duplicate = session.get(Demand, demand.duplicate_of) if demand.duplicate_of else None
    return {
        **shown(session, [demand], viewer)[0],
        "duplicate_of": {"number": duplicate.number, "title": duplicate.title} if duplicate else None,
        "mine": bool(own),
        "actions": [
            {
                "action": t.action,
                "label": {"zh": t.zh, "en": t.en},
                "needs_reason": t.needs_reason,
                "fields": list(FIELDS.get(t.action, ())),
                "answers": t.action in ANSWERS,
            }
            for t in DEMAND.available(demand.status, held.roles | own)
        ],
        "events": _events(session, trail, named=bool(held.roles)),
    }


def _events(session: Any, trail: list[CaseEvent], *, named: bool) -> list[dict[str, Any]]:
    people = people_of(session, {w for e in trail for w in (e.actor, e.on_behalf_of) if w}) if named else {}
    found = []
    for event in trail:
        row = DEMAND.find(event.source, event.action) if event.source else None
        asked = row is None or ASKER in row.roles
        line = {
            "at": iso(event.at),
            "action": event.action,
            "label": {"zh": row.zh, "en": row.en} if row else {"zh": "提出需求", "en": "Asked"},
            "by": "asker" if asked else "platform" if row and row.roles == {ADMINISTRATOR} else "department",
            "reason": event.reason,
        }
        if named and not asked:
            line["actor"] = acting(people, event.actor, event.on_behalf_of)
        found.append(line)
    return found


def clocks(trail: Sequence[timeline.Happened]) -> list[dict[str, Any]]:
    """The clocks of a request as pages and the API tell them."""
    return told(DEMAND, trail)


def told(lifecycle: Any, trail: Sequence[timeline.Happened]) -> list[dict[str, Any]]:
    """Every clock that the trail has started: due day, days left, lamp, and where its period comes from."""
    rules = periods.rules()
    readings = timeline.read(timeline.clocks(lifecycle, trail, rules), utc_now(), CALENDAR)
    return [
        {
            "id": reading.id,
            "name": {"zh": reading.zh, "en": reading.en},
            "source": reading.source,
            "layer": reading.layer,
            "due": reading.due.isoformat() if reading.due else None,
            "provisional": reading.provisional,
            "left": reading.left,
            "lamp": reading.lamp.value,
            "running": reading.running,
            "late": reading.late,
        }
        for reading in readings.values()
    ]


def _basis(value: str | None) -> dict[str, str] | None:
    if value is None:
        return None
    code = codes.code("refusal_basis", value)
    return {"value": value, "zh": code.zh, "en": code.en}


def iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(timezone.utc).isoformat()
