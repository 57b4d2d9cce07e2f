"""The one way in which a public case changes state: lock, permission, transition, one line of its trail.

A caller owns the transaction: nothing here commits. Article: SX-22 (nothing moves unrecorded).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import CaseEvent
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.roles import Standing
from licensing.core.errors import NotFound
from licensing.core.lifecycle import Event, InBothLanguages, Lifecycle, advance, enter

MACHINE = "worker"
Subject = TypeVar("Subject")


def lock(session: Any, table: type[Subject], subject_id: str) -> Subject:
    """The case, locked until the caller's transaction ends. Raises NotFound."""
    found = session.get(table, subject_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("没有这个事项。", "There is no such case.")
    return found  # type: ignore[no-any-return]


def begin(session: Any, lifecycle: Lifecycle, subject: Any, actor: str) -> None:
    """Give a case that was just made its first status and the first line of its trail."""
    enter(lifecycle, subject)
    session.add(subject)
    session.flush()
    record(
        session,
        lifecycle.name,
        Event(subject.id, "create", "", subject.status, actor, subject.created_at, ""),
    )


def take(
    session: Any,
    lifecycle: Lifecycle,
    subject: Any,
    action: str,
    *,
    actor: str,
    held: Standing,
    reason: str = "",
    also: frozenset[str] = frozenset(),
    names: Mapping[str, str | InBothLanguages] | None = None,
    without: frozenset[str] = frozenset(),
    detail: dict[str, Any] | None = None,
) -> Event:
    """One step; ``subject`` must be locked.

    Args:
        actor: id of the account, or a plain word for somebody without one.
        held: the actor's own roles and those that others lend them.
        also: roles that the actor has towards this very case (whoever asked, whoever complained).
        without: people in whose name the step may not be taken, because they acted before (four eyes).

    Raises:
        TransitionRefused, NotPermitted: as :func:`licensing.core.lifecycle.advance`.
    """
    own = Standing(held.own | also, {who: roles for who, roles in held.lent.items() if who not in without})
    row = lifecycle.find(subject.status, action)
    principals = own.principals(row.roles) if row is not None else ()
    on_behalf_of = principals[0] if principals else None
    return advance(
        lifecycle,
        subject,
        action,
        actor=actor,
        roles=own.roles,
        at=utc_now(),
        record=lambda event: record(session, lifecycle.name, event, on_behalf_of, detail),
        reason=reason,
        state_names=names,
    )


def record(
    session: Any,
    kind: str,
    event: Event,
    on_behalf_of: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write a line of the trail in the session of the step itself."""
    session.add(
        CaseEvent(
            kind=kind,
            subject_id=event.subject_id,
            at=event.at,
            actor=event.actor,
            on_behalf_of=on_behalf_of,
            action=event.action,
            source=event.source,
            target=event.target,
            reason=event.reason,
            detail=detail,
        )
    )


def note(session: Any, kind: str, subject_id: str, action: str, actor: str, status: str = "") -> None:
    """A line of the trail for something that changes no state, such as opening a contact."""
    record(session, kind, Event(subject_id, action, status, status, actor, utc_now(), ""))


def trails(session: Any, kind: str, ids: Sequence[str]) -> dict[str, list[CaseEvent]]:
    """The trail of each of ``ids``, oldest line first."""
    found: dict[str, list[CaseEvent]] = {each: [] for each in ids}
    rows = session.execute(
        sa.select(CaseEvent)
        .where(CaseEvent.kind == kind, CaseEvent.subject_id.in_(ids))
        .order_by(CaseEvent.seq)
    ).scalars()
    for row in rows:
        found[row.subject_id].append(row)
    return found


def machine() -> Standing:
    """What the machine may do: the role of a worker, and nobody else's."""
    from ckanext.govdata.release.lifecycle import WORKER

    return Standing(frozenset({WORKER}), {})


def account(name_or_id: object) -> model.User | None:
    """The active account of this name or id."""
    found = model.User.get(str(name_or_id)) if name_or_id else None
    return found if found is not None and found.is_active else None
