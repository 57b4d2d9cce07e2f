"""Short lists of entries with a number beside each: most wanted, recently corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release, ReleaseStep
from ckanext.govdata.portal import sums
from ckanext.govdata.release import compare

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list: ``number`` counts downloads, or is that of the newer release."""

    name: str
    title: str
    department: str
    number: int
    day: datetime | None = None
    changes: compare.Changes | None = None


def most_wanted(most: int, organization: str | None = None, theme: str | None = None) -> list[Listed]:
    """The entries downloaded most in the last thirty days, among those of a department or theme."""
    counted = sums.recently_wanted()
    if not counted:
        return []
    ranked = sorted(counted, key=lambda dataset: (-counted[dataset], dataset))
    if organization is None and theme is None:
        ranked = ranked[:LONGEST]
    query = _entries().where(model.Package.id.in_(ranked))
    if organization is not None:
        query = query.where(model.Package.owner_org == organization)
    if theme is not None:
        query = query.where(model.Package.extras["theme"].astext == theme)
    found = {
        dataset: Listed(name, title or name, department or "", counted[dataset])
        for dataset, name, title, department in model.Session.execute(query)
    }
    return [found[dataset] for dataset in ranked if dataset in found][:most]


def corrected(most: int) -> list[Listed]:
    """Entries whose current release has replaced an earlier one that can still be read, newest first."""
    earlier = sa.orm.aliased(Release)
    rows = model.Session.execute(
        _entries(Release.id, Release.number, Release.published_at)
        .join(Release, Release.dataset_id == model.Package.id)
        .join(ReleaseStep, sa.and_(ReleaseStep.release_id == Release.id, ReleaseStep.name == compare.STEP))
        .where(
            Release.current,
            Release.status == "published",
            sa.exists().where(
                earlier.dataset_id == Release.dataset_id,
                earlier.status == "published",
                earlier.number == sa.cast(ReleaseStep.detail["against"].astext, sa.Integer),
            ),
        )
        .order_by(Release.published_at.desc())
        .limit(most)
    ).all()
    changes = compare.of_releases(model.Session, [row[4] for row in rows])
    return [
        Listed(name, title or name, department or "", number, day, changes.get(release))
        for _, name, title, department, release, number, day in rows
    ]


def _entries(*more: Any) -> Any:
    columns: Sequence[Any] = (
        model.Package.id,
        model.Package.name,
        model.Package.title,
        model.Group.title,
        *more,
    )
    return (
        sa.select(*columns)
        .select_from(model.Package)
        .join(model.Group, model.Group.id == model.Package.owner_org, isouter=True)
        .where(model.Package.state == "active", ~model.Package.private)
    )
