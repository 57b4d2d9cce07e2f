"""Steps of a case become messages: the case's own history is what cannot be lost.

A step, its event and its ledger entry are one transaction. Here whatever of the history was not told yet gets
its sequence number and becomes a message, in a transaction that also moves the mark ``told``: nothing is left
out and nothing told twice, wherever a process dies.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timezone
from typing import Any, Final
from uuid import uuid4

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.applications import records
from licensing.applications.lifecycle import APPROVED, DRAFT
from licensing.applications.models import Case
from licensing.applications.service import draft_of
from licensing.applications.steps import items_of
from licensing.applications.views import names_of
from licensing.cascade import peers, telling
from licensing.cascade.lifecycle import ACTIVE
from licensing.cascade.models import ASKED, ASKING, Link, Outgoing, Peer
from licensing.cascade.signing import Key
from licensing.cascade.wire import (
    PROTOCOL,
    Applicant,
    Application,
    Entry,
    Event,
    Law,
    Message,
    Said,
    Supplement,
    content_of,
    digest,
    encoded,
)
from licensing.core.store.events import StepEvent, history
from licensing.core.store.step import claim, load
from licensing.ports import Context

AT_ONCE: Final = 200
Body = msgspec.Struct
Compose = Callable[[Session, Context, Case, StepEvent], "tuple[str, Body] | None"]


def begin_links(session: Session) -> int:
    """Give every new case that another platform holds its link; how many. A platform that is not in the
    register keeps its cases waiting (:func:`licensing.cascade.shown.overview` counts them)."""
    query = (
        select(Case)
        .outerjoin(Link, Link.case_id == Case.id)
        .where(Case.platform.is_not(None), Case.status != DRAFT, Link.id.is_(None))
        .order_by(Case.id)
        .limit(AT_ONCE)
        .with_for_update(of=Case, skip_locked=True)
    )
    made = 0
    for case in session.scalars(query).all():
        peer = peers.of_site(session, case.platform or "")
        if peer is None or session.scalar(select(Link.id).where(Link.case_id == case.id)) is not None:
            continue
        session.add(
            Link(
                case_id=case.id, peer_id=peer.id, side=ASKING, thread=case.id, remote_case="", applicant="",
                told=0, sent=0, received=0, remote={},
            )
        )  # fmt: skip
        made += 1
    session.flush()
    return made


def compose(session: Session, ctx: Context, key: Key) -> int:
    """Make messages of what was not told yet; how many."""
    query = (
        select(Link, Peer)
        .join(Case, Case.id == Link.case_id)
        .join(Peer, Peer.id == Link.peer_id)
        .where(Case.version > Link.told, Peer.status == ACTIVE)
        .order_by(Link.id)
        .limit(AT_ONCE)
        .with_for_update(of=Link, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return sum(_tell(session, ctx, key, link, peer) for link, peer in session.execute(query).tuples().all())


def _tell(session: Session, ctx: Context, key: Key, link: Link, peer: Peer) -> int:
    # The case is locked too: what is told of its state and clocks is of one moment.
    case = load(session, Case, link.case_id)
    claim(session, case)
    steps, made = _ASKED if link.side == ASKED else _ASKING, 0
    for event in history(session, case.id):
        if event.number <= link.told:
            continue
        link.told = event.number
        own = event.actor != telling.acting(peer) or event.action in _RECEIVED
        told = steps.get(event.action) if own else None
        said = told(session, ctx, case, event) if told is not None else None
        if said is not None:
            _put(session, ctx, key, link, peer, case, event, *said)
            made += 1
    session.flush()
    return made


def _put(
    session: Session, ctx: Context, key: Key, link: Link, peer: Peer, case: Case, event: StepEvent,
    kind: str, body: Body,
) -> None:  # fmt: skip
    link.sent += 1
    message = Message(
        protocol=PROTOCOL, id=str(uuid4()), sender=key.id, receiver=peer.key_id, thread=link.thread,
        case=case.id, number=link.sent, at=event.at.astimezone(timezone.utc).isoformat(timespec="seconds"),
        kind=kind,  # type: ignore[arg-type]  # the tables below hold the protocol's words only
        entry=Entry(f"{event.kind}.{event.action}", event.commitment), state=telling.state_of(case),
        clocks=telling.clocks(session, ctx, case), body=msgspec.to_builtins(body),
    )  # fmt: skip
    content = encoded(message)
    session.add(
        Outgoing(
            id=message.id, link_id=link.id, peer_id=peer.id, number=message.number, kind=kind,
            body=content.decode(), sha256=digest(content), commitment=event.commitment, at=ctx.time.now(),
            tries=0, acknowledged_at=None, receipt=None,
        )
    )  # fmt: skip


# -- of a case that the other platform holds: what our applicant does ---------------------------------------


def _application(session: Session, ctx: Context, case: Case, _event: StepEvent) -> tuple[str, Body]:
    name = names_of(session, [case]).get(case.applicant_id, "")
    applicant = Applicant(case.applicant_kind, case.applicant_id, name)  # type: ignore[arg-type]
    draft = draft_of(session, case)
    ids = telling.ids_there(ctx, [item.dataset for item in draft.items])
    return "application", Application(case.kind, applicant, content_of(draft, ids))  # type: ignore[arg-type]


def _supplement(session: Session, ctx: Context, case: Case, event: StepEvent) -> tuple[str, Body]:
    draft = draft_of(session, case)
    ids = telling.ids_there(ctx, [item.dataset for item in draft.items])
    return "supplement", Supplement(content_of(draft, ids), event.reason)


def _says(kind: str) -> Compose:
    def said(_session: Session, _ctx: Context, _case: Case, event: StepEvent) -> tuple[str, Body]:
        return kind, Said(event.reason)

    return said


_ASKING: Final[dict[str, Compose]] = {
    "submit": _application,
    "supplement": _supplement,
    "withdraw": _says("withdraw"),
    "say": _says("message"),
    "negotiate": _says("negotiate"),
    "escalate": _says("escalate"),
    "close": _says("close"),
    "finish": _says("finish"),
}


# -- of a case that we hold: what becomes of it here ---------------------------------------------------------


def _became(word: str) -> Compose:
    def said(_session: Session, _ctx: Context, case: Case, event: StepEvent) -> tuple[str, Body]:
        return "event", Event(word, event.reason, case.track)  # type: ignore[arg-type]

    return said


def _answer(session: Session, _ctx: Context, case: Case, event: StepEvent) -> tuple[str, Body]:
    """An answer is told when the applicant is to be told (HB-20), with its reasons."""
    steps = history(session, case.id)
    if event.source == APPROVED:
        before = [each for each in steps if each.action == "approve" and each.number < event.number]
        granted: dict[str, Any] = {item.dataset_id: item.granted or [] for item in items_of(session, case.id)}
        decision = records.latest(session, case.id, records.DECISION)
        return "event", Event(
            "approved", before[-1].reason if before else "", case.track, granted,
            decision.text if decision else "",
        )  # fmt: skip
    refusal = records.latest(session, case.id, records.REFUSAL)
    basis = [Law(**law) for law in refusal.data["basis"]] if refusal else []
    return "event", Event("refused", refusal.text if refusal else "", case.track, basis=basis)


_ASKED: Final[dict[str, Compose]] = {
    "submit": _became("received"),
    "supplement": _became("received"),
    "accept": _became("accepted"),
    "accept_for_platform": _became("accepted"),
    "accept_for_negotiation": _became("accepted"),
    "ask_supplement": _became("supplement_asked"),
    "reject": _became("not_accepted"),
    "notify": _answer,
    "provide": _became("provided"),
    "revoke": _became("revoked"),
    "escalate": _became("escalated"),
    "uphold": _became("upheld"),
    "say": _became("message"),
}
_RECEIVED: Final = frozenset({"submit", "supplement"})
"""Steps of the other platform's own that are told back to it, because a clock begins with them here. For its
other steps the receipt is enough."""
