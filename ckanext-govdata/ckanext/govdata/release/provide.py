"""Conditional data: the way out that ends at the door, and in no public place.

::

    door       the table in the door's database, under a name of its own: no role but its owner's reads it
    provided   ONE commit: release provided, its forerunner no longer current
    effects    search index, the forerunner's table, the raw file (outbox, until done)

No file is written to the public bucket, no artifact is recorded, no resource is made and nothing is loaded
into the DataStore: whatever serves the public finds nothing to serve. The sealed result stays in the private
bucket for as long as the release is provided. Killed at any moment, it is repeated like a publication.

Article: SX-12, SX-14 (conditional sharing and opening), SX-18 (an agreement before any access).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata import config
from ckanext.govdata.door import tables
from ckanext.govdata.model import Release
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release import catalogue_entry, publish, stage, steps, work
from ckanext.govdata.release.effects import owe
from ckanext.govdata.release.work import Claim, Heartbeat

STEP = "door"


def perform(session: Any, release_id: str, beat: Heartbeat) -> None:
    """The worker's part: the table, then the one commit."""
    if publish.finished(session, release_id, STEP) is None:
        publish.note(session, beat.held, STEP, _load(session, release_id, beat))
    beat.progress("provided", 0, 1)
    _make_provided(session, beat.held)


def _load(session: Any, release_id: str, beat: Heartbeat) -> dict[str, Any]:
    release = steps.get(session, release_id)
    dataset = model.Package.get(release.dataset_id)
    publish.ensure_fit(release, dataset, stage.GRANT_CHANNEL)
    key, total = release.result_key, release.findings["source"]["rows"]
    fields = catalogue_entry.fields(release, dataset)
    session.rollback()
    beat.check()
    rows = tables.load(
        release_id,
        fields,
        lambda: publish.batches(key),
        total,
        progress=lambda done: beat.progress("datastore", done, total),
    )
    return {"rows": rows}


def _make_provided(session: Any, held: Claim) -> None:
    release = work.settle(session, held)
    stage.one_at_a_time(session, release.dataset_id)
    dataset = model.Package.get(release.dataset_id)
    publish.ensure_fit(release, dataset, stage.GRANT_CHANNEL)
    forerunner = session.execute(
        sa.select(Release).where(Release.dataset_id == release.dataset_id, Release.current).with_for_update()
    ).scalar()
    if forerunner is not None:
        forerunner.current = False
        # Flushed apart: the index of current releases must never see two.
        session.flush()
        _take_away(session, forerunner, dataset)
    release.current, release.published_at = True, utc_now()
    steps.machine(session, release, "provided")
    owe(session, release.id, "index", dataset_id=release.dataset_id)
    if release.raw_key and not config.keep_raw():
        owe(session, release.id, "destroy_staging", keys=[release.raw_key])
        release.raw_key = None
    session.commit()


def _take_away(session: Any, forerunner: Release, dataset: model.Package) -> None:
    """What the release before this one still offers: its table, and its resources when it was public."""
    publish.owe_drop(session, forerunner)
    if forerunner.status == "provided":
        if forerunner.result_key:
            owe(session, forerunner.id, "destroy_staging", keys=[forerunner.result_key])
            forerunner.result_key = None
        return
    removed = set(publish.resource_ids(session, forerunner.id))
    if removed:
        catalogue_entry.replace_resources(dataset, remove=removed, add=[])
