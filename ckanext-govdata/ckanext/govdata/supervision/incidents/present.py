"""Incidents, plan and drills as they are shown."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import steps
from ckanext.govdata.cases.names import named
from ckanext.govdata.model import Drill, Incident, IncidentPlan
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.present import acting, pair, people_of
from ckanext.govdata.release.roles import standing
from ckanext.govdata.supervision import sight
from ckanext.govdata.supervision.incidents.lifecycle import INCIDENT, LEVELS, STATE_LABELS

LENGTH: Final = 50


def overview(session: Any, viewer: model.User, page: int = 1) -> dict[str, Any]:
    """``{count, pages, results, plan, plans, drills}`` of what ``viewer`` may see, the newest first."""
    places = sight.departments_of(viewer)
    mine = sa.true() if places is None else Incident.organization_id.in_(places)
    count = session.scalar(sa.select(sa.func.count()).select_from(Incident).where(mine))
    rows = list(
        session.scalars(
            sa.select(Incident).where(mine).order_by(Incident.number.desc())
            .offset((page - 1) * LENGTH).limit(LENGTH)
        )
    )  # fmt: skip
    held = sa.true() if places is None else Drill.organization_id.in_({*places, ""})
    drills = list(session.scalars(sa.select(Drill).where(held).order_by(Drill.held_on.desc()).limit(LENGTH)))
    plans = list(session.scalars(sa.select(IncidentPlan).order_by(IncidentPlan.version.desc())))
    titles = named(session, model.Group, [each.organization_id for each in [*rows, *drills]])
    people = people_of(session, {plan.responsible for plan in plans})
    return {
        "count": count, "page": page, "pages": -(-count // LENGTH),
        "results": [_line(row, titles) for row in rows],
        "plan": _plan(plans[0], people) if plans else None, "plans": [_plan(each, people) for each in plans],
        "drills": [
            {
                "organization": _of(titles, each.organization_id), "held_on": each.held_on.isoformat(),
                "scenario": each.scenario, "record": each.record, "plan_version": each.plan_version,
            }
            for each in drills
        ],
    }  # fmt: skip


def show(session: Any, case: Incident, viewer: model.User) -> dict[str, Any]:
    """One incident, its history and what ``viewer`` may do."""
    held = standing(viewer, case.organization_id or None).roles
    trail = steps.trails(session, "incident", [case.id])[case.id]
    people = people_of(session, {who for e in trail for who in (e.actor, e.on_behalf_of) if who})
    events = []
    for event in trail:
        row = INCIDENT.find(event.source, event.action) if event.source else None
        events.append(
            {
                "at": event.at.isoformat(), "action": event.action, "reason": event.reason,
                "label": {"zh": row.zh, "en": row.en} if row else {"zh": "登记", "en": "Entered"},
                "actor": acting(people, event.actor, event.on_behalf_of),
            }
        )  # fmt: skip
    return {
        **_line(case, named(session, model.Group, [case.organization_id])),
        "events": events,
        "actions": [
            {"action": row.action, "label": {"zh": row.zh, "en": row.en}}
            for row in INCIDENT.transitions
            if row.source == case.status and row.roles & held
            and not (row.action == "report" and case.reported_at is not None)
        ],
    }  # fmt: skip


def _line(row: Incident, titles: dict[str, Any]) -> dict[str, Any]:
    level = LEVELS[row.level]
    until = row.reported_at or utc_now()
    return {
        "id": row.id, "number": row.number, "state": row.status,
        "state_label": pair(STATE_LABELS[row.status]),
        "organization": _of(titles, row.organization_id), "level": row.level,
        "level_label": {"zh": level.zh, "en": level.en}, "title": row.title, "facts": row.facts,
        "found": row.found_at.isoformat(), "report_until": row.report_until.isoformat(),
        "reported": row.reported_at.isoformat() if row.reported_at else None,
        "late": until > row.report_until,
    }  # fmt: skip


def _plan(row: IncidentPlan, people: Any) -> dict[str, Any]:
    return {
        "version": row.version, "text": row.text, "made": row.made_at.isoformat(),
        "responsible": acting(people, row.responsible, None),
    }  # fmt: skip


def _of(titles: dict[str, Any], organization_id: str) -> Any:
    """The department; None for the platform itself."""
    return titles.get(organization_id)
