"""What the public may fetch: the one question that the download view asks."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release, ReleaseArtifact
from ckanext.govdata.release.artifacts import Artifact, Gone, Hidden

LATEST = "latest"


def published_artifact(
    session: Any, dataset_name: str, number: int | Literal["latest"], filename: str
) -> Artifact | Gone | Hidden | None:
    """The published file, Gone when its release was withdrawn, None when there never was one.

    Hidden while a complaint about the release is examined.

    A dataset that is private, deleted or a draft has nothing published, whatever its releases say.
    ``latest`` is Gone when nothing is current any more and the last release that had the file was
    withdrawn.
    """
    query = (
        sa.select(Release, ReleaseArtifact)
        .join(model.Package, model.Package.id == Release.dataset_id)
        .join(ReleaseArtifact, ReleaseArtifact.release_id == Release.id)
        .where(
            model.Package.name == dataset_name,
            model.Package.state == "active",
            model.Package.private.is_(False),
            ReleaseArtifact.filename == filename,
            Release.status.in_(("published", "withdrawn", "hidden")),
        )
    )
    if number == LATEST:
        query = query.order_by(Release.current.desc(), Release.number.desc()).limit(1)
    else:
        query = query.where(Release.number == number)
    row = session.execute(query.execution_options(populate_existing=True)).first()
    if row is None:
        return None
    release, artifact = row
    if release.status == "withdrawn":
        return Gone(dataset_name, release.number)
    if release.status == "hidden":
        return Hidden(dataset_name, release.number)
    if number == LATEST and not release.current:
        return None
    return Artifact(
        artifact.format, artifact.filename, artifact.key, artifact.size, artifact.sha256, artifact.rows
    )
