"""The releases of an entry as the public sees them: published and withdrawn ones, nothing in progress."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.model import Release, ReleaseArtifact
from ckanext.govdata.release import compare

PUBLIC = ("published", "withdrawn")
FORMAT_ORDER = ("csv", "xlsx", "json", "xml", "parquet", "schema")


def of_dataset(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """Newest first: ``{id, number, published, status, current, rows, files, changes}``.

    A file is ``{format, filename, size, sha256, rows, url, latest_url}``, sizes in bytes. A withdrawn
    release has no files: its addresses answer 410. ``changes`` are those against the release before it,
    None for a first one and for one whose forerunner was withdrawn: nothing is told of what is gone.
    """
    releases = (
        model.Session.execute(
            sa.select(Release)
            .where(Release.dataset_id == dataset["id"], Release.status.in_(PUBLIC))
            .order_by(Release.number.desc())
        )
        .scalars()
        .all()
    )
    if not releases:
        return []
    artifacts = model.Session.execute(
        sa.select(ReleaseArtifact).where(
            ReleaseArtifact.release_id.in_([r.id for r in releases if r.status == "published"])
        )
    ).scalars()
    files: dict[str, list[dict[str, Any]]] = {}
    numbers = {r.id: r.number for r in releases}
    for artifact in artifacts:
        files.setdefault(artifact.release_id, []).append(
            _file(dataset["name"], numbers[artifact.release_id], artifact)
        )
    changes = compare.of_releases(model.Session, [r.id for r in releases if r.status == "published"])
    told = {number for release_id, number in numbers.items() if release_id in files}
    return [
        {
            "id": release.id,
            "number": release.number,
            "published": release.published_at,
            "status": release.status,
            "current": release.current and release.status == "published",
            "rows": max((file["rows"] for file in files.get(release.id, [])), default=None),
            "files": sorted(files.get(release.id, []), key=_order),
            "changes": found if (found := changes.get(release.id)) and found.against in told else None,
        }
        for release in releases
    ]


def _order(file: dict[str, Any]) -> tuple[int, str]:
    name = file["format"]
    return (FORMAT_ORDER.index(name) if name in FORMAT_ORDER else len(FORMAT_ORDER), name)


def _file(dataset_name: str, number: int, artifact: ReleaseArtifact) -> dict[str, Any]:
    page = tk.h.url_for("dataset.read", id=dataset_name, locale="default")
    return {
        "format": artifact.format,
        "filename": artifact.filename,
        "size": artifact.size,
        "sha256": artifact.sha256,
        "rows": artifact.rows,
        "url": f"{page}/releases/{number}/{artifact.filename}",
        "latest_url": f"{page}/latest/{artifact.filename}",
    }
