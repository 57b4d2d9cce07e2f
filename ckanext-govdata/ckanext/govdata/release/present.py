"""A release as ``govdata_release_show`` and ``_list`` answer it (``docs/architecture.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from anonymize.findings import Sentence
from ckanext.govdata.model import Release, ReleaseArtifact, ReleaseEvent, ReleaseWork
from ckanext.govdata.release import assess, catalogue_entry, steps
from ckanext.govdata.release.lifecycle import (
    HUMAN_ROLES,
    JUDGING,
    RELEASE,
    STATE_LABELS,
    STATE_SENTENCES,
    WORKING,
)
from ckanext.govdata.release.roles import standing

MACHINE_NAME = Sentence("系统", "System")
DONE_WITH = frozenset({"cancelled", "withdrawn", "published", "hidden", "provided", "retired"})
"""States in which nothing is submitted any more: the list of blockers is empty there."""


def pair(sentence: Sentence) -> dict[str, str]:
    """Both languages, as every text of the API carries them."""
    return {"zh": sentence.zh, "en": sentence.en}


def summary(session: Any, release: Release) -> dict[str, Any]:
    """What a list shows of a release: no findings, plan or report."""
    return summaries(session, [release])[0]


def summaries(session: Any, releases: list[Release]) -> list[dict[str, Any]]:
    """:func:`summary` of many, with a fixed number of queries."""
    datasets = _by_id(session, model.Package, {r.dataset_id for r in releases})
    departments = _by_id(session, model.Group, {r.organization_id for r in releases})
    people = people_of(session, {r.created_by for r in releases})
    work = {
        w.release_id: w
        for w in session.execute(
            sa.select(ReleaseWork)
            .where(ReleaseWork.release_id.in_([r.id for r in releases]))
            .execution_options(populate_existing=True)
        ).scalars()
    }
    since = dict(
        session.execute(
            sa.select(ReleaseEvent.release_id, sa.func.max(ReleaseEvent.at))
            .where(ReleaseEvent.release_id.in_([r.id for r in releases]))
            .group_by(ReleaseEvent.release_id)
        )
        .tuples()
        .all()
    )
    return [
        {
            "id": r.id,
            "dataset_id": r.dataset_id,
            "dataset_name": datasets[r.dataset_id].name if r.dataset_id in datasets else None,
            "dataset_title": datasets[r.dataset_id].title if r.dataset_id in datasets else None,
            "organization_id": r.organization_id,
            "organization_title": (
                departments[r.organization_id].title if r.organization_id in departments else None
            ),
            "number": r.number,
            "state": r.status,
            "state_label": pair(STATE_LABELS[r.status]),
            "state_sentence": pair(STATE_SENTENCES[r.status]),
            "current": bool(r.current),
            "created": _iso(r.created_at),
            "created_by": people.get(r.created_by, r.created_by),
            "modified": _iso(r.modified_at),
            "waiting_since": _iso(since.get(r.id, r.created_at)),
            "published": _iso(r.published_at),
            "source": _source(r),
            "progress": _progress(r, work.get(r.id)),
            "failure": r.failure,
        }
        for r in releases
    ]


def show(session: Any, release: Release, viewer: model.User | None) -> dict[str, Any]:
    """The whole release as ``viewer`` may see it."""
    dataset = model.Package.get(release.dataset_id)
    events = list(
        session.execute(
            sa.select(ReleaseEvent).where(ReleaseEvent.release_id == release.id).order_by(ReleaseEvent.seq)
        ).scalars()
    )
    judged = [d for d in (release.sign_off, release.review) if d]
    people = people_of(
        session,
        {who for e in events for who in (e.actor, e.on_behalf_of) if who}
        | {d["by"] for d in judged}
        | {release.created_by},
    )
    blockers = [] if release.status in DONE_WITH else assess.blockers(release, dataset)
    return {
        **summary(session, release),
        "origin": release.origin,
        "consent": release.consent,
        "findings": _findings(release),
        "plan": release.plan,
        "report": release.report,
        "result_sha256": release.result_sha256,
        "sign_off": _judgement(release.sign_off, people),
        "review": _judgement(release.review, people),
        "blockers": blockers,
        "artifacts": _artifacts(session, release, dataset),
        "actions": actions(session, release, viewer, blocked=bool(blockers)),
        "events": [
            {
                "at": _iso(e.at),
                "actor": acting(people, e.actor, e.on_behalf_of),
                "action": e.action,
                "source": e.source,
                "target": e.target,
                "reason": e.reason,
            }
            for e in events
        ],
    }


def actions(
    session: Any, release: Release, viewer: model.User | None, *, blocked: bool
) -> list[dict[str, Any]]:
    """What ``viewer`` may do now: by role and state, less what the four-eyes rule or a blocker refuses."""
    if viewer is None:
        return []
    held = standing(viewer, release.organization_id)
    mine = held.roles & HUMAN_ROLES
    possible = RELEASE.available(release.status, mine)
    compiled = steps.compilers(session, release)
    return [
        {"action": t.action, "label": {"zh": t.zh, "en": t.en}, "needs_reason": t.needs_reason}
        for t in possible
        if not (t.action in JUDGING and not _may_judge(viewer, held.principals(t.roles), compiled))
        and not (t.action in {"submit", "approve", "publish"} and blocked)
        and _ready(release, t.action)
    ]


def _may_judge(viewer: model.User, principals: tuple[str | None, ...], compiled: frozenset[str]) -> bool:
    return viewer.id not in compiled and any(who not in compiled for who in principals)


def _ready(release: Release, action: str) -> bool:
    needs: Mapping[str, bool] = {
        "scan": bool(release.raw_key),
        "plan": release.findings is not None,
        "run": bool(release.raw_key) and release.plan is not None,
        "sign_off": bool(release.result_sha256),
        "publish": bool(release.result_key),
        "receive": False,  # the upload takes this step, no button does
        "hide": False,  # these two are taken by the case of a complaint
        "show": False,
    }
    return needs.get(action, True)


def acting(people: Mapping[str, str], actor: str, on_behalf_of: str | None) -> str:
    """Who did something, and in whose name: ``石磊（代 苗青）``."""
    name = people.get(actor, actor)
    return name if not on_behalf_of else f"{name}（代 {people.get(on_behalf_of, on_behalf_of)}）"


def people_of(session: Any, ids: set[str]) -> dict[str, str]:
    """Names to show for user ids; the machine is 系统."""
    found = {
        user.id: user.fullname or user.name
        for user in session.execute(sa.select(model.User).where(model.User.id.in_(ids))).scalars()
    }
    return found | {steps.MACHINE: MACHINE_NAME.zh}


def _by_id(session: Any, entity: Any, ids: set[str]) -> dict[str, Any]:
    return {row.id: row for row in session.execute(sa.select(entity).where(entity.id.in_(ids))).scalars()}


def _source(release: Release) -> dict[str, Any]:
    scanned = (release.findings or {}).get("source") or {}
    return {
        "filename": release.filename,
        "size": release.size,
        "sha256": release.raw_sha256,
        "format": scanned.get("format"),
        "encoding": scanned.get("encoding"),
        "delimiter": scanned.get("delimiter"),
        "rows": scanned.get("rows"),
        "columns": scanned.get("columns"),
        "header_rows": scanned.get("header_rows"),
    }


def _findings(release: Release) -> dict[str, Any] | None:
    if release.findings is None:
        return None
    return {k: v for k, v in release.findings.items() if k not in {"source", "suggested"}}


def _progress(release: Release, held: ReleaseWork | None) -> dict[str, Any] | None:
    if held is None or release.status not in WORKING:
        return None
    rate, left = held.rows_per_second, max(held.total - held.done, 0)
    return {
        "stage": held.stage,
        "done": held.done,
        "total": held.total,
        "rows_per_second": round(rate, 1) if rate else None,
        "eta_seconds": round(left / rate, 1) if rate else None,
        "queued": held.lease_until is None,
        "updated": _iso(held.updated_at),
    }


def _judgement(document: dict[str, Any] | None, people: dict[str, str]) -> dict[str, Any] | None:
    return None if document is None else {**document, "by": people.get(document["by"], document["by"])}


def _artifacts(session: Any, release: Release, dataset: model.Package | None) -> list[dict[str, Any]]:
    if dataset is None or release.status not in {"published", "withdrawn", "hidden"}:
        return []
    rows = session.execute(
        sa.select(ReleaseArtifact)
        .where(ReleaseArtifact.release_id == release.id)
        .order_by(ReleaseArtifact.format)
    ).scalars()
    return [
        {
            "format": a.format,
            "filename": a.filename,
            "size": a.size,
            "sha256": a.sha256,
            "rows": a.rows,
            "resource_id": a.resource_id,
            "url": catalogue_entry.release_url(dataset.name, release.number, a.filename),
            "latest_url": catalogue_entry.latest_url(dataset.name, a.filename),
        }
        for a in rows
    ]


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(timezone.utc).isoformat()
