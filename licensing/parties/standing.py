"""Whether a partner may be given data today: verification, qualifications, blacklist.

Nothing here is kept as a flag that a job would have to switch: an expired qualification or a blacklisting
that has run out is judged by its dates at the moment of asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.errors import Conflict, InvalidInput, NotFound
from licensing.core.store.step import load, step
from licensing.core.store.text import refuse_unstorable
from licensing.parties.lifecycle import PARTNER, VERIFIED
from licensing.parties.models import BlacklistEntry, Partner, Qualification
from licensing.ports import Context

REMIND_DAYS: Final = 30


class PartnerNotEligible(Conflict):
    """The partner may not be given data now; the message says why."""

    code = "partner_not_eligible"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a partner is not given data."""

    code: str
    zh: str
    en: str


def add_qualification(
    session: Session,
    ctx: Context,
    partner_id: str,
    *,
    kind: str,
    number: str,
    issuer: str,
    valid_from: date,
    valid_until: date | None = None,
    evidence_sha256: str | None = None,
    if_version: int | None = None,
) -> Qualification:
    """Enter what a partner is qualified for; ``kind`` is a word by which cases ask for it."""
    refuse_unstorable([kind, number, issuer])
    if not kind.strip() or not number.strip() or (valid_until is not None and valid_until < valid_from):
        raise InvalidInput(
            "资质须有类别和编号，有效期止不得早于起始日。",
            "A qualification has a kind and a number, and does not end before it begins.",
        )
    row = Qualification(
        partner_id=partner_id,
        kind=kind.strip(),
        number=number.strip(),
        issuer=issuer.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        evidence_sha256=evidence_sha256,
        withdrawn=False,
    )
    partner = load(session, Partner, partner_id)
    step(session, ctx, PARTNER, partner, "qualify", "", {"kind": row.kind}, if_version)
    session.add(row)
    session.flush()
    return row


def withdraw_qualification(
    session: Session, ctx: Context, qualification_id: str, *, reason: str, if_version: int | None = None
) -> Qualification:
    """A qualification was withdrawn by whoever issued it, or never was one."""
    row = session.get(Qualification, qualification_id)
    if row is None:
        raise NotFound("没有找到该资质。", "There is no such qualification.")
    partner = load(session, Partner, row.partner_id)
    step(session, ctx, PARTNER, partner, "disqualify", reason, {"qualification": row.id}, if_version)
    row.withdrawn = True
    session.flush()
    return row


def qualifications_of(
    session: Session, partner_id: str, day: date | None = None, *, kind: str | None = None
) -> list[Qualification]:
    """The qualifications of a partner; with ``day``, those in force on that day."""
    query = select(Qualification).where(Qualification.partner_id == partner_id)
    if kind is not None:
        query = query.where(Qualification.kind == kind)
    if day is not None:
        query = query.where(
            Qualification.withdrawn.is_(False),
            Qualification.valid_from <= day,
            or_(Qualification.valid_until.is_(None), Qualification.valid_until >= day),
        )
    return list(session.scalars(query.order_by(Qualification.id)))


def soon(today: date) -> date:
    """Until which day an end is worth a reminder today."""
    return today + timedelta(days=REMIND_DAYS)


def expiring(session: Session, first: date, last: date) -> list[Qualification]:
    """Qualifications in force that end between two days, both counted: whom to remind."""
    query = select(Qualification).where(
        Qualification.withdrawn.is_(False),
        Qualification.valid_until >= first,
        Qualification.valid_until <= last,
    )
    return list(session.scalars(query.order_by(Qualification.valid_until, Qualification.id)))


def blacklist(
    session: Session,
    ctx: Context,
    partner_id: str,
    *,
    reason: str,
    until: date | None = None,
    if_version: int | None = None,
) -> BlacklistEntry:
    """Give a partner no data from today to ``until`` (its last day; None: until lifted), with the reason.

    Raises:
        InvalidInput: the end lies before today.
        NotPermitted: the caller is not the administrator.
    """
    today = china_day(ctx.time.now())
    if until is not None and until < today:
        raise InvalidInput("黑名单截止日不能早于今天。", "A blacklisting cannot end before today.")
    partner = load(session, Partner, partner_id)
    payload = {"until": until.isoformat() if until else ""}
    step(session, ctx, PARTNER, partner, "blacklist", reason, payload, if_version)
    row = BlacklistEntry(
        partner_id=partner_id,
        reason=reason.strip(),
        from_day=today,
        until_day=until,
        actor=ctx.principal.id,
        lifted_at=None,
        lifted_reason="",
    )
    session.add(row)
    session.flush()
    return row


def lift(
    session: Session, ctx: Context, partner_id: str, *, reason: str, if_version: int | None = None
) -> list[BlacklistEntry]:
    """End every blacklisting of a partner that is in force; the entries stay on record.

    Raises:
        Conflict: there is none.
    """
    partner = load(session, Partner, partner_id)
    step(session, ctx, PARTNER, partner, "lift", reason, if_version=if_version)
    rows = blacklisted(session, partner_id, china_day(ctx.time.now()))
    if not rows:
        raise Conflict("该合作方目前不在黑名单中。", "The partner is not on the blacklist now.")
    for row in rows:
        row.lifted_at, row.lifted_reason = ctx.time.now(), reason.strip()
    session.flush()
    return rows


def blacklisted(session: Session, partner_id: str, day: date) -> list[BlacklistEntry]:
    """The blacklistings of a partner in force on ``day``."""
    query = select(BlacklistEntry).where(
        BlacklistEntry.partner_id == partner_id,
        BlacklistEntry.lifted_at.is_(None),
        BlacklistEntry.from_day <= day,
        or_(BlacklistEntry.until_day.is_(None), BlacklistEntry.until_day >= day),
    )
    return list(session.scalars(query.order_by(BlacklistEntry.id)))


def blacklist_of(session: Session, partner_id: str) -> list[BlacklistEntry]:
    """Every blacklisting of a partner, past ones too."""
    query = select(BlacklistEntry).where(BlacklistEntry.partner_id == partner_id)
    return list(session.scalars(query.order_by(BlacklistEntry.id)))


def obstacles(
    session: Session, ctx: Context, partner_id: str, required: Sequence[str] = ()
) -> tuple[Obstacle, ...]:
    """Why a partner may not be given data today; empty when it may. ``required``: kinds of qualification."""
    partner = session.get(Partner, partner_id)
    if partner is None:
        return (Obstacle("not_registered", "合作方尚未登记", "the partner is not registered"),)
    today = china_day(ctx.time.now())
    found: list[Obstacle] = []
    if partner.status != VERIFIED:
        found.append(Obstacle("not_verified", "尚未通过实名核验", "the partner is not verified"))
    if blacklisted(session, partner_id, today):
        found.append(Obstacle("blacklisted", "已被列入黑名单", "the partner is on the blacklist"))
    for kind in required:
        if not qualifications_of(session, partner_id, today, kind=kind):
            found.append(
                Obstacle(
                    "qualification",
                    f"没有有效的“{kind}”资质",
                    f'the partner has no valid qualification "{kind}"',
                )
            )
    return tuple(found)


def require_eligible(session: Session, ctx: Context, partner_id: str, required: Sequence[str] = ()) -> None:
    """Refuse a partner that may not be given data today.

    Raises:
        PartnerNotEligible: with every reason.
    """
    found = obstacles(session, ctx, partner_id, required)
    if found:
        raise PartnerNotEligible(
            "合作方暂不符合条件：{reasons}。",
            "The partner is not eligible: {english}.",
            reasons="；".join(each.zh for each in found),
            english="; ".join(each.en for each in found),
        )
