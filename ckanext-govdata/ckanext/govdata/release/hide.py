"""Hiding a published release while a complaint about it is examined, and making it public again.

Hiding is quick and can be undone: the resources leave the dataset and the table leaves every reader's reach,
in the order of a withdrawal; files and rows stay. Meanwhile the addresses answer 451.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release, ReleaseArtifact
from ckanext.govdata.release import catalogue_entry, publish, steps
from ckanext.govdata.release.artifacts import MEDIA, Artifact
from ckanext.govdata.release.effects import owe


def public_of(session: Any, dataset_id: str, *, lock: bool = True) -> Release | None:
    """The release that is public now, or would be if it were not hidden; locked unless it is only read."""
    query = sa.select(Release).where(
        Release.dataset_id == dataset_id, Release.current, Release.status.in_(("published", "hidden"))
    )
    if lock:
        query = query.with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar()  # type: ignore[no-any-return]


def hide(session: Any, release: Release, actor: model.User | None, reason: str) -> None:
    """→ ``hidden``, by an officer or (``actor`` None) by the machine; ``release`` must be locked."""
    if actor is None:
        steps.machine(session, release, "hide", reason)
    else:
        steps.take(session, release, "hide", actor, reason)
    owe(session, release.id, "index", dataset_id=release.dataset_id)
    table = publish.table_of(session, release.id)
    if table is not None:
        owe(session, release.id, "set_aside", resource_id=table)
    dataset = model.Package.get(release.dataset_id)
    if dataset is not None and dataset.state == "active":
        session.flush()
        catalogue_entry.replace_resources(
            dataset, remove=set(publish.resource_ids(session, release.id)), add=[]
        )


def show(session: Any, release: Release, actor: model.User, reason: str) -> None:
    """→ ``published`` again; ``release`` must be locked. Superseded meanwhile, it gets no resources back."""
    steps.take(session, release, "show", actor, reason)
    owe(session, release.id, "index", dataset_id=release.dataset_id)
    table = publish.table_of(session, release.id)
    if table is not None and release.current:
        owe(session, release.id, "bring_back", resource_id=table)
    dataset = model.Package.get(release.dataset_id)
    if dataset is None or dataset.state != "active" or not release.current:
        return
    session.flush()
    found = session.execute(sa.select(ReleaseArtifact).where(ReleaseArtifact.release_id == release.id))
    # In the order in which they were published: pages offer the first one first.
    rows = sorted(found.scalars(), key=lambda row: list(MEDIA).index(row.format))
    active = publish.loaded_table(session, release.id)
    catalogue_entry.replace_resources(
        dataset,
        remove=set(),
        add=[
            catalogue_entry.resource(
                dataset,
                Artifact(row.format, row.filename, row.key, row.size, row.sha256, row.rows),
                row.resource_id,
                active=active,
            )
            for row in rows
        ],
    )
