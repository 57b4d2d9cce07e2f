"""Everything the edge (actions, views, command line) may ask of releases, by one name each.

Each function takes the caller's session and never commits; the caller commits, then calls
:func:`after_commit`, which hands queued work to the workers and carries out what is owed.
"""

from __future__ import annotations

from typing import Any

from ckanext.govdata.release import effects, work
from ckanext.govdata.release.artifacts import Artifact, Gone
from ckanext.govdata.release.desensitise import request as run
from ckanext.govdata.release.plan import save as plan
from ckanext.govdata.release.public import published_artifact
from ckanext.govdata.release.publish import request as publish
from ckanext.govdata.release.review import approve, recall, reconsider, reject, sign_off, submit
from ckanext.govdata.release.scan import request as scan
from ckanext.govdata.release.stage import cancel, create, receive
from ckanext.govdata.release.steps import get
from ckanext.govdata.release.withdraw import withdraw

__all__ = [
    "Artifact",
    "Gone",
    "after_commit",
    "approve",
    "cancel",
    "create",
    "get",
    "plan",
    "publish",
    "published_artifact",
    "recall",
    "receive",
    "reconsider",
    "reject",
    "run",
    "scan",
    "sign_off",
    "submit",
    "withdraw",
]


def after_commit(session: Any, release_id: str) -> None:
    """What follows a committed step; when it does not come to that, the scheduler does it."""
    work.dispatch(session, release_id)
    effects.carry_out(session, release_id)
