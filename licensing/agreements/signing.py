"""From agreed words to an agreement that both sides have signed, and its ends.

The signed file is made of the version that both agreed to; signatures go through ``licensing.signatures``.
With the last of them the agreement takes effect, and an amendment or a renewal replaces what it follows, all
in one transaction.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from licensing.agreements import versions
from licensing.agreements.calendar_days import china_day
from licensing.agreements.errors import AgreementRefused
from licensing.agreements.lifecycle import (
    EXPIRED,
    HOLDING,
    IN_FORCE,
    LIFECYCLE,
    SIGNING,
)
from licensing.agreements.models import Agreement, AgreementParties
from licensing.agreements.pdf import Printed, to_pdf
from licensing.agreements.service import demand_fit, possible, tell
from licensing.core.errors import NotFound, NotPermitted
from licensing.core.ledger.store import erase
from licensing.core.store.step import claim, load, step
from licensing.ports import ADMINISTRATOR, APPLICANT, PROVIDER, Context
from licensing.signatures import service as signatures
from licensing.signatures.lifecycle import SIGNED
from licensing.signatures.models import Document, SignatureRequest
from licensing.signatures.trust import Trust

DOCUMENT_KIND: Final = "agreement"
AMENDS, RENEWS = "amends", "renews"


def printed(
    session: Session, agreement: Agreement, *, address: str = "", edition: int | None = None
) -> Printed:
    """A version as PDF, without signatures; ``address`` of the public verification page."""
    version = versions.version_of(session, agreement, edition)
    text = versions.text_of(session, agreement, edition)
    return to_pdf(text, china_day(version.made_at), address=address, digest=version.sha256)


def open_for_signing(
    session: Session,
    ctx: Context,
    agreement_id: str,
    *,
    address: str,
    national: bool = False,
    if_version: int | None = None,
) -> Agreement:
    """Make the file that is signed, first by 甲方, then by 乙方.

    Args:
        address: of the public verification page; it stands in the QR code.
        national: both sides also sign by SM2 with SM3.

    Raises:
        AgreementIncomplete: the version does not fit any more.
        AgreementRefused: its term is over before it is signed.
    """
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement, if_version)
    version = versions.version_of(session, agreement)
    payload = version.payload()
    if not possible(ctx, agreement, "open_for_signing"):
        return step(session, ctx, LIFECYCLE, agreement, "open_for_signing", payload=payload)
    demand_fit(session, ctx, agreement, "open_for_signing")
    terms = versions.terms_of(version)
    if terms.term is not None and terms.term.last_day < china_day(ctx.time.now()):
        raise AgreementRefused(
            "协议期限已过，请修改期限后重新协商。", "The term is over; change it and negotiate again."
        )
    made = printed(session, agreement, address=address)
    document = signatures.open_document(
        session,
        ctx,
        kind=DOCUMENT_KIND,
        subject_id=agreement.id,
        title=f"{terms.title}（{agreement.number}）",
        pdf=made.pdf,
        signatories=versions.parties_of(session, version).signatories(),
        places=made.places,
        national=national,
    )
    changes = {"document_id": document.id}
    return step(session, ctx, LIFECYCLE, agreement, "open_for_signing", payload=payload, changes=changes)


def add_signature(
    session: Session,
    ctx: Context,
    trust: Trust,
    request_id: str,
    signature: bytes,
    national_signature: bytes | None = None,
) -> Agreement:
    """A side's signature, as :func:`licensing.signatures.service.add_signature`; with the last one the
    agreement takes effect.

    The agreement is locked before its file, as everywhere here: in two orders they would wait for each other.

    Raises:
        SignatureRefused, CertificateRefused: as there.
        AgreementRefused: the file is none of an agreement, or the agreement cannot take effect any more.
    """
    request = session.get(SignatureRequest, request_id)
    document = session.get(Document, request.document_id) if request is not None else None
    if document is None:
        raise NotFound("没有这个签署请求。", "There is no such request for a signature.")
    if document.kind != DOCUMENT_KIND:
        raise AgreementRefused("该文件不是协议。", "This document is not an agreement.")
    agreement = load(session, Agreement, document.subject_id)
    claim(session, agreement)
    signatures.add_signature(session, ctx, trust, request_id, signature, national_signature)
    return take_effect(session, ctx, agreement.id) if document.status == SIGNED else agreement


def cancel_signing(
    session: Session, ctx: Context, agreement_id: str, *, reason: str, if_version: int | None = None
) -> Agreement:
    """Void the file that not everybody has signed, and negotiate again."""
    return _give_up(session, ctx, agreement_id, "cancel_signing", reason, if_version)


def abandon(
    session: Session, ctx: Context, agreement_id: str, *, reason: str, if_version: int | None = None
) -> Agreement:
    """Give up an agreement that is not yet signed by all, or that can never take effect."""
    return _give_up(session, ctx, agreement_id, "abandon", reason, if_version)


def take_effect(session: Session, ctx: Context, agreement_id: str) -> Agreement:
    """Take note that both sides have signed, in the transaction of the last signature.

    Raises:
        AgreementRefused: not everybody has signed, or what it amends or renews does not hold any more.
    """
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement)
    former = _former(session, agreement)
    document = _document(session, agreement)
    if agreement.status == SIGNING and (document is None or document.status != SIGNED):
        raise AgreementRefused("协议尚未由双方全部签署。", "The agreement is not yet signed by both sides.")
    if agreement.status == SIGNING and not _can_follow(agreement, former):
        raise AgreementRefused(
            "原协议已经终止，本协议不能生效，请放弃后另行起草。",
            "What it follows does not hold any more; abandon it and draft another one.",
        )
    version = versions.version_of(session, agreement)
    term = versions.terms_of(version).term
    now = ctx.time.now()
    step(
        session,
        ctx,
        LIFECYCLE,
        agreement,
        "take_effect",
        payload={
            **version.payload(),
            "document": agreement.document_id,
            "file": document.file_sha256 if document is not None else None,
        },
        changes={
            "signed_edition": version.edition,
            "first_day": term.first_day if term else None,
            "last_day": term.last_day if term else None,
            "signed_at": document.modified_at if document else now,
        },
    )
    if former is not None and former.status == IN_FORCE:
        amends = agreement.relation == AMENDS
        data = {"by": agreement.id}
        changes = {"ended_at": now} if amends else {}
        action = "be_amended" if amends else "be_renewed"
        step(session, ctx, LIFECYCLE, former, action, payload=data, changes=changes)
    both = frozenset({APPLICANT, PROVIDER, ADMINISTRATOR})
    tell(ctx, agreement, "signed", both, "由双方签署完毕", "signed by both sides")
    return agreement


def terminate(
    session: Session, ctx: Context, agreement_id: str, *, reason: str, if_version: int | None = None
) -> Agreement:
    """End an agreement now, with its reason; a renewal that has not begun ends with it."""
    agreement = load(session, Agreement, agreement_id)
    now = ctx.time.now()
    ended = step(
        session,
        ctx,
        LIFECYCLE,
        agreement,
        "terminate",
        reason,
        if_version=if_version,
        changes={"ended_at": now},
    )
    renewals = select(Agreement).where(
        Agreement.predecessor == agreement.id, Agreement.relation == RENEWS, Agreement.status.in_(HOLDING)
    )
    for renewal in session.scalars(renewals):
        if renewal.first_day is not None and renewal.first_day > china_day(now):
            terminate(session, ctx, renewal.id, reason=reason)
    both = frozenset({APPLICANT, PROVIDER, ADMINISTRATOR})
    tell(ctx, agreement, "terminated", both, "终止", "terminated")
    return ended


def expire_due(session: Session, ctx: Context, limit: int = 200) -> list[Agreement]:
    """Mark agreements whose last day or whose notice is over; run by the system. Access has ended then
    already."""
    now = ctx.time.now()
    query = (
        select(Agreement)
        .where(
            Agreement.status.in_(HOLDING),
            or_(
                Agreement.last_day < china_day(now),
                and_(Agreement.status == IN_FORCE, Agreement.ended_at <= now),
            ),
        )
        .order_by(Agreement.id)
        .limit(limit)
    )
    due = list(session.scalars(query))
    return [
        step(session, ctx, LIFECYCLE, each, "end_notice" if each.ended_at is not None else "expire")
        for each in due
    ]


def erase_parties(
    session: Session, ctx: Context, agreement_id: str, basis: str, *, if_version: int | None = None
) -> int:
    """Remove the parties' names from an agreement that has ended, on lawful demand; answers of how many
    versions.

    Versions keep their digests, the ledger its entries. The signed file itself is evidence and is kept for as
    long as the law says.

    Raises:
        AgreementRefused: the agreement has not ended.
        NotPermitted: the caller is not the administrator; InvalidInput: no basis.
    """
    if ADMINISTRATOR not in ctx.principal.roles:
        raise NotPermitted("只有政务信息管理部门可以依法删除。", "Only the administrator may erase.")
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement, if_version)
    if agreement.status not in LIFECYCLE.dead_ends():
        raise AgreementRefused(
            "协议尚未终结，不能删除双方信息。", "The agreement has not ended: its parties cannot be erased."
        )
    erase(session, ctx, agreement.id, basis)
    rows = select(AgreementParties.id).where(AgreementParties.agreement_id == agreement.id)
    found = list(session.scalars(rows))
    session.execute(delete(AgreementParties).where(AgreementParties.id.in_(found)))
    return len(found)


def _give_up(
    session: Session, ctx: Context, agreement_id: str, action: str, reason: str, if_version: int | None
) -> Agreement:
    agreement = load(session, Agreement, agreement_id)
    claim(session, agreement, if_version)
    document = _document(session, agreement) if agreement.status == SIGNING else None
    signed = document is not None and document.status == SIGNED
    if signed and (action != "abandon" or _can_follow(agreement, _former(session, agreement))):
        raise AgreementRefused(
            "协议已由双方签署，只能终止。",
            "The agreement is signed by both sides: it can only be terminated.",
        )
    given_up = step(session, ctx, LIFECYCLE, agreement, action, reason, changes={"document_id": None})
    if document is not None and not signed:
        signatures.void(session, ctx, document.id, reason=reason)
    return given_up


def _can_follow(agreement: Agreement, former: Agreement | None) -> bool:
    if agreement.relation == AMENDS:
        return former is not None and former.status == IN_FORCE
    if agreement.relation == RENEWS:
        # Whoever was given notice has no renewal: the end comes first.
        return former is not None and former.status in (IN_FORCE, EXPIRED) and former.ended_at is None
    return True


def _former(session: Session, agreement: Agreement) -> Agreement | None:
    """The predecessor, locked, so that it does not end while its successor takes effect."""
    if agreement.predecessor is None:
        return None
    former = load(session, Agreement, agreement.predecessor)
    claim(session, former)
    return former


def document_of(session: Session, agreement: Agreement) -> Document:
    """The document that is being or was signed.

    Raises:
        NotFound: it has none.
    """
    found = _document(session, agreement)
    if found is None:
        raise NotFound("该协议没有待签或者已签的文件。", "The agreement has no document yet.")
    return found


def _document(session: Session, agreement: Agreement) -> Document | None:
    return session.get(Document, agreement.document_id) if agreement.document_id else None
