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
from ckanext.govdata.release.lifecycle import COMPILING, JUDGING, RELEASE, STATE_LABELS, WORKER
from ckanext.govdata.release.roles import Standing, standing
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


def record(session: Any, event: Event, on_behalf_of: str | None = None) -> None:
    """Write the event in the session of the step itself."""
    session.add(
        ReleaseEvent(
            release_id=event.subject_id,
            at=event.at,
            actor=event.actor,
            on_behalf_of=on_behalf_of,
            action=event.action,
            source=event.source,
            target=event.target,
            reason=event.reason,
        )
    )


def compilers(session: Any, release: Release) -> frozenset[str]:
    """Ids of everybody who had a hand in compiling the release, and of those in whose name it was done."""
    rows = session.execute(
        sa.select(ReleaseEvent.actor, ReleaseEvent.on_behalf_of)
        .where(ReleaseEvent.release_id == release.id, ReleaseEvent.action.in_(COMPILING))
        .distinct()
    )
    return frozenset(who for row in rows for who in row if who) | {release.created_by}


def ensure_four_eyes(session: Any, release: Release, user_id: str) -> None:
    """Refuse whoever compiled the release, whatever their roles. Raises FourEyes."""
    if user_id in compilers(session, release):
        raise _four_eyes()


def in_whose_name(
    session: Any, release: Release, action: str, actor: model.User, held: Standing
) -> str | None:
    """None for a step of the actor's own, else the id of whoever lends the role for it.

    A judging step is never taken in the name of somebody who compiled: a delegation gives nobody a second
    pair of eyes that they lack.

    Raises:
        FourEyes: the actor, or everybody in whose name they could judge, compiled the release.
    """
    row = RELEASE.find(release.status, action)
    if action in JUDGING:
        ensure_four_eyes(session, release, actor.id)
    possible = held.principals(row.roles) if row is not None else ()
    if action in JUDGING and possible:
        compiled = compilers(session, release)
        possible = tuple(who for who in possible if who not in compiled)
        if not possible:
            raise _four_eyes()
    return possible[0] if possible else None


def _four_eyes() -> FourEyes:
    return FourEyes(
        "您（或委托您的人）参与了这次发布的编目，不能再审查或审核；请由本部门其他人员办理。",
        "You, or whoever you stand in for, had a hand in compiling this release: somebody else judges it.",
    )


def take(session: Any, release: Release, action: str, actor: model.User, reason: str = "") -> Event:
    """A person's step. ``release`` must be locked.

    Raises:
        TransitionRefused, NotPermitted: as :func:`licensing.core.lifecycle.advance`.
        FourEyes: a judging step by somebody who compiled the release, system administrator or not.
    """
    held = standing(actor, release.organization_id)
    on_behalf_of = in_whose_name(session, release, action, actor, held)
    return advance(
        RELEASE,
        release,
        action,
        actor=actor.id,
        roles=held.roles,
        at=utc_now(),
        record=lambda event: record(session, event, on_behalf_of),
        reason=reason,
        state_names=STATE_LABELS,
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
