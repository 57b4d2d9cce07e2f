"""Complaints as they are shown: to the holder of the receipt code, and to officers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import steps
from ckanext.govdata.cases.names import named
from ckanext.govdata.catalogue import codes
from ckanext.govdata.complaints import service
from ckanext.govdata.complaints.lifecycle import (
    COMPLAINANT,
    COMPLAINT,
    HANDLING,
    STATE_LABELS,
    STATE_SENTENCES,
)
from ckanext.govdata.model import Complaint, Release
from ckanext.govdata.release.lifecycle import HUMAN_ROLES
from ckanext.govdata.release.present import acting, pair, people_of
from ckanext.govdata.release.roles import lent_organizations, organizations_of, standing
from ckanext.govdata.requests.queue import iso, told

LONGEST = 200
SHOWN_TO_COMPLAINANT = frozenset(
    {"create", "hide", "keep", "uphold", "reject", "correct", "appeal", "grant", "dismiss", "close"}
)


def status(session: Any, complaint: Complaint) -> dict[str, Any]:
    """What the holder of the receipt code learns: where it stands, and why; no officer's name."""
    dataset = model.Package.get(complaint.dataset_id)
    trail = steps.trails(session, COMPLAINT.name, [complaint.id])[complaint.id]
    return {
        "number": complaint.number,
        "state": complaint.status,
        "state_label": pair(STATE_LABELS[complaint.status]),
        "state_sentence": pair(STATE_SENTENCES[complaint.status]),
        "dataset": {"name": dataset.name, "title": dataset.title} if dataset is not None else None,
        "decision": complaint.decision,
        "created": iso(complaint.created_at),
        "clocks": told(COMPLAINT, trail),
        "may_appeal": bool(COMPLAINT.available(complaint.status, frozenset({COMPLAINANT}))),
        "events": [
            {"at": iso(e.at), "action": e.action, "label": _label(e.source, e.action), "reason": e.reason}
            for e in trail
            if e.action in SHOWN_TO_COMPLAINANT
        ],
    }


def _label(source: str, action: str) -> dict[str, str]:
    row = COMPLAINT.find(source, action) if source else None
    if row is not None:
        return {"zh": row.zh, "en": row.en}
    if action == "read_contact":
        return {"zh": "查看联系方式", "en": "Opened the contact"}
    return {"zh": "提交投诉", "en": "Complained"}


def listed(session: Any, viewer: model.User, open_only: bool = True) -> list[dict[str, Any]]:
    """Cases of the viewer's departments, or all of them for officers of the platform; the oldest first."""
    query = sa.select(Complaint)
    if not standing(viewer, None).roles:
        mine = organizations_of(viewer, HANDLING) | lent_organizations(viewer, HANDLING)
        query = query.where(Complaint.organization_id.in_(mine))
    if open_only:
        query = query.where(Complaint.status != "closed")
    rows = list(session.execute(query.order_by(Complaint.created_at, Complaint.id).limit(LONGEST)).scalars())
    return summaries(session, rows)


def summaries(session: Any, rows: Sequence[Complaint]) -> list[dict[str, Any]]:
    """What a list shows of each case: nothing that the complainant wrote."""
    trails = steps.trails(session, COMPLAINT.name, [row.id for row in rows])
    people = people_of(session, {row.handler_id for row in rows if row.handler_id})
    datasets = named(session, model.Package, {row.dataset_id for row in rows})
    departments = named(session, model.Group, {row.organization_id for row in rows})
    return [
        {
            "id": row.id,
            "number": row.number,
            "state": row.status,
            "state_label": pair(STATE_LABELS[row.status]),
            "state_sentence": pair(STATE_SENTENCES[row.status]),
            "dataset": datasets.get(row.dataset_id),
            "organization": departments.get(row.organization_id),
            "concern": _concern(row.concern),
            "column": row.column_name,
            "handler": people.get(row.handler_id) if row.handler_id else None,
            "created": iso(row.created_at),
            "clocks": told(COMPLAINT, trails[row.id]),
        }
        for row in rows
    ]


def show(session: Any, complaint: Complaint, viewer: model.User) -> dict[str, Any]:
    """One case as an officer sees it; the contact is opened by a step of its own."""
    held = standing(viewer, complaint.organization_id)
    trail = steps.trails(session, COMPLAINT.name, [complaint.id])[complaint.id]
    people = people_of(session, {w for e in trail for w in (e.actor, e.on_behalf_of) if w})
    people |= {COMPLAINANT: "投诉人"}
    release = session.get(Release, complaint.release_id) if complaint.release_id else None
    return {
        **summaries(session, [complaint])[0],
        "release": {"id": release.id, "number": release.number, "state": release.status} if release else None,
        "decision": complaint.decision,
        "written": service.opened(complaint, viewer),
        "has_contact": complaint.contact is not None,
        "handles": complaint.handler_id == viewer.id,
        "erased": iso(complaint.erased_at),
        "actions": [
            {"action": t.action, "label": {"zh": t.zh, "en": t.en}, "needs_reason": t.needs_reason}
            for t in COMPLAINT.available(complaint.status, held.roles & HUMAN_ROLES)
            if not (t.action == "take_up" and complaint.handler_id == viewer.id)
        ],
        "events": [
            {
                "at": iso(e.at),
                "action": e.action,
                "label": _label(e.source, e.action),
                "actor": acting(people, e.actor, e.on_behalf_of),
                "reason": e.reason,
            }
            for e in trail
        ],
    }


def _concern(value: str) -> dict[str, str]:
    code = codes.code("privacy_concern", value)
    return {"value": value, "zh": code.zh, "en": code.en}
