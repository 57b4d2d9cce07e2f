"""Rectifications as they are shown: the office's list, a department's notices, the public criticisms."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import steps
from ckanext.govdata.cases.names import named
from ckanext.govdata.catalogue.codes import code
from ckanext.govdata.model import CaseEvent, Rectification
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.lifecycle import DEPARTMENT_ROLES, PLATFORM_ROLES
from ckanext.govdata.release.present import acting, pair, people_of
from ckanext.govdata.release.roles import lent_organizations, organizations_of, roles_of, standing
from ckanext.govdata.supervision.rectification.lifecycle import (
    PUBLIC,
    RECTIFICATION,
    STATE_LABELS,
    VISIBLE_TO_DEPARTMENT,
    WITH_DEADLINE,
    WITH_DECISION,
)
from licensing.core.clock import china_day
from licensing.core.workdays import StatutoryCalendar, working_days_between

LENGTH: Final = 50
MACHINE_NAME: Final = {"zh": "系统", "en": "The system"}
_CALENDAR: Final = StatutoryCalendar()


def listed(
    session: Any,
    viewer: model.User | None,
    *,
    state: str | None = None,
    organization: str | None = None,
    violation: str | None = None,
    page: int = 1,
) -> dict[str, Any]:
    """``{count, page, pages, states, results}`` of what ``viewer`` may see, the newest first.

    ``states`` counts all of it, whatever is asked for.
    """
    mine = _visible(viewer)
    states = Counter(dict(session.execute(_grouped(mine)).all()))
    query = sa.select(Rectification).where(mine)
    for column, value in (
        (Rectification.status, state), (Rectification.organization_id, organization),
        (Rectification.violation, violation),
    ):  # fmt: skip
        if value:
            query = query.where(column == value)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    rows = list(
        session.scalars(query.order_by(Rectification.number.desc()).offset((page - 1) * LENGTH).limit(LENGTH))
    )
    titles = named(session, model.Group, [row.organization_id for row in rows])
    return {
        "count": count, "page": page, "pages": -(-count // LENGTH), "states": dict(states),
        "results": [_line(row, titles) for row in rows],
    }  # fmt: skip


def show(session: Any, case: Rectification, viewer: model.User | None) -> dict[str, Any]:
    """One case with its history and what ``viewer`` may do. The public reads no names of officers."""
    held = standing(viewer, case.organization_id).roles if viewer is not None else frozenset()
    trail = steps.trails(session, "rectification", [case.id])[case.id]
    return {
        **_line(case, named(session, model.Group, [case.organization_id])),
        "events": _events(session, trail, named=bool(held)),
        "actions": [
            {
                "action": row.action, "label": {"zh": row.zh, "en": row.en}, "needs_reason": row.needs_reason,
                "deadline": row.action in WITH_DEADLINE, "decision": row.action in WITH_DECISION,
            }
            for row in RECTIFICATION.transitions
            if row.source == case.status and row.roles & held
        ],
    }  # fmt: skip


def criticisms(session: Any) -> list[dict[str, Any]]:
    """The public list of criticism, the newest decision first (TZ-21, JS-33, SX-23)."""
    rows = list(
        session.scalars(
            sa.select(Rectification)
            .where(Rectification.status.in_(PUBLIC))
            .order_by(Rectification.modified_at.desc())
        )
    )
    titles = named(session, model.Group, [row.organization_id for row in rows])
    return [_line(row, titles) for row in rows]


def _visible(viewer: model.User | None) -> Any:
    if viewer is None:
        return Rectification.status.in_(PUBLIC)
    if roles_of(viewer, None) & PLATFORM_ROLES:
        return sa.true()
    mine = organizations_of(viewer, DEPARTMENT_ROLES) | lent_organizations(viewer, DEPARTMENT_ROLES)
    own = sa.and_(Rectification.organization_id.in_(mine), Rectification.status.in_(VISIBLE_TO_DEPARTMENT))
    return sa.or_(own, Rectification.status.in_(PUBLIC))


def _grouped(mine: Any) -> Any:
    return sa.select(Rectification.status, sa.func.count()).where(mine).group_by(Rectification.status)


def _line(row: Rectification, titles: dict[str, Any]) -> dict[str, Any]:
    today = china_day(utc_now())
    runs = row.deadline is not None and row.status == "notified"
    violation = code("violation", row.violation)
    return {
        "id": row.id, "number": row.number, "state": row.status, "state_label": pair(STATE_LABELS[row.status]),  # noqa: E501
        "organization": titles.get(row.organization_id),
        "violation": {"value": violation.value, "zh": violation.zh, "en": violation.en},
        "facts": row.facts, "by_rule": row.found is not None, "decision": row.decision,
        "deadline": row.deadline.isoformat() if row.deadline is not None else None,
        "days_left": working_days_between(today, row.deadline, _CALENDAR) if runs else None,
        "issued": row.issued_at.isoformat() if row.issued_at is not None else None,
        "created": row.created_at.isoformat(), "modified": row.modified_at.isoformat(),
    }  # fmt: skip


def _events(session: Any, trail: list[CaseEvent], *, named: bool) -> list[dict[str, Any]]:
    people = people_of(session, {w for e in trail for w in (e.actor, e.on_behalf_of) if w}) if named else {}
    found = []
    for event in trail:
        row = RECTIFICATION.find(event.source, event.action) if event.source else None
        line: dict[str, Any] = {
            "at": event.at.isoformat(), "action": event.action, "reason": event.reason,
            "label": {"zh": row.zh, "en": row.en} if row else {"zh": "立案", "en": "Opened"},
            "detail": event.detail or {},
        }  # fmt: skip
        if event.actor == steps.MACHINE:
            line["actor"] = MACHINE_NAME
        elif named:
            name = acting(people, event.actor, event.on_behalf_of)
            line["actor"] = {"zh": name, "en": name}
        found.append(line)
    return found
