"""The one way in which a release changes state: lock, permission, four eyes, transition, event.

A caller owns the transaction: nothing here commits.

Article: SX-8 (compiling and reviewing by different named persons), SX-22 (nothing moves unrecorded).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import Release, ReleaseEvent
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.errors import FourEyes
from ckanext.govdata.release.lifecycle import COMPILING, JUDGING, RELEASE, STATE_NAMES_ZH, WORKER
from ckanext.govdata.release.roles import roles_of
from licensing.core.errors import NotFound
from licensing.core.lifecycle import Event, advance

MACHINE = "worker"
"""The actor of steps that no person takes."""


def get(session: Any, release_id: str) -> Release:
    """The release, or NotFound."""
    found = session.get(Release, release_id)
    if found is None:
        raise _absent()
    return found


def lock(session: Any, release_id: str) -> Release:
    """The release, locked until the caller's transaction ends, or NotFound."""
    found = session.get(Release, release_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise _absent()
    return found


def _absent() -> NotFound:
    return NotFound("没有这次发布。", "There is no such release.")


def record(session: Any, event: Event) -> None:
    """Write the event in the session of the step itself."""
    session.add(
        ReleaseEvent(
            release_id=event.subject_id,
            at=event.at,
            actor=event.actor,
            action=event.action,
            source=event.source,
            target=event.target,
            reason=event.reason,
        )
    )


def compilers(session: Any, release: Release) -> frozenset[str]:
    """Ids of everybody who had a hand in compiling the release."""
    rows = session.execute(
        sa.select(ReleaseEvent.actor)
        .where(ReleaseEvent.release_id == release.id, ReleaseEvent.action.in_(COMPILING))
        .distinct()
    )
    return frozenset(rows.scalars()) | {release.created_by}


def ensure_four_eyes(session: Any, release: Release, user_id: str) -> None:
    """Refuse whoever compiled the release, whatever their roles. Raises FourEyes."""
    if user_id in compilers(session, release):
        raise FourEyes(
            "您参与了这次发布的编目，不能再审查或审核；请由本部门其他人员办理。",
            "You had a hand in compiling this release, so somebody else of the department has to judge it.",
        )


def take(session: Any, release: Release, action: str, actor: model.User, reason: str = "") -> Event:
    """A person's step. ``release`` must be locked.

    Raises:
        TransitionRefused, NotPermitted: as :func:`licensing.core.lifecycle.advance`.
        FourEyes: a judging step by somebody who compiled the release, system administrator or not.
    """
    if action in JUDGING:
        ensure_four_eyes(session, release, actor.id)
    return advance(
        RELEASE,
        release,
        action,
        actor=actor.id,
        roles=roles_of(actor, release.organization_id),
        at=utc_now(),
        record=lambda event: record(session, event),
        reason=reason,
        state_names=STATE_NAMES_ZH,
    )


def machine(session: Any, release: Release, action: str, reason: str = "") -> Event:
    """A worker's step; ``release`` must be locked."""
    return advance(
        RELEASE,
        release,
        action,
        actor=MACHINE,
        roles=frozenset({WORKER}),
        at=utc_now(),
        record=lambda event: record(session, event),
        reason=reason,
    )
