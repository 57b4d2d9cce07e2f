"""The one step by which a stored subject changes its status.

:func:`step` locks the row, checks the version that the caller has seen, advances, and writes the event,
the ledger entry and the clocks, all in the caller's transaction: they become true together or not at all.
It never commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from licensing.core.errors import InvalidInput, NotFound, Overtaken
from licensing.core.ledger.store import append_pending
from licensing.core.lifecycle import Event, Lifecycle, advance, enter
from licensing.core.store import clocks
from licensing.core.store.base import HasId, Stored
from licensing.core.store.events import StepEvent
from licensing.core.store.text import refuse_unstorable
from licensing.ports import Context

Row = TypeVar("Row", bound=HasId)
T = TypeVar("T", bound=Stored)
CREATE = "create"


def load(session: Session, model: type[Row], subject_id: str) -> Row:
    """The subject of that id, or what belongs to one.

    Raises:
        NotFound: there is none; the message does not say whether there ever was.
    """
    found = session.get(model, subject_id)
    if found is None:
        raise NotFound("没有找到该记录。", "There is no such record.")
    return found


def claim(session: Session, subject: Stored, if_version: int | None = None) -> None:
    """Lock the row of ``subject`` until the transaction ends, and renew what is known of it.

    A service that changes attributes before its step claims first. ``if_version`` is the version that the
    caller has seen (the ETag).

    Raises:
        Conflict: somebody else has changed it since ``if_version``.
        NotFound: it is gone.
    """
    if if_version is not None and session.is_modified(subject):
        raise RuntimeError(
            "claim first, change afterwards: the version would be compared with our own change"
        )
    try:
        session.refresh(subject, with_for_update=True)
    except (InvalidRequestError, StaleDataError) as error:
        raise NotFound("没有找到该记录。", "There is no such record.") from error
    if if_version is not None and subject.version != if_version:
        raise _overtaken()


def begin(
    session: Session,
    ctx: Context,
    lifecycle: Lifecycle,
    subject: T,
    *,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    starts: tuple[str, ...] | None = None,
) -> T:
    """Store a new subject in its first status, with its first event, entry and clocks.

    Who may create is for the service to check. ``starts`` narrows the lifecycle's own clocks.
    """
    now = ctx.time.now()
    enter(lifecycle, subject)
    subject.created_at = subject.modified_at = now
    session.add(subject)
    session.flush()
    event = Event(subject.id, CREATE, "", subject.status, ctx.principal.id, now, reason.strip())
    _record(session, ctx, lifecycle.name, subject, event, lifecycle.ledger_kind(CREATE), payload)
    for rule_id in _chosen(lifecycle.starts, starts):
        clocks.start(session, ctx, lifecycle.name, subject.id, rule_id)
    session.flush()
    return subject


def step(
    session: Session,
    ctx: Context,
    lifecycle: Lifecycle,
    subject: T,
    action: str,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    if_version: int | None = None,
    *,
    starts: tuple[str, ...] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> T:
    """Move ``subject`` by ``action``; answers it with its new status and version.

    ``payload`` is what the ledger commits to besides the step itself (ids and decisions, no names).
    ``starts`` narrows the transition's clocks to those of the case's track. ``changes`` are attributes that
    become true with the step.

    Raises:
        Conflict: somebody else was faster, or the state does not allow the action (TransitionRefused).
        NotPermitted: the caller's roles towards this subject do not allow it.
        InvalidInput: the reason cannot be stored.
    """
    refuse_unstorable([reason, payload or {}])
    claim(session, subject, if_version)
    transition = lifecycle.find(subject.status, action)
    now = ctx.time.now()
    events: list[Event] = []
    advance(
        lifecycle,
        subject,
        action,
        actor=ctx.principal.id,
        roles=ctx.authorizer.roles_for(ctx.principal, subject),
        at=now,
        record=events.append,
        reason=reason,
    )
    if transition is None:  # `advance` has refused it
        raise AssertionError(action)
    for name, value in (changes or {}).items():
        setattr(subject, name, value)
    subject.modified_at = max(now, subject.modified_at)
    # A step that stays in its state is a change too: the version must grow.
    flag_modified(subject, "modified_at")
    try:
        session.flush()
    except StaleDataError as error:
        raise _overtaken() from error
    kind = lifecycle.ledger_kind(action, transition)
    _record(session, ctx, lifecycle.name, subject, events[0], kind, payload)
    clocks.apply(session, ctx, lifecycle.name, subject.id, transition, _chosen(transition.starts, starts))
    session.flush()
    return subject


def amend(
    session: Session,
    ctx: Context,
    kind: str,
    subject: T,
    action: str,
    changes: Mapping[str, Any],
    *,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    if_version: int | None = None,
) -> T:
    """Change attributes of ``subject`` without a step of its lifecycle, on record like a step.

    For what happens to a case rather than in it: its department was merged. Status and clocks stay.
    ``kind`` is the lifecycle's name. Who may do so is for the service to check.

    Raises:
        Conflict: somebody else was faster.
    """
    refuse_unstorable([reason, payload or {}])
    claim(session, subject, if_version)
    now = ctx.time.now()
    for name, value in changes.items():
        setattr(subject, name, value)
    subject.modified_at = max(now, subject.modified_at)
    flag_modified(subject, "modified_at")
    session.flush()
    event = Event(subject.id, action, subject.status, subject.status, ctx.principal.id, now, reason.strip())
    _record(session, ctx, kind, subject, event, f"{kind}.{action}", payload)
    session.flush()
    return subject


def _record(
    session: Session,
    ctx: Context,
    kind: str,
    subject: Stored,
    event: Event,
    ledger_kind: str,
    payload: Mapping[str, Any] | None,
) -> None:
    document = {
        "action": event.action,
        "actor": event.actor,
        "data": dict(payload or {}),
        "from": event.source,
        "number": subject.version,
        "reason": event.reason,
        "rules": ctx.rules.name,
        "to": event.target,
    }
    commitment = append_pending(session, ledger_kind, subject.id, document, at=event.at)
    session.add(
        StepEvent(
            kind=kind,
            subject_id=subject.id,
            number=subject.version,
            action=event.action,
            source=event.source,
            target=event.target,
            actor=event.actor,
            at=event.at,
            reason=event.reason,
            commitment=commitment,
        )
    )


def _chosen(declared: tuple[str, ...], wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    if wanted is None:
        return declared
    if not set(wanted) <= set(declared):
        raise InvalidInput(
            "此步骤不能启动这些时限：{ids}。",
            "This step cannot start these clocks: {ids}.",
            ids="、".join(sorted(set(wanted) - set(declared))),
        )
    return wanted


def _overtaken() -> Overtaken:
    return Overtaken(
        "该记录已被他人更新，请刷新后重试。",
        "Somebody else has changed this record; load it again and retry.",
    )
