"""Receipts: proof for an outsider that an entry is in the ledger, verified without the ledger.

A receipt holds the entry, the checkpoint that covers it, and the hashes that lead from one to the other.
``offline_verify.py`` beside this module verifies it on any computer with Python.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import NotFound
from licensing.core.ledger import merkle
from licensing.core.ledger.checkpoint import Checkpoint
from licensing.core.ledger.models import LedgerCheckpoint, LedgerPayload
from licensing.core.ledger.sequencer import as_checkpoint
from licensing.core.ledger.store import find
from licensing.core.ledger.tree import StoredTree

TYPE = "govdata-ledger-receipt"
VERSION = 1


def receipt(session: Session, commitment: str, *, disclose: bool = False) -> dict[str, Any]:
    """The receipt of the entry with that commitment, as a JSON document.

    ``disclose`` adds payload and salt, which open the commitment: for those who may know what was decided.

    Raises:
        NotFound: the entry is not chained yet, or its payload was erased and is to be disclosed.
        LedgerBroken: the proof cannot be made of what is stored.
    """
    row = find(session, commitment)
    checkpoint = _covering(session, row.sequence)
    document: dict[str, Any] = {
        "type": TYPE,
        "version": VERSION,
        "entry": {
            "sequence": row.sequence,
            "at": row.at,
            "kind": row.kind,
            "subject": row.subject,
            "commitment": row.commitment,
        },
        "proof": {
            name: [
                step.hex() for step in StoredTree(session, name).inclusion(row.sequence - 1, checkpoint.size)
            ]
            for name in merkle.HASHES
        },
        "checkpoint": checkpoint.as_dict(),
    }
    if disclose:
        kept = session.get(LedgerPayload, commitment)
        if kept is None:
            raise NotFound("该记录的内容已依法删除。", "The content of this entry was lawfully erased.")
        document |= {"payload": kept.payload, "salt": kept.salt}
    return document


def _covering(session: Session, sequence: int) -> Checkpoint:
    """The first checkpoint that covers the entry: its receipt stays the same for ever."""
    row = session.scalar(
        select(LedgerCheckpoint)
        .where(LedgerCheckpoint.size >= sequence)
        .order_by(LedgerCheckpoint.size)
        .limit(1)
    )
    if row is None:
        raise NotFound("该记录尚未入链。", "The entry is not chained yet.")
    return as_checkpoint(row)


def extension(session: Session, earlier: Checkpoint, later: Checkpoint) -> dict[str, Any]:
    """Proof that the ledger of ``later`` extends that of ``earlier`` without changing an entry."""
    return {
        "earlier": earlier.as_dict(),
        "later": later.as_dict(),
        "proof": {
            name: [step.hex() for step in StoredTree(session, name).consistency(earlier.size, later.size)]
            for name in merkle.HASHES
        },
    }
