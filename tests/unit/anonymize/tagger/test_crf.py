"""The best sequence of labels: against all sequences there are."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anonymize.tagger.crf import Chain
from anonymize.tagger.packing import pack


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_no_other_sequence_scores_higher(sizes: list[int], seed: int) -> None:
    labels = 3
    rng = np.random.default_rng(seed)
    first, last = rng.normal(size=(2, labels)).astype(np.float32)
    transitions = rng.normal(size=(labels, labels)).astype(np.float32)
    lengths = np.array(sizes)
    starts = np.cumsum(lengths) - lengths
    given_scores = rng.normal(size=(int(lengths.sum()), labels)).astype(np.float32)
    batch = pack(np.arange(len(given_scores)), starts, lengths, np.arange(len(sizes)))
    found = Chain(first, last, transitions).decode(given_scores[batch.numbers], batch)[batch.rows]

    def score(sequence: tuple[int, ...], own: np.ndarray) -> float:
        total = first[sequence[0]] + last[sequence[-1]]
        total += sum(own[place, label] for place, label in enumerate(sequence))
        return float(total + sum(transitions[a, b] for a, b in pairwise(sequence)))

    at = 0
    for index in batch.order.tolist():
        size = sizes[index]
        own = given_scores[starts[index] : starts[index] + size]
        best = max(score(sequence, own) for sequence in product(range(labels), repeat=size))
        assert abs(score(tuple(found[at : at + size].tolist()), own) - best) < 1e-4
        at += size


@given(st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=8), min_size=1, max_size=9))
def test_a_pack_keeps_every_unit_of_every_sequence(sequences: list[list[int]]) -> None:
    flat = np.array([unit for sequence in sequences for unit in sequence])
    sizes = np.array([len(sequence) for sequence in sequences])
    starts = np.cumsum(sizes) - sizes
    batch = pack(flat, starts, sizes, np.arange(len(sizes)))
    assert [unit for index in batch.order.tolist() for unit in sequences[index]] == batch.numbers[
        batch.rows
    ].tolist()
    assert batch.lengths.tolist() == sorted(sizes.tolist(), reverse=True)
    assert list(batch.counts) == [sum(size > place for size in sizes) for place in range(max(sizes))]
    assert batch.starts[-1] == len(flat)
