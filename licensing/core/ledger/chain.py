"""The chain: every entry carries the hash of all before it, by SHA-256 and by SM3 (GB/T 32905-2016).

Two hashes of unlike construction stand side by side because the national suite asks for SM3 while
verifiers abroad have SHA-256; a forger would have to break both at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from licensing.core.ledger.entry import GENESIS, Entry
from licensing.core.ledger.hashes import sha256, sm3


@dataclass(frozen=True, slots=True)
class Links:
    """The two hashes after an entry."""

    sha256: bytes
    sm3: bytes


START = Links(GENESIS, GENESIS)


@dataclass(frozen=True, slots=True)
class Linked:
    entry: Entry
    links: Links


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place at which a ledger is not what it says.

    ``what``: ``gap`` (an entry is missing, moved or inserted), ``sha256`` or ``sm3`` (it was changed),
    ``node`` (a stored subtree was), ``root`` (a signed checkpoint says otherwise), ``signature`` (a
    checkpoint is not signed by a known key), ``unsigned`` (entries that no checkpoint covers), ``payload``
    (a payload does not open its entry's commitment), ``missing_payload`` (gone without a recorded erasure),
    ``witness`` (a witness saw another ledger), ``behind_witness`` (a witness saw a longer one: an old
    backup was restored), ``witness_signature`` (the witness itself was changed). With ``until``, the
    place is somewhere from ``sequence`` up to it.
    """

    sequence: int
    what: str
    until: int | None = None


def link(entry: Entry, before: Links) -> Links:
    return link_body(entry.body(), before)


def link_body(body: bytes, before: Links) -> Links:
    """The two hashes after an entry of that body."""
    return Links(sha256(before.sha256 + body), sm3(before.sm3 + body))


def extend(entries: Iterable[Entry], before: Links = START) -> Iterator[Linked]:
    """Chain entries in the order given: the sequencer's work, one batch after another."""
    for entry in entries:
        before = link(entry, before)
        yield Linked(entry, before)


def first_fault(chain: Iterable[Linked], before: Links = START, expected: int = 1) -> Fault | None:
    """Verify a chain or a part of it; None when it holds.

    ``before`` and ``expected`` are the links and the sequence number that the part begins with. A
    changed, inserted, deleted or moved entry is found at its own place. A chain that was cut at its
    end, or made anew as a whole, is consistent in itself: checkpoints kept elsewhere find that.
    """
    for linked in chain:
        if linked.entry.sequence != expected:
            return Fault(expected, "gap")
        links = link(linked.entry, before)
        if links.sha256 != linked.links.sha256:
            return Fault(expected, "sha256")
        if links.sm3 != linked.links.sm3:
            return Fault(expected, "sm3")
        before, expected = links, expected + 1
    return None
