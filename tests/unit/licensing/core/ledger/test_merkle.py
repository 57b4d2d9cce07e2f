"""Proofs hold for the tree that they were made of, and for no other."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from licensing.core.ledger import merkle

algorithms = st.sampled_from(merkle.HASHES)
trees = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def hashed(tree: list[bytes], algorithm: str) -> list[bytes]:
    return [merkle.leaf_hash(data, algorithm) for data in tree]


def test_the_roots_are_those_of_the_definition() -> None:
    a, b, c = hashed([b"", b"\x00", b"\x10"], "sha256")
    assert merkle.root([]) == hashlib.sha256(b"").digest()
    assert merkle.root([a]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root([a, b, c]) == merkle.node_hash(merkle.node_hash(a, b), c)


@given(trees, algorithms, st.data())
def test_an_inclusion_proof_holds_at_its_place_only(
    tree: list[bytes], algorithm: str, data: st.DataObject
) -> None:
    leaves = hashed(tree, algorithm)
    index = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves) - 1))
    root = merkle.root(leaves, algorithm)
    proof = merkle.inclusion_proof(leaves, index, algorithm)
    assert merkle.verify_inclusion(leaves[index], index, len(leaves), proof, root, algorithm)
    if leaves[other] != leaves[index]:
        assert not merkle.verify_inclusion(leaves[other], index, len(leaves), proof, root, algorithm)
    assert not merkle.verify_inclusion(leaves[index], index, len(leaves), [*proof, root], root, algorithm)
    assert not merkle.verify_inclusion(leaves[index], len(leaves), len(leaves), proof, root, algorithm)


@given(trees, algorithms, st.data())
def test_a_consistency_proof_holds_for_a_tree_that_grew(
    tree: list[bytes], algorithm: str, data: st.DataObject
) -> None:
    leaves = hashed(tree, algorithm)
    earlier = data.draw(st.integers(1, len(leaves)))
    before, after = merkle.root(leaves[:earlier], algorithm), merkle.root(leaves, algorithm)
    proof = merkle.consistency_proof(leaves, earlier, algorithm)
    assert merkle.verify_consistency(earlier, len(leaves), before, after, proof, algorithm)


@given(trees, algorithms, st.data())
def test_no_consistency_proof_holds_when_an_early_leaf_was_changed(
    tree: list[bytes], algorithm: str, data: st.DataObject
) -> None:
    leaves = hashed(tree, algorithm)
    earlier = data.draw(st.integers(1, len(leaves)))
    changed = data.draw(st.integers(0, earlier - 1))
    bent = [*leaves]
    bent[changed] = merkle.leaf_hash(b"bent" + tree[changed], algorithm)
    before, after = merkle.root(leaves[:earlier], algorithm), merkle.root(bent, algorithm)
    proof = merkle.consistency_proof(bent, earlier, algorithm)
    assert not merkle.verify_consistency(earlier, len(leaves), before, after, proof, algorithm)


@given(trees, st.integers(0, 80))
def test_a_proof_for_no_leaf_is_refused(tree: list[bytes], beyond: int) -> None:
    leaves = hashed(tree, "sha256")
    assume(beyond >= len(leaves))
    with pytest.raises(IndexError):
        merkle.inclusion_proof(leaves, beyond)
    with pytest.raises(IndexError):
        merkle.consistency_proof(leaves, beyond + 1)
    with pytest.raises(IndexError):
        merkle.consistency_proof(leaves, 0)
