"""The quality of entries as lists show it, and as the search index orders by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release, ReleaseArtifact, ReleaseStep
from ckanext.govdata.portal import current
from ckanext.govdata.portal.rating import cycle_days
from ckanext.govdata.quality.part import Quality, whole
from ckanext.govdata.quality.timeliness import timeliness
from ckanext.govdata.release import measure, score


def of_entries(entries: Iterable[dict[str, Any]]) -> dict[str, Quality]:
    """Entry id → its quality today, of a page of entries at once; what is not measured yet is left out."""
    by_id = {entry["id"]: entry for entry in entries}
    if not by_id:
        return {}
    releases = model.Session.execute(
        sa.select(
            Release.id,
            Release.dataset_id,
            Release.published_at,
            sa.func.array_agg(ReleaseArtifact.format),
        )
        .join(ReleaseArtifact, ReleaseArtifact.release_id == Release.id)
        .where(Release.dataset_id.in_(by_id), Release.current, Release.status == "published")
        .group_by(Release.id)
    ).all()
    measured = measure.of_releases(model.Session, [release_id for release_id, *_ in releases])
    today = datetime.now(timezone.utc).date()
    found: dict[str, Quality] = {}
    for release_id, dataset_id, published, formats in releases:
        if release_id not in measured or published is None:
            continue
        entry = by_id[dataset_id]
        parts = score.parts(measured[release_id], entry.get("information_items") or [], formats)
        late = timeliness(current.age(published, today), cycle_days(entry.get("update_cycle")))
        found[dataset_id] = whole([*parts, late])
    return found


def of_entry(dataset_id: str) -> int | None:
    """Points out of 100 of the current release on the day of its publication; None without a measured one.

    The search index holds this number: it changes with a release, not by the day.
    """
    return on_publication([dataset_id]).get(dataset_id)


def on_publication(dataset_ids: Sequence[str]) -> dict[str, int]:
    """The same for many entries; those without a measured release are not there."""
    rows = model.Session.execute(
        sa.select(Release.dataset_id, ReleaseStep.detail["points"].astext)
        .join(Release, Release.id == ReleaseStep.release_id)
        .where(
            Release.dataset_id.in_(dataset_ids),
            Release.current,
            Release.status == "published",
            ReleaseStep.name == measure.STEP,
        )
    ).all()
    return {dataset_id: int(found) for dataset_id, found in rows if found is not None}
