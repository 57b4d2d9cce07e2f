"""How a partner ends: merged into another one, closed, erased on lawful demand."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from licensing.core.errors import Conflict, InvalidInput
from licensing.core.ledger.store import erase
from licensing.core.store.step import claim, load, step
from licensing.parties.holdings import PARTNER as HELD
from licensing.parties.holdings import move
from licensing.parties.lifecycle import PARTNER, VERIFIED
from licensing.parties.models import BlacklistEntry, Contact, Partner, PartnerIdentity, Qualification
from licensing.ports import Context


def merge_partner(
    session: Session,
    ctx: Context,
    partner_id: str,
    successor_id: str,
    *,
    basis: str,
    if_version: int | None = None,
) -> Partner:
    """A partner was taken over: its cases and its blacklistings go to the successor, its identity stays.

    Qualifications do not pass on; the successor shows its own.

    Raises:
        Conflict: the successor is not a verified partner.
        InvalidInput: the successor is the partner itself.
    """
    if partner_id == successor_id:
        raise InvalidInput("承接方不能是合作方自身。", "A partner cannot succeed itself.")
    rows = {each: load(session, Partner, each) for each in sorted((partner_id, successor_id))}
    for row in rows.values():
        claim(session, row, if_version if row.id == partner_id else None)
    if rows[successor_id].status != VERIFIED:
        raise Conflict("承接方尚未通过实名核验。", "The successor is not a verified partner.")
    changes = {"merged_into": successor_id}
    partner = step(
        session, ctx, PARTNER, rows[partner_id], "merge", basis, {"to": successor_id}, changes=changes
    )
    move(session, ctx, HELD, partner_id, successor_id, {"from": partner_id, "to": successor_id})
    session.execute(
        update(BlacklistEntry).where(BlacklistEntry.partner_id == partner_id).values(partner_id=successor_id)
    )
    return partner


def close_partner(
    session: Session, ctx: Context, partner_id: str, *, reason: str = "", if_version: int | None = None
) -> Partner:
    """End a registration; what was done under it stays."""
    return step(
        session, ctx, PARTNER, load(session, Partner, partner_id), "close", reason, if_version=if_version
    )


def erase_partner(
    session: Session, ctx: Context, partner_id: str, *, basis: str, if_version: int | None = None
) -> int:
    """Remove all that is personal about a partner on lawful demand; answers how many payloads went.

    Identity, contacts, numbers of qualifications and reasons of blacklistings are gone, the ledger keeps
    its commitments and verifies as before. The opaque id stays where cases refer to it. Source: Personal
    Information Protection Law, article 47.

    Raises:
        NotPermitted: the caller is not the administrator.
        TransitionRefused: no basis is given, or it was erased already.
    """
    partner = load(session, Partner, partner_id)
    step(session, ctx, PARTNER, partner, "erase", basis, if_version=if_version)
    session.execute(delete(PartnerIdentity).where(PartnerIdentity.partner_id == partner_id))
    session.execute(delete(Contact).where(Contact.party_id == partner_id))
    session.execute(delete(Qualification).where(Qualification.partner_id == partner_id))
    session.execute(
        update(BlacklistEntry)
        .where(BlacklistEntry.partner_id == partner_id)
        .values(reason="", lifted_reason="")
    )
    # Objects in the session would still show what the tables no longer hold.
    for model in (PartnerIdentity, Contact, Qualification, BlacklistEntry):
        for row in [each for each in session.identity_map.values() if isinstance(each, model)]:
            session.expire(row)
    return erase(session, ctx, partner_id, basis)


def took_over(session: Session, partner_id: str) -> list[Partner]:
    """The partners that were merged into this one."""
    return list(
        session.scalars(select(Partner).where(Partner.merged_into == partner_id).order_by(Partner.id))
    )
