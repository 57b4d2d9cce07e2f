"""The best sequence of labels: Viterbi's algorithm over a whole batch.

Linear-chain conditional random field (Lafferty et al. 2001): the score of a sequence of labels is the sum of
its units' scores, of the transitions between neighbours, and of what the first and the last label get.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from anonymize.tagger.packing import Integers, Pack
from anonymize.tagger.tensors import Floats, read_tensor


class Chain:
    """Weights of the chain: ``first`` and ``last`` (labels,), ``transitions`` (from, to)."""

    def __init__(self, first: Floats, last: Floats, transitions: Floats) -> None:
        self._first = first
        self._last = last
        self._labels = len(first)
        self._columns = np.ascontiguousarray(transitions[:, :, None])
        self._into = np.ascontiguousarray(transitions.T)

    @classmethod
    def read(cls, path: Path) -> Chain:
        """From the tensor (labels + 2, labels) of the weights: first, last, then the transitions."""
        block = read_tensor(path)
        return cls(block[0], block[1], block[2:])

    def decode(self, scores: Floats, batch: Pack) -> Integers:
        """The best label of every unit (units,), rows as in ``batch``; ``scores`` is (units, labels)."""
        return self._backward(self._forward(scores, batch), batch)

    def _forward(self, scores: Floats, batch: Pack) -> Floats:
        """Score of the best sequence up to every unit that ends with every label (units, labels).

        Sequences run along the columns here: for each of the labels from which one comes, one addition and
        one maximum over (label, sequence), which is long enough to keep the processor's vectors full.
        """
        labels, most = self._labels, batch.counts[0]
        best = np.empty_like(scores)
        np.add(scores[:most], self._first, out=best[:most])
        before = np.ascontiguousarray(best[:most].T)
        room = np.empty(labels * most, dtype=np.float32)
        spare = np.empty(labels * most, dtype=np.float32)
        for count, start in zip(batch.counts[1:], batch.starts[1:-1], strict=True):
            if before.shape[1] != count:
                before = np.ascontiguousarray(before[:, :count])
            reached = room[: labels * count].reshape(labels, count)
            candidate = spare[: labels * count].reshape(labels, count)
            np.add(before[0], self._columns[0], out=reached)
            for label in range(1, labels):
                np.add(before[label], self._columns[label], out=candidate)
                np.maximum(reached, candidate, out=reached)
            before = reached + scores[start : start + count].T
            best[start : start + count] = before.T
        return best

    def _backward(self, best: Floats, batch: Pack) -> Integers:
        """From the last unit to the first: the label through which the best sequence goes."""
        chosen = np.zeros(len(best), dtype=np.int64)
        current = np.zeros(batch.counts[0], dtype=np.int64)
        running = 0  # sequences that have a unit at the next position
        for count, start in zip(reversed(batch.counts), reversed(batch.starts[:-1]), strict=True):
            here = best[start : start + count]
            here[running:] += self._last
            here[:running] += self._into[current[:running]]
            np.argmax(here, axis=1, out=current[:count])
            chosen[start : start + count] = current[:count]
            running = count
        return chosen
