"""A change as its officers see it, and the lists of changes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue.changes import service
from ckanext.govdata.catalogue.changes.lifecycle import CHANGE, ENDED, JUDGING, LABELS, SENTENCES, WORKING
from ckanext.govdata.model import CatalogueChange, CatalogueEvent, EntryVersion
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, DEPARTMENT_ROLES, REVIEWER
from ckanext.govdata.release.present import acting
from ckanext.govdata.release.roles import Standing, lent_organizations, organizations_of, roles_of, standing
from licensing.core.lifecycle import Transition

Document = dict[str, Any]
PAGE = 100
LONGEST_LIST = 500


def show(session: Any, change: CatalogueChange, viewer: model.User, offset: int = 0) -> Document:
    """Everything about a change; entries, errors and similar items from ``offset`` on, a page of each."""
    shown = brief(change, names(session, [change]))
    part = slice(offset, offset + PAGE)
    return {
        **shown,
        "failure": _failure(change),
        "progress": _progress(change),
        "entries": [_public(one) for one in (change.proposal or [])[part]],
        "objections": (change.objections or [])[part],
        "similar": (change.similar or [])[part],
        "counts": {
            "entries": len(change.proposal or []),
            "objections": len(change.objections or []),
            "similar": len(change.similar or []),
        },
        "offset": offset,
        "page": PAGE,
        "actions": _actions(session, change, viewer),
        "events": _events(session, change),
    }


def brief(change: CatalogueChange, known: dict[str, str]) -> Document:
    """One line of a list; ``known``: names of persons and departments by id."""
    label, sentence = LABELS[change.status], SENTENCES[change.status]
    return {
        "id": change.id,
        "organization_id": change.organization_id,
        "organization_title": known.get(change.organization_id, ""),
        "kind": change.kind,
        "title": change.title,
        "state": change.status,
        "state_label": {"zh": label.zh, "en": label.en},
        "state_sentence": {"zh": sentence.zh, "en": sentence.en},
        "working": change.status in WORKING,
        "ended": change.status in ENDED,
        "cause": change.cause,
        "cause_date": change.cause_date.isoformat() if change.cause_date else None,
        "created": change.created_at.isoformat(),
        "modified": change.modified_at.isoformat(),
        "filename": change.filename,
        "summary": dict(change.summary or {}),
        **{
            f"{step}_by": known.get(who) if who else None
            for step, who in (
                ("compiled", change.created_by),
                ("reviewed", change.reviewed_by),
                ("decided", change.decided_by),
            )
        },
    }


def visible(session: Any, viewer: model.User, wanted: Document) -> list[Document]:
    """Changes of the viewer's departments (all of them for officers of the platform), newest first.

    ``wanted``: ``organization`` (id), ``state``, ``queue`` (what waits for this viewer to review or to
    decide).
    """
    query = sa.select(CatalogueChange)
    platform = roles_of(viewer, None)
    if not platform:
        mine = organizations_of(viewer, DEPARTMENT_ROLES) | lent_organizations(viewer, DEPARTMENT_ROLES)
        query = query.where(CatalogueChange.organization_id.in_(mine))
    if wanted.get("organization"):
        query = query.where(CatalogueChange.organization_id == wanted["organization"])
    if wanted.get("state"):
        query = query.where(CatalogueChange.status == wanted["state"])
    if wanted.get("queue"):
        query = query.where(CatalogueChange.status.in_(("submitted", "deciding")))
    rows = list(
        session.execute(query.order_by(CatalogueChange.created_at.desc()).limit(LONGEST_LIST)).scalars()
    )
    if wanted.get("queue"):
        rows = [change for change in reversed(rows) if _waits_for(session, change, viewer)]
    known = names(session, rows)
    return [brief(change, known) for change in rows]


def history(session: Any, dataset_id: str) -> list[Document]:
    """The versions of an entry, newest first: what each changed, who compiled, reviewed and decided it."""
    rows = list(
        session.execute(
            sa.select(EntryVersion)
            .where(EntryVersion.dataset_id == dataset_id)
            .order_by(EntryVersion.seq.desc())
        ).scalars()
    )
    people = _people(
        session, {who for v in rows for who in (v.compiled_by, v.reviewed_by, v.decided_by) if who}
    )
    return [
        {
            "at": version.at.isoformat(),
            "change_id": version.change_id,
            "compiled_by": people.get(version.compiled_by),
            "reviewed_by": people.get(version.reviewed_by or ""),
            "decided_by": people.get(version.decided_by or ""),
            "difference": version.difference,
        }
        for version in rows
    ]


def names(session: Any, changes: list[CatalogueChange]) -> dict[str, str]:
    """Names of the persons and departments of ``changes``, by id."""
    people = {who for c in changes for who in (c.created_by, c.reviewed_by, c.decided_by) if who}
    rows = session.execute(
        sa.select(model.Group.id, model.Group.title).where(
            model.Group.id.in_({change.organization_id for change in changes})
        )
    )
    return {**_people(session, people), **{row.id: row.title for row in rows}}


def _people(session: Any, ids: set[str]) -> dict[str, str]:
    rows = session.execute(
        sa.select(model.User.id, model.User.fullname, model.User.name).where(model.User.id.in_(ids))
    )
    return {row.id: row.fullname or row.name for row in rows}


def _waits_for(session: Any, change: CatalogueChange, viewer: model.User) -> bool:
    wanted = REVIEWER if change.status == "submitted" else ADMINISTRATOR
    names = standing(viewer, change.organization_id).principals(frozenset({wanted}))
    compiled = service.compilers(session, change)
    return viewer.id not in compiled and any(who not in compiled for who in names)


def _actions(session: Any, change: CatalogueChange, viewer: model.User) -> list[Document]:
    held = standing(viewer, change.organization_id)
    compilers = service.compilers(session, change)
    restricted = bool((change.summary or {}).get("needs_decision"))
    unwanted = {"approve"} if restricted else {"forward"}
    return [
        {
            "action": "approve" if t.action == "forward" else t.action,
            "label": {"zh": t.zh, "en": t.en},
            "needs_reason": t.needs_reason,
        }
        for t in CHANGE.available(change.status, held.roles)
        if t.action not in unwanted and not (t.action in JUDGING and _compiled(t, viewer, held, compilers))
    ]


def _compiled(step: Transition, viewer: model.User, held: Standing, compilers: frozenset[str]) -> bool:
    """Whether the viewer, or everybody in whose name they could judge, has compiled it."""
    return viewer.id in compilers or all(who in compilers for who in held.principals(step.roles))


def _events(session: Any, change: CatalogueChange) -> list[Document]:
    rows = list(
        session.execute(
            sa.select(CatalogueEvent)
            .where(CatalogueEvent.subject_id == change.id)
            .order_by(CatalogueEvent.seq)
        ).scalars()
    )
    people = _people(session, {who for row in rows for who in (row.actor, row.on_behalf_of) if who})
    labels = {t.action: (t.zh, t.en) for t in CHANGE.transitions}
    labels |= {"create": ("编制", "Compiled"), "answer": ("答复一数一源", "Answered on similar items")}
    return [
        {
            "at": row.at.isoformat(),
            "actor": acting(people, row.actor, row.on_behalf_of) if row.actor in people else "",
            "action": row.action,
            "label": {"zh": labels[row.action][0], "en": labels[row.action][1]},
            "reason": row.reason,
        }
        for row in rows
    ]


def _public(one: Document) -> Document:
    return {name: value for name, value in one.items() if name != "valid"}


def _failure(change: CatalogueChange) -> Document | None:
    failure = change.failure or {}
    return dict(failure) if failure.get("zh") else None


def _progress(change: CatalogueChange) -> Document | None:
    if change.status not in WORKING:
        return None
    return {"stage": change.stage, "done": change.done, "total": change.total}
