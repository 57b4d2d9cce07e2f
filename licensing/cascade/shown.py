"""What administrators see of other platforms, and both sides of a case that two platforms share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licensing.applications.lifecycle import DRAFT
from licensing.applications.models import Case
from licensing.cascade import peers
from licensing.cascade.lifecycle import ACTIVE, STATE_NAMES
from licensing.cascade.models import ASKING, Contact, Incoming, Link, Outgoing, Peer
from licensing.cascade.signing import Key
from licensing.core.clock import CHINA
from licensing.http.words import CaseClock, Label
from licensing.ports import Context

YELLOW_AFTER, RED_AFTER = timedelta(minutes=10), timedelta(hours=24)
"""How long the oldest message may wait before the lamp of a platform turns."""
MOST_WAITING: Final = 100


class Identity(msgspec.Struct):
    """What other platforms enter of this one; ``key`` is empty where it talks to none."""

    protocol: str
    key_id: str
    key: str


class PeerView(msgspec.Struct):
    """A platform of the register. ``lamp`` is ``green yellow red`` or ``grey`` (suspended)."""

    id: str
    name: str
    level: str
    level_label: Label
    status: str
    status_label: Label
    version: int
    site: str
    address: str
    key_id: str
    key: str
    department: str
    departments: dict[str, str]
    partner: str
    waiting: int
    waiting_since: str | None
    cases: int
    contact_at: str | None
    next_try: str | None
    failures: int
    problem: str
    lamp: str


class WaitingView(msgspec.Struct):
    """A message that the other side has not signed for."""

    id: str
    peer: str
    case: str
    number: int
    kind: str
    at: str
    tries: int


class Overview(msgspec.Struct):
    """All platforms and what waits; ``unaddressed``: cases whose platform is not in the register."""

    peers: list[PeerView]
    waiting: list[WaitingView]
    unaddressed: int


class MessageView(msgspec.Struct):
    """A message of a case. ``ours`` and ``theirs`` are the commitments by which the two ledgers have it;
    ``reason`` says why the receiver could not follow it. ``word`` is what an event tells."""

    sent: bool
    number: int
    kind: str
    word: str
    at: str
    acknowledged_at: str | None
    outcome: str
    reason: Label
    ours: str
    theirs: str


class OtherSide(msgspec.Struct):
    """The other platform's side of a case: what it last said of its own case, and all messages.

    ``asking``: the data are theirs. ``applicant`` is whom they ask for where the data are ours.
    """

    peer: str
    peer_name: str
    asking: bool
    thread: str
    case: str
    applicant: str
    state: Label | None
    clocks: list[CaseClock]
    heard_at: str | None
    lamp: str
    messages: list[MessageView]


def identity(key: Key | None) -> Identity:
    """Public key and protocol of this installation."""
    return Identity("govdata-cascade/1", key.id if key else "", key.pem() if key else "")


def overview(session: Session, ctx: Context) -> Overview:
    """The register with its lamps, and the oldest messages that wait."""
    now = ctx.time.now()
    waiting = {
        peer: (number, since)
        for peer, number, since in session.execute(
            select(Outgoing.peer_id, func.count(), func.min(Outgoing.at))
            .where(Outgoing.acknowledged_at.is_(None))
            .group_by(Outgoing.peer_id)
        ).tuples()
    }
    cases = dict(session.execute(select(Link.peer_id, func.count()).group_by(Link.peer_id)).tuples().all())
    contacts = {each.peer_id: each for each in session.scalars(select(Contact))}
    rows = session.scalars(select(Peer).order_by(Peer.id)).all()
    unaddressed = session.scalar(
        select(func.count())
        .select_from(Case)
        .outerjoin(Link, Link.case_id == Case.id)
        .where(Case.platform.is_not(None), Case.status != DRAFT, Link.id.is_(None))
        .where(Case.platform.not_in([row.site for row in rows]))
    )
    oldest = session.execute(
        select(Outgoing, Link.case_id)
        .join(Link, Link.id == Outgoing.link_id)
        .where(Outgoing.acknowledged_at.is_(None))
        .order_by(Outgoing.at, Outgoing.id)
        .limit(MOST_WAITING)
    ).tuples()
    return Overview(
        [
            view(row, contacts[row.id], waiting.get(row.id, (0, None)), cases.get(row.id, 0), now)
            for row in rows
        ],
        [
            WaitingView(row.id, row.peer_id, case, row.number, row.kind, _moment(row.at), row.tries)
            for row, case in oldest
        ],
        unaddressed or 0,
    )


def one(session: Session, ctx: Context, peer: Peer) -> PeerView:
    """One platform."""
    number, since = session.execute(
        select(func.count(), func.min(Outgoing.at)).where(
            Outgoing.peer_id == peer.id, Outgoing.acknowledged_at.is_(None)
        )
    ).one()
    cases = session.scalar(select(func.count()).select_from(Link).where(Link.peer_id == peer.id)) or 0
    return view(peer, peers.contact_of(session, peer), (number, since), cases, ctx.time.now())


def view(
    peer: Peer, contact: Contact, waiting: tuple[int, datetime | None], cases: int, now: datetime
) -> PeerView:
    """A row of the register with its lamp."""
    number, since = waiting
    return PeerView(
        id=peer.id, name=peer.name, level=peer.level, level_label=Label(*peers.LEVELS[peer.level]),
        status=peer.status, status_label=Label(*STATE_NAMES[peer.status]), version=peer.version,
        site=peer.site, address=peer.address, key_id=peer.key_id, key=peer.key_pem,
        department=peer.department, departments=peer.departments, partner=peer.partner, waiting=number,
        waiting_since=_moment(since) if since else None, cases=cases,
        contact_at=_moment(contact.contact_at) if contact.contact_at else None,
        next_try=_moment(contact.due_at) if number else None, failures=contact.failures,
        problem=contact.problem, lamp=lamp(peer, contact, since, now),
    )  # fmt: skip


def lamp(peer: Peer, contact: Contact, since: datetime | None, now: datetime) -> str:
    """How it goes with a platform, by how long its oldest message waits."""
    if peer.status != ACTIVE:
        return "grey"
    if since is not None and now - since > RED_AFTER:
        return "red"
    late = since is not None and (now - since > YELLOW_AFTER or contact.failures > 0)
    return "yellow" if late or contact.problem else "green"


def other_side(session: Session, ctx: Context, case: Case) -> OtherSide | None:
    """What the page of a case shows of the other platform; None for a case that is ours alone."""
    found = session.execute(
        select(Link, Peer).join(Peer, Peer.id == Link.peer_id).where(Link.case_id == case.id)
    ).first()
    if found is None:
        return None
    link, peer = found
    contact = peers.contact_of(session, peer)
    outgoing = session.scalars(
        select(Outgoing).where(Outgoing.link_id == link.id).order_by(Outgoing.number)
    ).all()
    incoming = session.scalars(
        select(Incoming).where(Incoming.link_id == link.id).order_by(Incoming.number)
    ).all()
    waits = [row.at for row in outgoing if row.acknowledged_at is None]
    remote = link.remote
    said = sorted([*map(_sent, outgoing), *map(_came, incoming)], key=lambda each: (each.at, each.sent))
    return OtherSide(
        peer=peer.id, peer_name=peer.name, asking=link.side == ASKING, thread=link.thread,
        case=link.remote_case, applicant=link.applicant,
        state=msgspec.convert(remote["state"]["label"], Label) if remote else None,
        clocks=msgspec.convert(remote.get("clocks", []), list[CaseClock]),
        heard_at=remote.get("at"), lamp=lamp(peer, contact, min(waits, default=None), ctx.time.now()),
        messages=said,
    )  # fmt: skip


def _sent(row: Outgoing) -> MessageView:
    receipt = row.receipt or {}
    return MessageView(
        True, row.number, row.kind, _word(row.body), _moment(row.at),
        _moment(row.acknowledged_at) if row.acknowledged_at else None, receipt.get("outcome", ""),
        msgspec.convert(receipt.get("reason", {"zh": "", "en": ""}), Label), row.commitment,
        receipt.get("entry", ""),
    )  # fmt: skip


def _came(row: Incoming) -> MessageView:
    receipt = row.receipt
    theirs = msgspec.json.decode(row.body)["entry"]["commitment"]
    return MessageView(
        False, row.number, row.kind, _word(row.body), _moment(row.at), _moment(row.at), receipt["outcome"],
        msgspec.convert(receipt["reason"], Label), receipt["entry"], theirs,
    )  # fmt: skip


def _word(body: str) -> str:
    return str(msgspec.json.decode(body)["body"].get("word", ""))


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(timespec="seconds")
