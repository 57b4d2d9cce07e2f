"""What is published, summed up in the database: for the site, for a department, for a theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.model import Release, ReleaseArtifact, ReleaseStep
from ckanext.govdata.portal import days, use_count

Group = Literal["", "theme", "organization"]
RECENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Sums:
    """Of public entries with data: how many, their rows and files, those past their update cycle.

    ``quality`` is the mean score at publication, None while nothing is measured; ``size`` is in bytes.
    """

    datasets: int = 0
    rows: int = 0
    files: int = 0
    size: int = 0
    overdue: int = 0
    quality: int | None = None


def published(group: Group = "", only: str | None = None) -> dict[str, Sums]:
    """Sums by theme code, by department id, or under "" for all; ``only`` keeps one of them."""
    files = (
        sa.select(
            ReleaseArtifact.release_id.label("release"),
            sa.func.count().label("files"),
            sa.func.max(ReleaseArtifact.rows).label("rows"),
            sa.func.sum(ReleaseArtifact.size).label("size"),
        )
        .group_by(ReleaseArtifact.release_id)
        .subquery()
    )
    key = _key(group)
    age = sa.cast(sa.func.now(), sa.Date) - sa.cast(Release.published_at, sa.Date)
    points = sa.cast(ReleaseStep.detail["points"].astext, sa.Integer)
    query = (
        sa.select(
            key,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(files.c.rows), 0),
            sa.func.coalesce(sa.func.sum(files.c.files), 0),
            sa.func.coalesce(sa.func.sum(files.c.size), 0),
            sa.func.count().filter(age > _cycle_days()),
            sa.func.avg(points),
        )
        .select_from(Release)
        .join(model.Package, model.Package.id == Release.dataset_id)
        .join(files, files.c.release == Release.id, isouter=True)
        .join(
            ReleaseStep,
            sa.and_(ReleaseStep.release_id == Release.id, ReleaseStep.name == "measure"),
            isouter=True,
        )
        .where(*_public())
        .group_by(key)
    )
    if only is not None:
        query = query.where(key == only)
    return {
        str(name or ""): Sums(
            int(row[0]), int(row[1]), int(row[2]), int(row[3]), int(row[4]),
            None if row[5] is None else int(row[5]),
        )
        for name, *row in model.Session.execute(query)
    }  # fmt: skip


def by_month(months: int) -> list[tuple[str, int]]:
    """Month (``2026-03``) → releases that became public in it, the last ``months`` months, oldest first."""
    month = sa.func.to_char(Release.published_at, "YYYY-MM")
    found: Mapping[str, int] = dict(
        model.Session.execute(
            sa.select(month, sa.func.count())
            .join(model.Package, model.Package.id == Release.dataset_id)
            .where(Release.status == "published", model.Package.state == "active", ~model.Package.private)
            .group_by(month)
        )
        .tuples()
        .all()
    )
    return [(name, found.get(name, 0)) for name in month_names(days.today(), months)]


def month_names(end: date, count: int) -> list[str]:
    """The last ``count`` months up to that of ``end``.

    >>> month_names(date(2026, 2, 9), 3)
    ['2025-12', '2026-01', '2026-02']
    """
    number = end.year * 12 + end.month - 1
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(number - count + 1, number + 1)]


def by_format() -> list[tuple[str, int]]:
    """Format → files of current releases, the most frequent first."""
    rows = model.Session.execute(
        sa.select(ReleaseArtifact.format, sa.func.count())
        .join(Release, Release.id == ReleaseArtifact.release_id)
        .join(model.Package, model.Package.id == Release.dataset_id)
        .where(*_public())
        .group_by(ReleaseArtifact.format)
        .order_by(sa.func.count().desc(), ReleaseArtifact.format)
    )
    return [(name, int(count)) for name, count in rows]


def wanted(counts: list[dict[str, int]]) -> dict[str, int]:
    """Entry id → downloads, from downloads by file; entries that are not public any more are left out."""
    by_key: dict[str, int] = {}
    for day in counts:
        for key, number in day.items():
            by_key[key] = by_key.get(key, 0) + number
    if not by_key:
        return {}
    rows = model.Session.execute(
        sa.select(ReleaseArtifact.key, Release.dataset_id)
        .join(Release, Release.id == ReleaseArtifact.release_id)
        .join(model.Package, model.Package.id == Release.dataset_id)
        .where(
            ReleaseArtifact.key.in_(by_key),
            Release.status == "published",
            model.Package.state == "active",
            ~model.Package.private,
        )
    )
    found: dict[str, int] = {}
    for key, dataset in rows:
        found[dataset] = found.get(dataset, 0) + by_key[key]
    return found


def of_entry(dataset_id: str, counts: list[dict[str, int]]) -> list[int]:
    """Downloads of every file that an entry ever published, a number a day."""
    keys = set(
        model.Session.execute(
            sa.select(ReleaseArtifact.key)
            .join(Release, Release.id == ReleaseArtifact.release_id)
            .where(Release.dataset_id == dataset_id)
        ).scalars()
    )
    return [sum(number for key, number in day.items() if key in keys) for day in counts]


def recently_wanted() -> dict[str, int]:
    """Entry id → downloads of the last thirty days."""
    return wanted(use_count.downloads(days.last(RECENT_DAYS)))


def _key(group: Group) -> Any:
    if group == "theme":
        return model.Package.extras["theme"].astext
    return model.Package.owner_org if group == "organization" else sa.func.concat("")


def _public() -> list[Any]:
    return [
        Release.current,
        Release.status == "published",
        model.Package.state == "active",
        ~model.Package.private,
    ]


def _cycle_days() -> Any:
    """The days of an entry's update cycle; NULL, so never exceeded, for one without."""
    cycle = model.Package.extras["update_cycle"].astext
    known = [(cycle == code.value, code.days) for code in code_list("update_cycle") if code.days is not None]
    return sa.case(*known, else_=sa.null())
