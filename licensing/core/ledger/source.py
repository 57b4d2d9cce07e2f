"""Read a ledger out of the database in chunks, in bounded memory, whichever database it is."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from licensing.core.ledger.check import SEPARATOR
from licensing.core.ledger.checkpoint import Checkpoint
from licensing.core.ledger.models import LedgerCheckpoint, LedgerEntry
from licensing.core.ledger.tiles import SIZE

CHUNK = 64 * SIZE
"""Entries read at a time: about 6 MB of text."""

_COLUMNS = (
    LedgerEntry.sequence,
    LedgerEntry.at,
    LedgerEntry.kind,
    LedgerEntry.subject,
    LedgerEntry.commitment,
    LedgerEntry.sha256,
    LedgerEntry.sm3,
)


def chunks(session: Session) -> Iterator[str]:
    """The entries as text, :data:`CHUNK` lines at a time (fewer in the last one), one entry a line."""
    after = 0
    while lines := _lines(session, after, CHUNK):
        yield lines
        last = lines[lines.rfind("\n") + 1 :].split(SEPARATOR, 1)[0]
        if not last.isdigit() or int(last) <= after:
            return  # what the checker has just refused has no next
        after = int(last)


def _lines(session: Session, after: int, size: int) -> str:
    page = select(*_COLUMNS).where(LedgerEntry.sequence > after).order_by(LedgerEntry.sequence).limit(size)
    if session.get_bind().dialect.name != "postgresql":
        return "\n".join(SEPARATOR.join(map(str, row)) for row in session.execute(page))
    # The server writes the text: one value comes over instead of seven for each entry.
    rows = page.subquery()
    line = func.concat_ws(SEPARATOR, *rows.c)
    return (
        session.scalar(select(func.string_agg(line, aggregate_order_by(literal("\n"), rows.c.sequence))))
        or ""
    )


def checkpoints(session: Session, after: int, until: int) -> Iterator[Checkpoint]:
    """Stored checkpoints of a size greater than ``after`` and not greater than ``until``, in order."""
    columns = [getattr(LedgerCheckpoint, name) for name in Checkpoint.__dataclass_fields__]
    query = select(*columns).where(LedgerCheckpoint.size > after, LedgerCheckpoint.size <= until)
    for row in session.execute(query.order_by(LedgerCheckpoint.size)):
        yield Checkpoint(*row)
