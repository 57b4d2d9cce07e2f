"""Messages of other platforms: each takes effect once, however often it comes.

Everything is one transaction: the nonce, the effect on the case, the entry in the ledger, the stored message
and the receipt. Whoever sends the same message again is given the same receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from licensing.applications import disputes, messages, provision, service
from licensing.applications.kinds import DEPARTMENT, PARTNER
from licensing.applications.models import Case
from licensing.cascade import mirror, peers, telling
from licensing.cascade.lifecycle import ACTIVE
from licensing.cascade.models import ASKED, ASKING, Incoming, Link, Peer, SeenNonce
from licensing.cascade.signing import Believed, Key, Shown, check, public_key, unbelieved
from licensing.cascade.wire import (
    PROTOCOL,
    Application,
    Event,
    Message,
    Receipt,
    Said,
    Supplement,
    body_of,
    digest,
    encoded,
)
from licensing.core.errors import Conflict, InvalidInput, LicensingError, NotFound
from licensing.core.ledger.store import append_pending
from licensing.core.store.ids import new_id
from licensing.core.store.step import load
from licensing.core.store.text import refuse_unstorable
from licensing.http.words import Label
from licensing.ports import Context

B = TypeVar("B")
RECEIVED: Final = "cascade.received"
NO_REASON: Final = Label("", "")


class OutOfOrder(Conflict):
    """A message is missing before this one."""

    code = "out_of_order"


@dataclass(frozen=True, slots=True)
class _Came:
    """A believed message with whatever its effect needs."""

    peer: Peer
    message: Message
    body: Any
    link: Link | None


def receive(session: Session, ctx: Context, key: Key, message: Message, shown: Shown) -> Receipt:
    """Take a message; ``ctx`` acts as the machine. Never commits.

    Raises:
        Unauthenticated: the platform is not registered, or the signature is not good for this request.
        InvalidInput: the message is not what the protocol asks for, or for somebody else.
        OutOfOrder: a message before it has not come yet; the answer names the number expected.
        Conflict: another message came under this id or number, or the platform is suspended.
    """
    peer = peers.of_key(session, message.sender)
    if peer is None:
        raise unbelieved()
    now = ctx.time.now()
    believed = check(shown, public_key(peer.key_pem), now)
    if peer.status != ACTIVE:
        raise Conflict("与该平台的对接已暂停。", "The connection with this platform is suspended.")
    contact = peers.contact_of(session, peer, lock=True)
    _fresh(session, peer, believed, now)
    _addressed(message, key, shown)
    before = session.get(Incoming, message.id)
    if before is not None:
        if before.peer_id != peer.id or before.sha256 != digest(shown.content):
            raise Conflict("同一编号下的内容与先前不同。", "Another message came under this id before.")
        contact.contact_at = now
        return msgspec.convert(before.receipt, Receipt)
    link = _link(session, peer, message)
    _in_order(session, peer, message)
    came = _Came(peer, message, body_of(message), link)
    receipt = _take(session, ctx, key, came, shown, now)
    contact.contact_at = now
    session.flush()
    return receipt


def _take(session: Session, ctx: Context, key: Key, came: _Came, shown: Shown, now: datetime) -> Receipt:
    message, link, outcome, reason = came.message, came.link, "taken", NO_REASON
    try:
        with session.begin_nested():
            link = _EFFECTS[message.kind](session, ctx, came)
    except LicensingError as error:
        # Understood, and not possible: the other side has to know, and sending it again is no use.
        outcome, reason = "refused", Label(error.zh, error.en)
    if link is not None:
        session.refresh(link, with_for_update=True)
        state, clocks = msgspec.to_builtins(message.state), msgspec.to_builtins(message.clocks)
        telling.heard(link, state, clocks, message.at, message.case)
        link.received = message.number
    sha256 = digest(shown.content)
    subject = link.case_id if link is not None else message.id
    payload = {
        "peer": came.peer.id, "thread": message.thread, "number": message.number, "message": message.id,
        "sha256": sha256, "outcome": outcome, "theirs": message.entry.commitment,
    }  # fmt: skip
    entry = append_pending(session, RECEIVED, subject, payload, at=now)
    receipt = key.receipt(
        Receipt(
            protocol=PROTOCOL, message=message.id, sha256=sha256, thread=message.thread,
            number=message.number, outcome=outcome, reason=reason,  # type: ignore[arg-type]
            case=link.case_id if link is not None else "", entry=entry,
            at=now.astimezone(timezone.utc).isoformat(timespec="seconds"), key=key.id,
        )
    )  # fmt: skip
    session.add(
        Incoming(
            id=message.id, link_id=link.id if link is not None else None, peer_id=came.peer.id,
            thread=message.thread, number=message.number, kind=message.kind, body=shown.content.decode(),
            sha256=sha256, signature=shown.evidence(), at=now, receipt=msgspec.to_builtins(receipt),
        )
    )  # fmt: skip
    session.flush()
    return receipt


def _fresh(session: Session, peer: Peer, believed: Believed, now: datetime) -> None:
    """Take the nonce; a second request with it is a replay."""
    session.execute(delete(SeenNonce).where(SeenNonce.until <= now))
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"peer_id": peer.id, "nonce": believed.nonce, "until": believed.until}
    taken = session.execute(
        dialect.insert(SeenNonce).values(row).on_conflict_do_nothing().returning(SeenNonce.nonce)
    )
    if taken.first() is None:
        raise unbelieved()


def _addressed(message: Message, key: Key, shown: Shown) -> None:
    refuse_unstorable(msgspec.to_builtins(message))
    if message.receiver != key.id or shown.header("idempotency-key") != message.id:
        raise InvalidInput(
            "消息不是发给本平台的，或者编号与 Idempotency-Key 不同。",
            "The message is for another platform, or its id is not the Idempotency-Key.",
        )
    if encoded(message) != shown.content:
        raise InvalidInput("消息没有按 RFC 8785 规范化。", "The message is not canonical JSON (RFC 8785).")


def _link(session: Session, peer: Peer, message: Message) -> Link | None:
    """The link of the thread, locked; an event is about a case of ours, anything else about one of theirs."""
    side = ASKING if message.kind == "event" else ASKED
    query = select(Link).where(Link.peer_id == peer.id, Link.side == side, Link.thread == message.thread)
    found = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None and message.kind == "event":
        raise NotFound("没有找到该申请。", "There is no such application.")
    return found


def _in_order(session: Session, peer: Peer, message: Message) -> None:
    last = session.scalar(
        select(func.max(Incoming.number)).where(
            Incoming.peer_id == peer.id, Incoming.thread == message.thread
        )
    )
    expected = (last or 0) + 1
    if message.number != expected:
        raise OutOfOrder(
            "消息次序不对，应为第 {expected} 件。", "Out of order: number {expected} comes next.",
            expected=expected,
        )  # fmt: skip


# -- effects -----------------------------------------------------------------------------------------------


def _application(session: Session, ctx: Context, came: _Came) -> Link:
    """It becomes a case of ours, with the other platform as its applicant; our clock begins."""
    body = _as(Application, came)
    if came.link is not None or came.message.number != 1:
        raise Conflict("该申请已经收到。", "The application was received already.")
    peer, theirs = came.peer, body.applicant
    if body.kind == "sharing":
        kind, ours = DEPARTMENT, peer.departments.get(theirs.id, peer.department)
    else:
        kind, ours = PARTNER, peer.partner
    if not ours:
        raise Conflict(
            "本平台没有登记代表该平台开发者的主体，不能受理授权开发申请。",
            "Nobody is registered here to stand for that platform's developers.",
        )
    acting = mirror.as_applicant(ctx, peer)
    case = service.create(
        session, acting, kind=body.kind, applicant_kind=kind, applicant_id=ours, draft=body.content.draft()
    )
    service.submit(session, acting, case.id)
    if case.platform is not None:
        raise Conflict(
            "所申请的数据不是本平台的，请向持有平台申请。", "These data are another platform's; ask that one."
        )
    link = Link(
        id=new_id(), case_id=case.id, peer_id=peer.id, side=ASKED, thread=came.message.thread,
        remote_case=came.message.case, applicant=theirs.name, told=0, sent=0, received=0, remote={},
    )  # fmt: skip
    session.add(link)
    session.flush()
    return link


def _as(kind: type[B], came: _Came) -> B:
    """The body as the kind of its message says (:func:`licensing.cascade.wire.body_of` has checked it)."""
    if not isinstance(came.body, kind):
        raise TypeError(came.message.kind)
    return came.body


def _ours(came: _Came) -> Link:
    if came.link is None:
        raise NotFound("没有找到该申请。", "There is no such application.")
    return came.link


def _supplement(session: Session, ctx: Context, came: _Came) -> Link:
    link, body = _ours(came), _as(Supplement, came)
    acting = mirror.as_applicant(ctx, came.peer)
    service.supplement(session, acting, link.case_id, body.content.draft(), reason=body.text)
    return link


def _said(take: Callable[..., Case], *, required: bool = False) -> Effect:
    def effect(session: Session, ctx: Context, came: _Came) -> Link:
        link, body = _ours(came), _as(Said, came)
        if required and not body.text.strip():
            raise InvalidInput("留言不能为空。", "A message is not empty.")
        take(session, mirror.as_applicant(ctx, came.peer), link.case_id, reason=body.text)
        return link

    return effect


def _event(session: Session, ctx: Context, came: _Came) -> Link:
    link, body = _ours(came), _as(Event, came)
    if load(session, Case, link.case_id).platform != came.peer.site:
        raise Conflict("该平台不持有所申请的数据。", "That platform does not hold these data.")
    mirror.follow(session, mirror.as_holder(ctx, came.peer), link.case_id, body)
    return link


Effect = Callable[[Session, Context, _Came], Link]
_EFFECTS: Final[Mapping[str, Effect]] = {
    "application": _application,
    "supplement": _supplement,
    "withdraw": _said(service.withdraw),
    "message": _said(messages.say, required=True),
    "negotiate": _said(disputes.negotiate),
    "escalate": _said(disputes.escalate),
    "close": _said(disputes.close),
    "finish": _said(provision.finish),
    "event": _event,
}
