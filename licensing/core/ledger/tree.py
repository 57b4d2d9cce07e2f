"""The Merkle tree of the ledger as it stands in the database."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import LedgerBroken
from licensing.core.ledger import merkle, tiles
from licensing.core.ledger.entry import body
from licensing.core.ledger.models import LedgerEntry, LedgerNode


class StoredTree:
    """Roots of any part of the tree by one of :data:`merkle.HASHES`; reads what it needs, once."""

    def __init__(self, session: Session, algorithm: str) -> None:
        self._session, self.algorithm = session, algorithm
        self._nodes: dict[tuple[int, int], bytes] = {}

    def leaves(self, low: int, high: int) -> list[bytes]:
        """Leaf hashes of the entries with sequence ``low`` + 1 to ``high``.

        Raises:
            LedgerBroken: an entry is missing.
        """
        columns = (
            LedgerEntry.sequence,
            LedgerEntry.at,
            LedgerEntry.kind,
            LedgerEntry.subject,
            LedgerEntry.commitment,
        )
        query = select(*columns).where(LedgerEntry.sequence > low, LedgerEntry.sequence <= high)
        rows = self._session.execute(query.order_by(LedgerEntry.sequence)).all()
        if len(rows) != high - low:
            raise broken()
        return [merkle.leaf_hash(body(*row), self.algorithm) for row in rows]

    def node(self, level: int, place: int) -> bytes:
        """A stored subtree's root.

        Raises:
            LedgerBroken: it is missing.
        """
        if (level, place) not in self._nodes:
            row = self._session.get(LedgerNode, (level, place))
            if row is None:
                raise broken()
            self._nodes[level, place] = bytes.fromhex(getattr(row, self.algorithm))
        return self._nodes[level, place]

    def root(self, low: int, high: int) -> bytes:
        """The root over leaves ``low`` up to, not including, ``high``."""
        stored = tiles.is_node(low, high)
        if stored:
            return self.node(*stored)
        if high - low <= tiles.SIZE:
            return merkle.root(self.leaves(low, high), self.algorithm)
        middle = low + merkle.split(high - low)
        return merkle.node_hash(self.root(low, middle), self.root(middle, high), self.algorithm)

    def growing(self, size: int) -> tiles.GrowingTree:
        """The tree of the first ``size`` leaves, ready to grow."""
        full = size >> tiles.LEVEL
        peaks = [self.node(level, place) for level, place in tiles.peaks_of(full)]
        return tiles.GrowingTree(
            tiles.Crown(self.algorithm, full, peaks), self.leaves(full << tiles.LEVEL, size)
        )

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Proof that leaf ``index`` is in the tree of ``size`` leaves (RFC 9162, 2.1.3)."""
        return [self.root(*part) for part in merkle.inclusion_ranges(index, size)]

    def consistency(self, earlier: int, size: int) -> list[bytes]:
        """Proof that the tree of ``size`` leaves extends that of ``earlier`` (RFC 9162, 2.1.4)."""
        return [self.root(*part) for part in merkle.consistency_ranges(earlier, size)]


def broken() -> LedgerBroken:
    """What to raise when the ledger in the database cannot be right."""
    return LedgerBroken(
        "账本已损坏或被改动，停止写入。请立即运行 licensing verify-ledger 查明位置。",
        "The ledger is damaged or was changed; nothing more is written. Run licensing verify-ledger now.",
    )
