"""Messages on their way: one after another in each thread, until the other side has signed for each.

A message is reserved for a while before it is sent, so that two workers do not send it at once; one that dies
leaves it to be sent again, which the receiver answers with the receipt that it gave before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from licensing.applications.lifecycle import SUBMITTED
from licensing.applications.models import Case
from licensing.cascade import mirror, peers
from licensing.cascade.lifecycle import ACTIVE
from licensing.cascade.models import ASKING, Contact, Link, Outgoing, Peer
from licensing.cascade.signing import Key, holds, public_key
from licensing.cascade.transport import Answer, Transport, Unreached, path_of
from licensing.cascade.wire import Receipt
from licensing.core.errors import InvalidInput
from licensing.core.ledger.store import append_pending
from licensing.core.store.step import load
from licensing.ports import Context

log = logging.getLogger(__name__)

ACKNOWLEDGED: Final = "cascade.acknowledged"
FIRST_DELAY: Final = timedelta(seconds=1)
LONGEST_DELAY: Final = timedelta(minutes=30)
RESERVED: Final = timedelta(seconds=20)
"""Longer than one call takes as a rule; should it take longer, a second one does no harm."""
AT_ONCE: Final = 50
"""Messages to one platform in a round, so that the scheduler's other work does not wait long."""
_OF_THE_MESSAGE: Final = ("status 409", "status 413", "status 422")
"""Answers that are about one message and not about the platform."""
Open = Callable[[], Session]
Machine = Callable[[Session], Context]


@dataclass(frozen=True, slots=True)
class _Parcel:
    message: str
    link: str
    address: str
    content: bytes


def deliver(open_session: Open, machine: Machine, key: Key, transport: Transport) -> int:
    """One round over all platforms; how many messages were acknowledged. Commits for itself."""
    with open_session() as session:
        due = list(session.scalars(_due(machine(session))))
    return sum(_to(open_session, machine, key, transport, peer) for peer in due)


def _due(ctx: Context) -> Any:
    waiting = select(Outgoing.peer_id).where(Outgoing.acknowledged_at.is_(None))
    return (
        select(Contact.peer_id)
        .join(Peer, Peer.id == Contact.peer_id)
        .where(Contact.due_at <= ctx.time.now(), Peer.status == ACTIVE, Contact.peer_id.in_(waiting))
        .order_by(Contact.due_at)
    )


def _to(open_session: Open, machine: Machine, key: Key, transport: Transport, peer_id: str) -> int:
    done, stuck = 0, set[str]()
    while done + len(stuck) < AT_ONCE:
        parcel = _reserve(open_session, machine, peer_id, stuck)
        if parcel is None:
            break
        problem = _send(open_session, machine, key, transport, peer_id, parcel)
        if not problem:
            done += 1
        elif problem.startswith(_OF_THE_MESSAGE):
            # That one is not taken as it is; the platform is there, and other threads go on.
            stuck.add(parcel.link)
        else:
            break
    return done


def _reserve(open_session: Open, machine: Machine, peer_id: str, stuck: set[str]) -> _Parcel | None:
    """The oldest message of the platform that none before it in its thread waits for."""
    with open_session() as session, session.begin():
        ctx, peer = machine(session), load(session, Peer, peer_id)
        contact = peers.contact_of(session, peer, lock=True)
        if contact.due_at > ctx.time.now() or peer.status != ACTIVE:
            return None
        earlier = aliased(Outgoing)
        first = (
            select(func.min(earlier.number))
            .where(earlier.link_id == Outgoing.link_id, earlier.acknowledged_at.is_(None))
            .correlate(Outgoing)
            .scalar_subquery()
        )
        row = session.scalar(
            select(Outgoing)
            .where(
                Outgoing.peer_id == peer_id,
                Outgoing.acknowledged_at.is_(None),
                Outgoing.number == first,
                Outgoing.link_id.not_in(stuck),
            )
            .order_by(Outgoing.tries, Outgoing.at, Outgoing.id)
            .limit(1)
        )
        if row is None:
            return None
        contact.due_at = ctx.time.now() + RESERVED
        row.tries += 1
        return _Parcel(row.id, row.link_id, peer.address, row.body.encode())


def _send(
    open_session: Open, machine: Machine, key: Key, transport: Transport, peer_id: str, parcel: _Parcel
) -> str:
    """Post one message and keep what came of it; a plain word for what is wrong, empty with a receipt."""
    with open_session() as session:
        now = machine(session).time.now()
    headers = key.headers(path_of(parcel.address), parcel.content, parcel.message, now)
    try:
        answer = transport.post(parcel.address, headers, parcel.content)
        problem = "" if answer.status == 200 else f"status {answer.status}{_code(answer)}"
    except Unreached as error:
        answer, problem = Answer(0, b""), str(error.args[0])
    except InvalidInput:
        answer, problem = Answer(0, b""), "address not allowed"
    with open_session() as session, session.begin():
        ctx, peer = machine(session), load(session, Peer, peer_id)
        contact = peers.contact_of(session, peer, lock=True)
        receipt = None if problem else _receipt(answer.content)
        if not problem and (receipt is None or not acknowledge(session, ctx, peer, parcel.message, receipt)):
            problem = "no good receipt"
        _keep(ctx, contact, problem)
    return problem


def _keep(ctx: Context, contact: Contact, problem: str) -> None:
    now = ctx.time.now()
    contact.problem = problem[:200]
    if not problem or problem.startswith(_OF_THE_MESSAGE):
        contact.contact_at, contact.failures, contact.due_at = now, 0, now
        return
    delay = min(FIRST_DELAY * 2 ** min(contact.failures, 16), LONGEST_DELAY)
    contact.failures += 1
    contact.due_at = now + delay
    log.warning("platform %s was not reached: %s", contact.peer_id, contact.problem)


def acknowledge(session: Session, ctx: Context, peer: Peer, message: str, receipt: Receipt) -> bool:
    """Keep a receipt of the other platform's; whether it is one for this message.

    Its ledger entry enters ours (the two ledgers name each other). An application that could not be taken
    there is answered here, with the reason.
    """
    row = session.scalar(
        select(Outgoing)
        .where(Outgoing.id == message, Outgoing.peer_id == peer.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    good = (
        row is not None
        and receipt.message == row.id
        and receipt.sha256 == row.sha256
        and receipt.number == row.number
        and holds(receipt, public_key(peer.key_pem))
    )
    if row is None or not good:
        return False
    if row.acknowledged_at is not None:
        return True
    link = load(session, Link, row.link_id)
    row.acknowledged_at, row.receipt = ctx.time.now(), msgspec.to_builtins(receipt)
    if receipt.case:
        session.execute(update(Link).where(Link.id == link.id).values(remote_case=receipt.case))
    payload = {
        "peer": peer.id, "thread": link.thread, "number": row.number, "message": row.id,
        "sha256": row.sha256, "outcome": receipt.outcome, "ours": row.commitment, "theirs": receipt.entry,
    }  # fmt: skip
    append_pending(session, ACKNOWLEDGED, link.case_id, payload, at=ctx.time.now())
    session.flush()
    if receipt.outcome == "refused" and row.kind == "application" and link.side == ASKING:
        case = load(session, Case, link.case_id)
        session.refresh(case, with_for_update=True)
        if case.status == SUBMITTED:
            mirror.not_accepted(session, mirror.as_holder(ctx, peer), case.id, receipt.reason.zh)
    return True


def _receipt(content: bytes) -> Receipt | None:
    try:
        return msgspec.json.decode(content, type=Receipt)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _code(answer: Answer) -> str:
    """The word of a problem document (RFC 9457), where it is one; it is nobody's data."""
    try:
        code = msgspec.json.decode(answer.content, type=dict[str, Any]).get("code", "")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return f" {code}" if isinstance(code, str) and code.isascii() and code.replace("_", "").isalnum() else ""
