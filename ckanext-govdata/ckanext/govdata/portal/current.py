"""The release of an entry that is public now, for lists: one query for a whole page of entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release, ReleaseArtifact


@dataclass(frozen=True, slots=True)
class Current:
    """``rows`` of the published table, and the moment at which it became public."""

    rows: int | None
    published: datetime | None


def of_entries(entries: Iterable[dict[str, Any]]) -> dict[str, Current]:
    """Entry id → its current release; entries without a public release are left out."""
    ids = [entry["id"] for entry in entries]
    if not ids:
        return {}
    found = model.Session.execute(
        sa.select(Release.dataset_id, Release.published_at, sa.func.max(ReleaseArtifact.rows))
        .join(ReleaseArtifact, ReleaseArtifact.release_id == Release.id, isouter=True)
        .where(Release.dataset_id.in_(ids), Release.current, Release.status == "published")
        .group_by(Release.id)
    )
    return {dataset: Current(rows, published) for dataset, published, rows in found}


def age(published: datetime, today: date) -> int:
    """Whole days since the data became public, never negative."""
    return max((today - published.date()).days, 0)
