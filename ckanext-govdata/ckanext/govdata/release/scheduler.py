"""The scheduler's round: dead workers, work nobody was told of, effects still owed, forgotten uploads."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import plugins as p
from ckan.plugins import toolkit as tk

from ckanext.govdata.accounts import recovery
from ckanext.govdata.cache import invalidation
from ckanext.govdata.catalogue.changes import jobs as changes
from ckanext.govdata.catalogue.registers import hand_over
from ckanext.govdata.complaints import rounds as complaints
from ckanext.govdata.door import rounds as door
from ckanext.govdata.interchange import nightly
from ckanext.govdata.licensing_ports import rounds
from ckanext.govdata.model import ReleaseWork
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.notices import rounds as notices
from ckanext.govdata.release import effects, failures, jobs, measure, work
from ckanext.govdata.release.pace import Every
from ckanext.govdata.release.work import Claim
from ckanext.govdata.storage import buckets, uploads
from ckanext.govdata.subscriptions import delivery
from ckanext.govdata.supervision.availability import rounds as availability
from ckanext.govdata.supervision.board import rounds as board
from ckanext.govdata.supervision.evaluation import rounds as evaluation
from ckanext.govdata.supervision.rectification import rounds as rectification

log = logging.getLogger(__name__)

UNTOLD_AFTER = timedelta(seconds=15)
"""Queued work without a living job is handed over again after this time."""
PUBLISH_TRIES = 3
FORGOTTEN_AFTER = timedelta(hours=24)
"""An upload to which nothing was added for this long is destroyed."""


def run_once(session: Any) -> dict[str, int]:
    """One round; returns how many of each were handled. Safe beside other schedulers and workers."""
    return {
        "abandoned": abandoned(session),
        "untold": untold(session),
        "effects": effects.carry_out(session),
        "complaints": complaints.carry_out(session),
        "recoveries": recovery.catch_up(session),
        "uploads": forgotten(),
        "dump": nightly.hand_over(session),
        "catalogue": changes.resume(session),
        "unmeasured": measure.catch_up(session),
        "unsettled": invalidation.sweep(),
        "told": delivery.round_of(session),
        "harvests": harvests(),
        "licensing": rounds.run(),
        "door": door.run(),
        "notices": notices.run(),
        "successions": hand_over.run(session),
        "clocks": board.run(session),
        "probes": availability.run(session),
        "rectifications": rectification.run(session),
        "evaluations": evaluation.run(session),
    }


def abandoned(session: Any) -> int:
    """Work whose worker fell silent: a scan or run ends as failed, a publication goes on elsewhere."""
    rows = session.execute(
        sa.select(ReleaseWork)
        .where(ReleaseWork.lease_until < sa.func.now())
        .execution_options(populate_existing=True)
    ).scalars()
    found = [(r.release_id, r.token, r.kind, r.lost) for r in rows]
    session.rollback()
    for release_id, token, kind, lost in found:
        log.warning("release %s: the worker of its %s is lost", release_id, kind)
        if kind == "publish" and lost + 1 < PUBLISH_TRIES:
            _resume(session, release_id, token)
        else:
            jobs.fail(
                session, Claim(release_id, token, kind), failures.failure("worker_lost", failures.WORKER_LOST)
            )
    return len(found)


def _resume(session: Any, release_id: str, token: str) -> None:
    held = session.execute(
        sa.select(ReleaseWork)
        .where(
            ReleaseWork.release_id == release_id,
            ReleaseWork.token == token,
            ReleaseWork.lease_until < sa.func.now(),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar()
    if held is None:
        session.rollback()
        return
    work.requeue(held)
    session.commit()
    work.dispatch(session, release_id)


def untold(session: Any) -> int:
    """Queued work that no job stands for: the process died after its commit, or the queue lost it."""
    rows = session.execute(
        sa.select(ReleaseWork.release_id, ReleaseWork.job_id).where(
            ReleaseWork.lease_until.is_(None), ReleaseWork.queued_at < utc_now() - UNTOLD_AFTER
        )
    ).all()
    session.rollback()
    lost = [release_id for release_id, job_id in rows if not _alive(job_id)]
    for release_id in lost:
        work.dispatch(session, release_id)
    return len(lost)


_HARVESTS = Every(30.0)


def harvests() -> int:
    """Hand new harvest jobs to their queue and close finished ones, where this platform harvests."""
    if not p.plugin_loaded("harvest") or not _HARVESTS.due():
        return 0
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return len(tk.get_action("harvest_jobs_run")({"ignore_auth": True, "user": user}, {}) or [])


_SWEEPS = Every(600.0)


def forgotten() -> int:
    """Uploads that nobody went on with; looked for about once in ten minutes."""
    if not _SWEEPS.due():
        return 0
    return uploads.reap(buckets.staging(), utc_now() - FORGOTTEN_AFTER)


def _alive(job_id: str | None) -> bool:
    if job_id is None:
        return False
    try:
        job = tk.job_from_id(job_id)
    except KeyError:
        return False
    return job.get_status() in {"queued", "started", "deferred", "scheduled"}
