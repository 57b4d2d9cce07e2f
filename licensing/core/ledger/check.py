"""Check one chunk of a ledger: what a verifier does to every entry.

The module imports nothing heavy, because it is what a verifier's second process loads. A chunk begins at
a tile's border and is text, one line an entry, so that handing it over costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from licensing.core.ledger.chain import Fault
from licensing.core.ledger.entry import body
from licensing.core.ledger.hashes import sha256, sm3
from licensing.core.ledger.merkle import root
from licensing.core.ledger.tiles import SIZE, tile_root

SEPARATOR = "\t"
FIELDS = 7
"""sequence, at, kind, subject, commitment, sha256, sm3."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of entries from ``first`` on; ``sha256`` and ``sm3`` are the links before it, in hexadecimal.

    ``sizes`` are the sizes of the tree, within the chunk, whose roots are wanted.
    """

    first: int
    lines: str
    sha256: str
    sm3: str
    sizes: Sequence[int] = ()


@dataclass(slots=True)
class Marks:
    """What stands at a wanted size: the links, and the roots of the leaves after the last full tile."""

    sha256: str
    sm3: str
    rest_sha256: bytes | None
    rest_sm3: bytes | None


@dataclass(slots=True)
class Checked:
    """What was found: the first fault, else the roots of the full tiles and the marks by size."""

    count: int = 0
    fault: Fault | None = None
    tiles: list[tuple[bytes, bytes]] = field(default_factory=list)
    marks: dict[int, Marks] = field(default_factory=dict)


def check(chunk: Chunk) -> Checked:
    """Verify numbers, links and shape of a chunk, and hash its leaves.

    Raises:
        ValueError: the chunk does not begin at a tile's border.
    """
    if (chunk.first - 1) % SIZE:
        raise ValueError("a chunk begins at a tile's border")
    found = Checked()
    before, national = bytes.fromhex(chunk.sha256), bytes.fromhex(chunk.sm3)
    wanted, expected = set(chunk.sizes), chunk.first
    leaves: list[bytes] = []
    national_leaves: list[bytes] = []
    for line in chunk.lines.split("\n") if chunk.lines else ():
        fields = line.split(SEPARATOR)
        if len(fields) != FIELDS or fields[0] != str(expected):
            found.fault = Fault(expected, "gap")
            return found
        content = body(*fields[:5])
        before, national = sha256(before + content), sm3(national + content)
        if before.hex() != fields[5]:
            found.fault = Fault(expected, "sha256")
            return found
        if national.hex() != fields[6]:
            found.fault = Fault(expected, "sm3")
            return found
        leaf = b"\x00" + content
        leaves.append(sha256(leaf))
        national_leaves.append(sm3(leaf))
        if len(leaves) == SIZE:
            found.tiles.append((tile_root(leaves, "sha256"), tile_root(national_leaves, "sm3")))
            leaves, national_leaves = [], []
        if expected in wanted:
            rests = (root(leaves, "sha256"), root(national_leaves, "sm3")) if leaves else (None, None)
            found.marks[expected] = Marks(fields[5], fields[6], *rests)
        expected += 1
        found.count += 1
    return found
