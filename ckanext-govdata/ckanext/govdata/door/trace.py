"""Whose file is this: the order of its rows asked against the mark of every grant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.door import mark, register
from ckanext.govdata.door.marking import key_of
from ckanext.govdata.licensing_ports.setup import setup
from licensing.grants.models import Grant

PIECE: Final = 1_000
"""Rows that are asked about at once: so many that stand together are enough."""
MOST_PIECES: Final = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A grant whose mark the file carries: ``right`` of ``asked`` pairs of rows, in the best piece."""

    grant: str
    agreement: str
    holder: str
    asked: int
    right: int
    chance: float
    pieces: int


@dataclass(frozen=True, slots=True)
class Trace:
    """``downloads``: recorded files of exactly these bytes. ``grants``: by the mark, the surest first."""

    sha256: str
    rows: int
    downloads: list[dict[str, Any]]
    grants: list[Found]

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def trace(path: Path) -> Trace:
    """Ask a file (CSV, XLSX, JSON Lines, …) or a part of one.

    Raises:
        AnonymizeError: the file cannot be read as a table.
    """
    digests = list(_digests(path))
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else (
            hashlib.sha256(stream.read()).hexdigest()
        )  # fmt: skip
    with setup().session() as session:
        grants = session.execute(sa.select(Grant.id, Grant.agreement_number, Grant.holder)).all()
    pieces = _pieces(digests)
    found = [
        each
        for grant_id, agreement, holder in grants
        if (each := _ask(grant_id, agreement, holder, pieces, len(grants))) is not None
    ]
    return Trace(
        sha256, len(digests), register.downloads(sha256=sha256), sorted(found, key=lambda one: one.chance)
    )


def _digests(path: Path) -> Iterator[bytes]:
    import anonymize

    for frame in anonymize.open_table(path).batches():
        for row in frame.iter_rows():
            yield mark.digest(row)


def _pieces(digests: list[bytes]) -> list[list[bytes]]:
    whole = [digests[at : at + PIECE] for at in range(0, len(digests), PIECE)]
    step = max(1, len(whole) // MOST_PIECES)
    return whole[::step][:MOST_PIECES]


def _ask(
    grant_id: str, agreement: str, holder: str, pieces: Iterable[list[bytes]], grants: int
) -> Found | None:
    pieces = list(pieces)
    verdicts = [mark.judge(key_of(grant_id), piece, grants * len(pieces)) for piece in pieces]
    sure = [each for each in verdicts if each.chance <= mark.CHANCE]
    if not sure:
        return None
    best = min(sure, key=lambda each: each.chance)
    return Found(grant_id, agreement, holder, best.asked, best.right, best.chance, len(sure))
