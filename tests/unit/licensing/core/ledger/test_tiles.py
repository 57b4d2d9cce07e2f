"""A tree in tiles is the tree of RFC 9162, however it grew."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.core.ledger import merkle, tiles
from licensing.core.ledger.check import Chunk, check
from licensing.core.ledger.entry import GENESIS, body, canonical

LEAVES = {name: [merkle.leaf_hash(b"%d" % number, name) for number in range(2100)] for name in merkle.HASHES}
algorithms = st.sampled_from(merkle.HASHES)
words = st.text(alphabet="abcXYZ019_.:-", min_size=1, max_size=64)


@settings(max_examples=25)
@given(st.integers(0, 2100), st.integers(0, 2100), algorithms)
def test_a_tree_that_was_stored_and_grew_on_has_the_root_of_all_leaves(
    first: int, second: int, name: str
) -> None:
    size, later = sorted((first, second))
    leaves = LEAVES[name]
    full = size >> tiles.LEVEL
    peaks = [
        merkle.root(leaves[place << level : place + 1 << level], name)
        for level, place in tiles.peaks_of(full)
    ]
    tree = tiles.GrowingTree(tiles.Crown(name, full, peaks), leaves[full << tiles.LEVEL : size])
    made = [node for leaf in leaves[size:later] for node in tree.append(leaf)]
    assert tree.root() == merkle.root(leaves[:later], name)
    for node in made:
        low, high = node.place << node.level, node.place + 1 << node.level
        assert node.hash == merkle.root(leaves[low:high], name)
        assert tiles.is_node(low, high) == (node.level, node.place)
    assert len(made) == sum((later >> level) - (size >> level) for level in range(tiles.LEVEL, 12))


def test_only_full_tiles_and_what_they_make_are_stored() -> None:
    assert tiles.is_node(0, 255) is None
    assert tiles.is_node(1, 257) is None
    assert tiles.is_node(256, 768) is None
    assert tiles.is_node(512, 1024) == (9, 1)
    with pytest.raises(ValueError, match="256"):
        tiles.tile_root([b""] * 255, "sha256")
    with pytest.raises(ValueError, match="peak"):
        tiles.Crown("sha256", 3, [b""])


@given(st.integers(1, 2**60), words, words, st.binary(min_size=32, max_size=32))
def test_the_quick_spelling_of_an_entry_is_its_canonical_document(
    sequence: int, kind: str, subject: str, commitment: bytes
) -> None:
    at, digest = "2026-01-05T09:00:00.000000+00:00", commitment.hex()
    document = {"at": at, "kind": kind, "subject": subject, "sequence": sequence, "commitment": digest}
    assert body(sequence, at, kind, subject, digest) == canonical(document)


def test_a_chunk_begins_at_the_border_of_a_tile() -> None:
    zero = GENESIS.hex()
    with pytest.raises(ValueError, match="border"):
        check(Chunk(2, "", zero, zero))
    assert check(Chunk(257, "", zero, zero)).count == 0
    assert hashlib.new("sm3", b"abc").hexdigest().startswith("66c7f0f4")  # GB/T 32905-2016, example 1
