"""Write to the ledger within the caller's transaction, and read it.

:func:`append_pending` takes no lock that another case would wait for; the sequencer chains what was
committed. Payload and salt may be erased (:func:`erase`), which is an entry itself: the ledger verifies
afterwards as before, because it never held more than the commitment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput, NotFound, NotPermitted
from licensing.core.ledger.entry import Entry, commit, is_plain, moment, new_salt
from licensing.core.ledger.lock import lock
from licensing.core.ledger.models import LedgerEntry, LedgerPayload, PendingEntry
from licensing.core.store.events import StepEvent
from licensing.core.store.text import refuse_unstorable
from licensing.ports import ADMINISTRATOR, Context

ERASED = "ledger.erased"
LEDGER = "ledger"
"""The subject of entries about the ledger itself; they are never erased."""


def append_pending(
    session: Session,
    kind: str,
    subject: str,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    salt: bytes | None = None,
) -> str:
    """Write an entry that becomes part of the ledger when the caller's transaction commits.

    ``kind`` and ``subject`` are plain words (letters, digits, ``_ . : -``): they are public and stay for
    ever, so a name or a number of a person can never be a subject. ``payload`` is a JSON document without
    floating-point numbers; it and its salt (random when not given) can be erased. Answers the commitment
    in hexadecimal, by which the entry is found.

    Raises:
        ValueError: ``kind`` or ``subject`` is not a plain word, or the time is naive.
        InvalidInput: the payload holds characters that cannot be stored.
    """
    if not is_plain(kind) or not is_plain(subject):
        raise ValueError("kind and subject of an entry are plain words")
    refuse_unstorable(payload)
    salt = salt or new_salt()
    commitment = commit(payload, salt).hex()
    session.execute(
        insert(PendingEntry).values(
            at=moment(at),
            kind=kind,
            subject=subject,
            commitment=commitment,
            payload=dict(payload),
            salt=salt.hex(),
        )
    )
    return commitment


def as_entry(row: LedgerEntry) -> Entry:
    """The value that was hashed."""
    at = datetime.fromisoformat(row.at)
    return Entry(row.sequence, at, row.kind, row.subject, bytes.fromhex(row.commitment))


def find(session: Session, commitment: str) -> LedgerEntry:
    """The chained entry of a commitment.

    Raises:
        NotFound: there is none, or the sequencer has not chained it yet.
    """
    row = session.scalar(select(LedgerEntry).where(LedgerEntry.commitment == commitment))
    if row is None:
        raise NotFound("账本中没有这条记录，或尚未入链。", "The ledger has no such entry, or not yet.")
    return row


def erase(session: Session, ctx: Context, subject: str, basis: str) -> int:
    """Remove what the ledger and the history know about ``subject`` beyond commitments, on lawful demand.

    ``basis`` is the legal basis; it is written into the entry that records the erasure, together with the
    commitments that lost their payloads. Answers how many payloads were removed. The tables of a domain
    erase their own rows. Source: Personal Information Protection Law, article 47.

    Raises:
        NotPermitted: the caller is not the administrator.
        InvalidInput: no basis is given.
        NotFound: there is nothing to erase.
    """
    if ADMINISTRATOR not in ctx.principal.roles:
        raise NotPermitted("只有政务信息管理部门可以依法删除。", "Only the administrator may erase.")
    if not basis.strip():
        raise InvalidInput("删除必须写明法律依据。", "An erasure needs its legal basis.")
    # The sequencer moves payloads from table to table: it must not do so between the two looks.
    lock(session, wait=True)
    waiting = session.scalars(
        select(PendingEntry.commitment).where(
            PendingEntry.subject == subject, PendingEntry.payload.is_not(None)
        )
    )
    chained = session.scalars(select(LedgerPayload.commitment).where(LedgerPayload.subject == subject))
    erased = [] if subject == LEDGER else sorted({*waiting, *chained})
    if not erased:
        raise NotFound("没有可删除的内容。", "There is nothing to erase.")
    session.execute(
        update(PendingEntry).where(PendingEntry.commitment.in_(erased)).values(payload=None, salt=None)
    )
    session.execute(delete(LedgerPayload).where(LedgerPayload.commitment.in_(erased)))
    session.execute(update(StepEvent).where(StepEvent.subject_id == subject).values(reason=""))
    append_pending(
        session,
        ERASED,
        LEDGER,
        {"actor": ctx.principal.id, "subject": subject, "basis": basis.strip(), "erased": erased},
        at=ctx.time.now(),
    )
    return len(erased)
