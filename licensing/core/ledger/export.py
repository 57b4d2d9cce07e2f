"""Export the ledger as JSON Lines: entries with their links, then the checkpoints; no payload.

Each line is a canonical document with a ``type``: ``header``, ``entry`` or ``checkpoint``.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from licensing.core.ledger import source
from licensing.core.ledger.check import SEPARATOR
from licensing.core.ledger.entry import canonical
from licensing.core.ledger.sequencer import last_checkpoint

_FIELDS = ("sequence", "at", "kind", "subject", "commitment", "sha256", "sm3")


def export(session: Session) -> Iterator[bytes]:
    """The lines, each with its newline; memory does not grow with the ledger.

    Raises:
        ValueError: an entry cannot be written as a line; the ledger was changed, verify it.
    """
    newest = last_checkpoint(session)
    size = newest.size if newest else 0
    yield canonical({"type": "header", "format": "govdata-ledger", "version": 1, "size": size}) + b"\n"
    for lines in source.chunks(session):
        for line in lines.split("\n"):
            fields = dict(zip(_FIELDS, line.split(SEPARATOR), strict=True))
            entry = {"type": "entry", **fields, "sequence": int(fields["sequence"])}
            yield canonical(entry) + b"\n"
    for after in range(0, size, source.CHUNK):
        for checkpoint in source.checkpoints(session, after, after + source.CHUNK):
            yield canonical({"type": "checkpoint", **checkpoint.as_dict()}) + b"\n"
