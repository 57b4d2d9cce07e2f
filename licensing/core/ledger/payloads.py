"""Verify what stands beside the ledger: payloads open their commitments, or were erased on record."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licensing.core.ledger.chain import Fault
from licensing.core.ledger.entry import opens
from licensing.core.ledger.models import LedgerEntry, LedgerPayload, PendingEntry
from licensing.core.ledger.source import CHUNK
from licensing.core.ledger.store import ERASED


def verify_payloads(session: Session) -> Fault | None:
    """The first entry whose payload was changed, or is gone without a recorded erasure; None when all hold.

    An erasure that the sequencer has not chained yet counts as recorded. A payload must also be filed under
    its entry's subject, or an erasure would pass it by; one that belongs to no entry stands behind the last.
    """
    erased, last = _erased(session), 0
    for last, commitment, subject, payload, salt, filed in _rows(session):
        if salt is None:
            if commitment not in erased:
                return Fault(last, "missing_payload")
        elif filed != subject or not _holds(commitment, payload, salt):
            return Fault(last, "payload")
    return Fault(last + 1, "payload") if _stray(session) else None


def _stray(session: Session) -> bool:
    entries = select(LedgerEntry.sequence).where(LedgerEntry.commitment == LedgerPayload.commitment)
    return bool(session.scalar(select(func.count()).select_from(LedgerPayload).where(~entries.exists())))


def _holds(commitment: str, payload: dict[str, object], salt: str) -> bool:
    try:
        return opens(bytes.fromhex(commitment), payload, bytes.fromhex(salt))
    except (TypeError, ValueError):
        return False  # no document of ours, so not the one that was committed to


def _erased(session: Session) -> set[str]:
    """Commitments that recorded erasures name; an erasure's own payload must open its commitment."""
    found: set[str] = set()
    chained = (
        select(LedgerPayload.commitment, LedgerPayload.payload, LedgerPayload.salt)
        .join(LedgerEntry, LedgerEntry.commitment == LedgerPayload.commitment)
        .where(LedgerEntry.kind == ERASED)
    )
    waiting = select(PendingEntry.commitment, PendingEntry.payload, PendingEntry.salt).where(
        PendingEntry.kind == ERASED
    )
    for query in (chained, waiting):
        for commitment, payload, salt in session.execute(query):
            if _holds(commitment, payload, salt):
                found.update(payload["erased"])
    return found


def _rows(session: Session) -> Iterator[tuple[int, str, str, dict[str, object], str | None, str | None]]:
    """Number, commitment and subject of each entry; payload, salt and subject of what is kept of it."""
    after = 0
    entry = (LedgerEntry.sequence, LedgerEntry.commitment, LedgerEntry.subject)
    kept = (LedgerPayload.payload, LedgerPayload.salt, LedgerPayload.subject)
    query = select(*entry, *kept).outerjoin(LedgerPayload, LedgerPayload.commitment == LedgerEntry.commitment)
    while page := session.execute(
        query.where(LedgerEntry.sequence > after).order_by(LedgerEntry.sequence).limit(CHUNK)
    ).all():
        yield from (tuple(row) for row in page)
        after = page[-1].sequence
