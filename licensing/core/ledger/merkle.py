"""Merkle trees with inclusion and consistency proofs as RFC 9162 (Certificate Transparency) defines them.

A leaf is hashed with the prefix ``00``, a node with ``01``, so that no node can pass for a leaf. The
hash is one of :data:`HASHES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from licensing.core.ledger.hashes import BY_NAME

HASHES = tuple(BY_NAME)


def leaf_hash(data: bytes, algorithm: str = "sha256") -> bytes:
    return BY_NAME[algorithm](b"\x00" + data)


def node_hash(left: bytes, right: bytes, algorithm: str = "sha256") -> bytes:
    return BY_NAME[algorithm](b"\x01" + left + right)


class Frontier:
    """The right edge of a growing tree: appends and answers the root in O(log n) space.

    ``peaks[k]`` is the root of the full subtree of 2^k leaves that is still open, or None.
    """

    def __init__(self, algorithm: str = "sha256") -> None:
        self.algorithm = algorithm
        self.size = 0
        self.peaks: list[bytes | None] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf *hash*."""
        carry, level = leaf, 0
        while level < len(self.peaks) and (peak := self.peaks[level]) is not None:
            carry, self.peaks[level] = node_hash(peak, carry, self.algorithm), None
            level += 1
        if level == len(self.peaks):
            self.peaks.append(None)
        self.peaks[level] = carry
        self.size += 1

    def root(self) -> bytes:
        """The root; that of the empty tree is the hash of nothing."""
        result: bytes | None = None
        for peak in self.peaks:
            if peak is not None:
                result = peak if result is None else node_hash(peak, result, self.algorithm)
        return BY_NAME[self.algorithm](b"") if result is None else result


def root(leaves: Iterable[bytes], algorithm: str = "sha256") -> bytes:
    """The root over leaf *hashes* in order."""
    frontier = Frontier(algorithm)
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def split(size: int) -> int:
    """The largest power of two smaller than ``size`` (``size`` > 1)."""
    return 1 << (size - 1).bit_length() - 1


Range = tuple[int, int]
"""Leaves from the first up to, not including, the second."""


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Which subtrees' roots prove leaf ``index`` in a tree of ``size`` leaves, lowest first.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} of {size}")
    path: list[Range] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    return path[::-1]


def consistency_ranges(earlier: int, size: int) -> list[Range]:
    """Which subtrees' roots prove that the tree of ``size`` leaves extends that of ``earlier`` leaves.

    Raises:
        IndexError: ``earlier`` is not between 1 and ``size``.
    """
    if not 1 <= earlier <= size:
        raise IndexError(f"{earlier} leaves of {size}")
    path: list[Range] = []
    low, high, whole = 0, size, True
    while earlier != high:
        middle = low + split(high - low)
        if earlier <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low, whole = middle, False
    if not whole:
        path.append((low, high))
    return path[::-1]


def inclusion_proof(leaves: Sequence[bytes], index: int, algorithm: str = "sha256") -> list[bytes]:
    """The hashes beside the path from leaf ``index`` to the root, lowest first.

    Raises:
        IndexError: there is no such leaf.
    """
    return [root(leaves[low:high], algorithm) for low, high in inclusion_ranges(index, len(leaves))]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes, algorithm: str = "sha256"
) -> bool:
    """Whether ``leaf`` (a leaf hash) stands at ``index`` in the tree of ``size`` leaves with that root."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result, algorithm)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling, algorithm)
        node, last = node >> 1, last >> 1
    return last == 0 and result == expected


def consistency_proof(leaves: Sequence[bytes], earlier: int, algorithm: str = "sha256") -> list[bytes]:
    """Proof that the tree of the first ``earlier`` leaves is a prefix of the tree of all of them.

    Raises:
        IndexError: ``earlier`` is not between 1 and the number of leaves.
    """
    return [root(leaves[low:high], algorithm) for low, high in consistency_ranges(earlier, len(leaves))]


def verify_consistency(
    earlier: int,
    later: int,
    earlier_root: bytes,
    later_root: bytes,
    proof: Sequence[bytes],
    algorithm: str = "sha256",
) -> bool:
    """Whether the tree of ``later`` leaves extends that of ``earlier`` leaves without changing one."""
    if not 1 <= earlier <= later:
        return False
    if earlier == later:
        return not proof and earlier_root == later_root
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        path.insert(0, earlier_root)
    if not path:
        return False
    node, last = earlier - 1, later - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old, algorithm), node_hash(sibling, new, algorithm)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling, algorithm)
        node, last = node >> 1, last >> 1
    return last == 0 and old == earlier_root and new == later_root
