"""The Merkle tree in tiles of 256 leaves: what is stored of it, and how it grows.

Hashes of single leaves follow from the entries; stored are the roots of full subtrees of 256 leaves and
more (two rows for 256 entries). A proof then reads one or two tiles of entries and a few stored roots,
however long the ledger is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from licensing.core.ledger.hashes import BY_NAME
from licensing.core.ledger.merkle import node_hash, root

LEVEL = 8
SIZE = 1 << LEVEL
"""Leaves of a tile."""


@dataclass(frozen=True, slots=True)
class Node:
    """The root of the full subtree of 2^``level`` leaves that begins at leaf ``place`` · 2^``level``."""

    level: int
    place: int
    hash: bytes


def tile_root(leaves: Sequence[bytes], algorithm: str) -> bytes:
    """The root of one full tile, level by level: the quickest way when all leaves are there."""
    level = list(leaves)
    if len(level) != SIZE:
        raise ValueError("a full tile has 256 leaves")
    digest = BY_NAME[algorithm]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [digest(b"\x01" + left + right) for left, right in pairs]
    return level[0]


class Crown:
    """The tree above the tiles: full tiles are added, roots are answered.

    ``peaks`` are the roots of the largest full subtrees, the largest first, as ``tiles`` in binary says.
    """

    def __init__(self, algorithm: str, tiles: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if tiles.bit_count() != len(peaks):
            raise ValueError("one peak for each subtree")
        self.algorithm, self.tiles, self._peaks = algorithm, tiles, list(peaks)

    def add(self, tile: bytes) -> list[Node]:
        """Add the root of the next full tile; answers every node that it completes, the tile's own first."""
        made = [Node(LEVEL, self.tiles, tile)]
        carry, count = tile, self.tiles
        while count & 1:
            carry = node_hash(self._peaks.pop(), carry, self.algorithm)
            count >>= 1
            made.append(Node(made[-1].level + 1, count, carry))
        self._peaks.append(carry)
        self.tiles += 1
        return made

    def root(self, rest: bytes | None) -> bytes:
        """The root of the whole tree, ``rest`` being the root of the leaves after the last full tile."""
        result = rest
        for peak in reversed(self._peaks):
            result = peak if result is None else node_hash(peak, result, self.algorithm)
        return BY_NAME[self.algorithm](b"") if result is None else result


class GrowingTree:
    """A whole tree that grows leaf by leaf: the crown and the leaves of the tile that is not full yet."""

    def __init__(self, crown: Crown, leaves: Sequence[bytes] = ()) -> None:
        self._crown, self._leaves = crown, list(leaves)

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf hash; answers the nodes that it completes, if any."""
        self._leaves.append(leaf)
        if len(self._leaves) < SIZE:
            return []
        tile = tile_root(self._leaves, self._crown.algorithm)
        self._leaves.clear()
        return self._crown.add(tile)

    def root(self) -> bytes:
        return self._crown.root(root(self._leaves, self._crown.algorithm) if self._leaves else None)


def peaks_of(tiles: int) -> list[tuple[int, int]]:
    """(level, place) of the peaks over that many full tiles, the largest first."""
    found, done = [], 0
    for bit in range(tiles.bit_length() - 1, -1, -1):
        if tiles >> bit & 1:
            found.append((LEVEL + bit, done >> bit))
            done += 1 << bit
    return found


def is_node(low: int, high: int) -> tuple[int, int] | None:
    """(level, place) when leaves ``low`` to ``high`` are exactly one stored subtree, else None."""
    size = high - low
    if size < SIZE or size & (size - 1) or low % size:
        return None
    level = size.bit_length() - 1
    return level, low >> level
