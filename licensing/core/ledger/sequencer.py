"""The one sequencer: chains what transactions have left pending, a batch at a time.

No case waits for it and it waits for no case. Entries get their place in the order in which the sequencer
sees them committed; two entries on one subject keep their order, because their transactions held the
subject's row lock one after the other. Each batch ends with a signed checkpoint, so that an entry that
was slipped in behind the last one is never taken for the sequencer's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from licensing.core.ledger import merkle
from licensing.core.ledger.chain import START, Links, link_body
from licensing.core.ledger.checkpoint import Checkpoint, Signer, signed
from licensing.core.ledger.entry import body, moment
from licensing.core.ledger.lock import lock
from licensing.core.ledger.models import (
    LedgerCheckpoint,
    LedgerEntry,
    LedgerNode,
    LedgerPayload,
    PendingEntry,
)
from licensing.core.ledger.tree import StoredTree, broken
from licensing.ports import Time

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run has chained: sequence numbers ``first`` to ``last``, and the checkpoint after them."""

    first: int
    last: int
    checkpoint: Checkpoint


def run_once(session: Session, signer: Signer, time: Time, *, limit: int = BATCH) -> Batch | None:
    """Chain up to ``limit`` pending entries in the caller's transaction; it is for the caller to commit.

    None when nothing is pending or another sequencer is at work.

    Raises:
        LedgerBroken: the ledger does not end where its last checkpoint says.
    """
    if not lock(session, wait=False):
        return None
    size, links = _end(session)
    columns = (
        PendingEntry.id,
        PendingEntry.at,
        PendingEntry.kind,
        PendingEntry.subject,
        PendingEntry.commitment,
    )
    pending = session.execute(select(*columns).order_by(PendingEntry.id).limit(limit)).all()
    if not pending:
        return None
    trees = {name: StoredTree(session, name).growing(size) for name in merkle.HASHES}
    entries: list[dict[str, object]] = []
    nodes: dict[tuple[int, int], dict[str, object]] = {}
    for number, (_, at, kind, subject, commitment) in enumerate(pending, size + 1):
        content = body(number, at, kind, subject, commitment)
        links = link_body(content, links)
        entries.append(
            {
                "sequence": number,
                "at": at,
                "kind": kind,
                "subject": subject,
                "commitment": commitment,
                "sha256": links.sha256.hex(),
                "sm3": links.sm3.hex(),
            }
        )
        for name, tree in trees.items():
            for node in tree.append(merkle.leaf_hash(content, name)):
                row = nodes.setdefault((node.level, node.place), {"level": node.level, "place": node.place})
                row[name] = node.hash.hex()
    checkpoint = signed(
        Checkpoint(
            size=size + len(pending),
            at=moment(time.now()),
            root_sha256=trees["sha256"].root().hex(),
            root_sm3=trees["sm3"].root().hex(),
            last_sha256=links.sha256.hex(),
            last_sm3=links.sm3.hex(),
            key_id=signer.key_id,
        ),
        signer,
    )
    _write(session, [row.id for row in pending], entries, list(nodes.values()), checkpoint)
    return Batch(size + 1, checkpoint.size, checkpoint)


def last_checkpoint(session: Session) -> Checkpoint | None:
    """The newest checkpoint in the database."""
    row = session.scalar(select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1))
    return None if row is None else as_checkpoint(row)


def as_checkpoint(row: LedgerCheckpoint) -> Checkpoint:
    """The value that was signed, with its signature."""
    return Checkpoint(**{name: getattr(row, name) for name in Checkpoint.__dataclass_fields__})


def _end(session: Session) -> tuple[int, Links]:
    """Size and last links, which the last entry and the last checkpoint must agree on."""
    last = session.execute(
        select(LedgerEntry.sequence, LedgerEntry.sha256, LedgerEntry.sm3)
        .order_by(LedgerEntry.sequence.desc())
        .limit(1)
    ).first()
    checkpoint = last_checkpoint(session)
    if last is None and checkpoint is None:
        return 0, START
    if (
        last is None
        or checkpoint is None
        or (last.sequence, last.sha256, last.sm3)
        != (checkpoint.size, checkpoint.last_sha256, checkpoint.last_sm3)
    ):
        raise broken()
    return last.sequence, Links(bytes.fromhex(last.sha256), bytes.fromhex(last.sm3))


def _write(
    session: Session,
    ids: list[int],
    entries: list[dict[str, object]],
    nodes: list[dict[str, object]],
    checkpoint: Checkpoint,
) -> None:
    # Rows of a table, not objects: the mapper would take longer over each than its hashes do.
    session.execute(insert(cast(Table, LedgerEntry.__table__)), entries)
    if nodes:
        session.execute(insert(cast(Table, LedgerNode.__table__)), nodes)
    session.execute(insert(LedgerCheckpoint), [checkpoint.as_dict()])
    kept = ("commitment", "subject", "payload", "salt")
    waiting = select(*(getattr(PendingEntry, name) for name in kept)).where(
        PendingEntry.id.in_(ids), PendingEntry.salt.is_not(None)
    )
    session.execute(insert(LedgerPayload).from_select(kept, waiting))
    # By number, not "up to the last one": a lower number may have been committed meanwhile.
    session.execute(delete(PendingEntry).where(PendingEntry.id.in_(ids)))
