"""Withdrawal: the publishing commit in the other direction. Every address answers 410 from then on.

The release before it is not put back: the department may have reasons that hold for it too, and
publishing it again is one decision away.
"""

from __future__ import annotations

from typing import Any

from ckan import model

from ckanext.govdata.model import Release
from ckanext.govdata.release import catalogue_entry, publish, stage, steps
from ckanext.govdata.release.effects import owe


def withdraw(session: Any, release_id: str, actor: model.User, reason: str) -> Release:
    """→ ``withdrawn`` (``retired`` for conditional data): no resource, no table and no file is left.

    The rows of the artifacts stay: they are what the download view answers 410 by.
    """
    release = steps.lock(session, release_id)
    steps.take(session, release, "withdraw", actor, reason)
    was_current, release.current = release.current, False
    owe(session, release.id, "index", dataset_id=release.dataset_id)
    owe(session, release.id, "destroy_prefix", prefix=stage.public_prefix(release.id))
    stage.destroy(session, release)
    if was_current:
        publish.owe_drop(session, release)
    dataset = model.Package.get(release.dataset_id)
    if dataset is not None and dataset.state == "active":
        session.flush()
        removed = set(publish.resource_ids(session, release.id))
        catalogue_entry.replace_resources(dataset, remove=removed, add=[])
    return release
