"""Steps that the other platform took, on our copy of its case.

The copy follows the table of its kind like any case, so that clocks, notices and pages are those of every
case; only whose word it is differs. A step that the copy cannot follow (the applicant has withdrawn
meanwhile) changes nothing and is refused in the receipt, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.orm import Session

from licensing.applications import messages, records, service
from licensing.applications.decisions import notify
from licensing.applications.lifecycle import (
    DECIDE,
    SENSITIVE,
    SUBMITTED,
)
from licensing.applications.models import Case
from licensing.applications.steps import items_of, lifecycle_of, tell
from licensing.cascade import telling
from licensing.cascade.models import Peer
from licensing.cascade.wire import Event
from licensing.core.store.step import claim, load, step
from licensing.ports import APPLICANT, GOVERNMENT, PLATFORM, PROVIDER, SYSTEM, Context, Principal, Subject

_TEXT: Final = "对方平台未写明理由。 / The other platform gave no reasons."


class _Holder:
    """The other platform, towards the copies of its own cases: whoever uses this has made sure of that."""

    def __init__(self, roles: frozenset[str]) -> None:
        self._roles = roles

    def roles_for(self, principal: Principal, subject: Subject) -> frozenset[str]:  # noqa: ARG002
        return self._roles


def as_applicant(ctx: Context, peer: Peer) -> Context:
    """The platform acting for its applicant, on a case that it filed here."""
    return _acting(ctx, peer, frozenset({APPLICANT}))


def as_holder(ctx: Context, peer: Peer) -> Context:
    """The platform that holds the data, on our copy of its case."""
    return _acting(ctx, peer, frozenset({PLATFORM, PROVIDER, GOVERNMENT, SYSTEM}))


def _acting(ctx: Context, peer: Peer, roles: frozenset[str]) -> Context:
    who = Principal(telling.acting(peer), peer.name, roles)
    return replace(ctx, principal=who, authorizer=_Holder(roles))


def follow(session: Session, ctx: Context, case_id: str, event: Event) -> None:
    """Take the step that ``event`` tells; ``ctx`` acts as the holder.

    Raises:
        TransitionRefused, Conflict: the copy is where that step is not possible.
    """
    case = load(session, Case, case_id)
    claim(session, case)
    _WORDS[event.word](session, ctx, case, event)


def not_accepted(session: Session, ctx: Context, case_id: str, reason: str) -> None:
    """The other platform could not take the application at all."""
    _not_accepted(session, ctx, load(session, Case, case_id), Event("not_accepted", reason))


def _received(_session: Session, _ctx: Context, _case: Case, _event: Event) -> None:
    """Nothing changes here: what the other side's clocks say is kept with the link."""


def _accepted(session: Session, ctx: Context, case: Case, event: Event) -> None:
    action, starts, track = "accept", (DECIDE,), "provider"
    if event.track == "sensitive":
        starts, track = (SENSITIVE,), "sensitive"
    elif event.track in _OTHER_WAYS and lifecycle_of(case).find(case.status, _OTHER_WAYS[event.track]):
        action, track = _OTHER_WAYS[event.track], event.track
    named = starts if action == "accept" else None
    step(
        session, ctx, lifecycle_of(case), case, action, event.text, {"track": track}, starts=named,
        changes={"track": track},
    )  # fmt: skip


_OTHER_WAYS: Final[Mapping[str, str]] = {
    "platform": "accept_for_platform",
    "negotiation": "accept_for_negotiation",
}


def _ask(session: Session, ctx: Context, case: Case, event: Event) -> None:
    service.ask_supplement(session, ctx, case.id, reason=event.text or _TEXT)


def _not_accepted(session: Session, ctx: Context, case: Case, event: Event) -> None:
    step(session, ctx, lifecycle_of(case), case, "reject", event.text or _TEXT)
    tell(
        ctx, case, "application.not_accepted", frozenset({APPLICANT}),
        "申请不予受理，理由见办理记录。", "The application was not accepted; the case shows the reasons.",
    )  # fmt: skip


def _approved(session: Session, ctx: Context, case: Case, event: Event) -> None:
    if case.status == SUBMITTED:
        _accepted(session, ctx, case, Event("accepted", "", event.track))
    ids = telling.ids_there(ctx, [item.dataset_id for item in items_of(session, case.id)])
    granted: dict[str, list[str]] = {}
    for item in items_of(session, case.id):
        said = event.granted.get(ids.get(item.dataset_id, ""), [])
        # More than was asked for is never taken over.
        item.granted = [name for name in item.fields if name in said]
        granted[item.dataset_id] = item.granted
    payload: dict[str, Any] = {"granted": granted, "conditions": records.digest(event.conditions)}
    step(session, ctx, lifecycle_of(case), case, "approve", event.text or _TEXT, payload)
    records.put(session, ctx, case, records.DECISION, "approved", event.conditions, {"granted": granted})
    notify(session, ctx, case.id)


def _refused(session: Session, ctx: Context, case: Case, event: Event) -> None:
    if case.status == SUBMITTED:
        _accepted(session, ctx, case, Event("accepted", "", event.track))
    for item in items_of(session, case.id):
        item.granted = []
    basis = [{"level": law.level, "title": law.title, "article": law.article} for law in event.basis]
    reason = event.text or _TEXT
    step(session, ctx, lifecycle_of(case), case, "refuse", reason, {"basis": basis})
    records.put(session, ctx, case, records.REFUSAL, "refused", reason, {"basis": basis})
    notify(session, ctx, case.id)


def _provided(session: Session, ctx: Context, case: Case, event: Event) -> None:
    step(session, ctx, lifecycle_of(case), case, "provide", event.text)
    tell(
        ctx, case, "application.provided", frozenset({APPLICANT}),
        "数据已由对方平台提供，只能用于申请的用途和系统，不得转供他人。",
        "The other platform provides the data, for the stated purpose and system only.",
    )  # fmt: skip


def _revoked(session: Session, ctx: Context, case: Case, event: Event) -> None:
    step(session, ctx, lifecycle_of(case), case, "revoke", event.text or _TEXT)
    tell(
        ctx, case, "application.revoked", frozenset({APPLICANT}),
        "数据使用授权已收回，请立即停止使用。", "The access was revoked; stop using the data.",
    )  # fmt: skip


def _escalated(session: Session, ctx: Context, case: Case, event: Event) -> None:
    step(session, ctx, lifecycle_of(case), case, "escalate", event.text or _TEXT)


def _upheld(session: Session, ctx: Context, case: Case, event: Event) -> None:
    step(session, ctx, lifecycle_of(case), case, "uphold", event.text or _TEXT)
    tell(
        ctx, case, "application.decided", frozenset({APPLICANT}),
        "对方平台维持不予提供，理由见办理记录。",
        "The other platform upholds the refusal; the case shows why.",
    )  # fmt: skip


def _message(session: Session, ctx: Context, case: Case, event: Event) -> None:
    messages.say(session, ctx, case.id, reason=event.text)


Follow = Callable[[Session, Context, Case, Event], None]
_WORDS: Final[Mapping[str, Follow]] = {
    "received": _received,
    "accepted": _accepted,
    "supplement_asked": _ask,
    "not_accepted": _not_accepted,
    "approved": _approved,
    "refused": _refused,
    "provided": _provided,
    "revoked": _revoked,
    "escalated": _escalated,
    "upheld": _upheld,
    "message": _message,
}
