"""Verify what stands beside the ledger: payloads open their commitments, or were erased on record."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.ledger.chain import Fault
from licensing.core.ledger.entry import opens
from licensing.core.ledger.models import LedgerEntry, LedgerPayload, PendingEntry
from licensing.core.ledger.source import CHUNK
from licensing.core.ledger.store import ERASED


def verify_payloads(session: Session) -> Fault | None:
    """The first entry whose payload was changed, or is gone without a recorded erasure; None when all hold.

    An erasure that the sequencer has not chained yet counts as recorded.
    """
    erased = _erased(session)
    for sequence, commitment, payload, salt in _rows(session):
        if salt is None:
            if commitment not in erased:
                return Fault(sequence, "missing_payload")
        elif not _holds(commitment, payload, salt):
            return Fault(sequence, "payload")
    return None


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


def _rows(session: Session) -> Iterator[tuple[int, str, dict[str, object], str | None]]:
    after = 0
    query = select(
        LedgerEntry.sequence, LedgerEntry.commitment, LedgerPayload.payload, LedgerPayload.salt
    ).outerjoin(LedgerPayload, LedgerPayload.commitment == LedgerEntry.commitment)
    while page := session.execute(
        query.where(LedgerEntry.sequence > after).order_by(LedgerEntry.sequence).limit(CHUNK)
    ).all():
        yield from (tuple(row) for row in page)
        after = page[-1].sequence
