"""The two kinds of recurrent layer, as in Cho et al. 2014 (arXiv:1406.1078), over a `packing.Pack`.

    u, r = σ(x·W + b + h·U)          update and reset gate
    c    = tanh(x·V + d + (r∘h)·C)   candidate
    h'   = (1 − u)∘h + u∘c

A logistic function is half a hyperbolic tangent: σ(z) = (1 + tanh(z/2))/2. The halves are folded into the
weights, W, b and U are halved, and so is C; then ``u = (1 + tanh(·))/2`` and ``r∘h·C = (1 +
tanh(·))∘h·(C/2)``, and only one transcendental function is computed, which NumPy does with vector
instructions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize.tagger.packing import Integers, Pack
from anonymize.tagger.tensors import Floats
from anonymize.tagger.workspace import Workspace

HIDDEN = 128
GATES = 2 * HIDDEN
ONE = np.float32(1)
HALF = np.float32(0.5)
BIAS_COLUMNS = 8
"""Columns between input and state of a row: one 1 that carries the biases, zeros up to a round width."""


@dataclass(frozen=True)
class Cell:
    """Weights of one direction of one layer, halves folded in (see the module)."""

    gate_input: Floats  # (input, GATES): update, then reset
    gate_bias: Floats  # (GATES,)
    gate_state: Floats  # (HIDDEN, GATES)
    candidate_input: Floats  # (input, HIDDEN)
    candidate_bias: Floats  # (HIDDEN,)
    candidate_state: Floats  # (HIDDEN, HIDDEN)

    @classmethod
    def folded(cls, dense: Floats, dense_bias: Floats, recurrent: Floats, recurrent_bias: Floats) -> Cell:
        """From the tensors as they are stored.

        ``dense`` (input, 3·HIDDEN) holds update, reset, candidate; ``recurrent`` is one flat block of
        3·HIDDEN² values: (HIDDEN, 2·HIDDEN) for both gates, then (HIDDEN, HIDDEN) for the candidate.
        """
        bias = dense_bias.ravel() + recurrent_bias.ravel()
        flat = recurrent.ravel()
        split = HIDDEN * GATES
        return cls(
            gate_input=np.ascontiguousarray(dense[:, :GATES]) * HALF,
            gate_bias=bias[:GATES] * HALF,
            gate_state=flat[:split].reshape(HIDDEN, GATES) * HALF,
            candidate_input=np.ascontiguousarray(dense[:, GATES:]),
            candidate_bias=bias[GATES:],
            candidate_state=flat[split:].reshape(HIDDEN, HIDDEN) * HALF,
        )


class WordLayer:
    """One direction of the first layer. It reads words, of which there are few different ones in a batch.

    What a word contributes to the gates does not depend on its neighbours, so it is computed once and kept in
    a table; a step looks it up instead of multiplying.
    """

    def __init__(self, cell: Cell, rows: int) -> None:
        self._cell = cell
        self._gates = np.zeros((rows, GATES), dtype=np.float32)
        self._candidates = np.zeros((rows, HIDDEN), dtype=np.float32)

    def learn(self, first: int, embeddings: Floats) -> None:
        """Fill the rows from ``first`` on for words with these embeddings (words, input)."""
        rows = slice(first, first + len(embeddings))
        cell = self._cell
        np.add(embeddings @ cell.gate_input, cell.gate_bias, out=self._gates[rows])
        np.add(embeddings @ cell.candidate_input, cell.candidate_bias, out=self._candidates[rows])

    def run(
        self, table_rows: Integers, batch: Pack, target: Floats, backward: bool, space: Workspace
    ) -> None:
        """Write the states (units, HIDDEN) to ``target``; ``table_rows`` (units,) names the word of each
        row.
        """
        cell = self._cell
        most = batch.counts[0]
        states = space.array("state", most, HIDDEN)
        states[:] = 0
        gates = space.array("gates", most, GATES)
        product = space.array("product", most, GATES)
        candidates = space.array("candidates", most, HIDDEN)
        reset = space.array("reset", most, HIDDEN)
        for position in _positions(batch, backward):
            count, start = batch.counts[position], batch.starts[position]
            words = table_rows[start : start + count]
            state, gate, candidate = states[:count], gates[:count], candidates[:count]
            np.take(self._gates, words, axis=0, out=gate, mode="clip")
            gate += np.matmul(state, cell.gate_state, out=product[:count])
            np.tanh(gate, out=gate)
            gate += ONE
            np.multiply(gate[:, HIDDEN:], state, out=reset[:count])
            np.take(self._candidates, words, axis=0, out=candidate, mode="clip")
            narrow = product.reshape(-1)[: count * HIDDEN].reshape(count, HIDDEN)
            candidate += np.matmul(reset[:count], cell.candidate_state, out=narrow)
            np.tanh(candidate, out=candidate)
            _advance(state, candidate, gate)
            target[start : start + count] = state


class StateLayer:
    """One direction of a layer that reads the states of the layer below.

    Input, biases and own state stand in one row each, so that gates and candidate are one product each.
    """

    def __init__(self, cell: Cell) -> None:
        width = len(cell.gate_input)
        self._state_at = width + BIAS_COLUMNS
        self._gates = np.zeros((self._state_at + HIDDEN, GATES), dtype=np.float32)
        self._gates[:width] = cell.gate_input
        self._gates[width] = cell.gate_bias
        self._gates[self._state_at :] = cell.gate_state
        self._candidates = np.zeros((self._state_at + HIDDEN, HIDDEN), dtype=np.float32)
        self._candidates[:width] = cell.candidate_input
        self._candidates[width] = cell.candidate_bias
        self._candidates[self._state_at :] = cell.candidate_state

    @staticmethod
    def rows(units: int, width: int, space: Workspace) -> Floats:
        """Rows for ``units``: ``width`` columns of input (to be filled), the biases' 1, room for the
        state.
        """
        rows = space.array("rows", units, width + BIAS_COLUMNS + HIDDEN)
        rows[:, width] = 1
        rows[:, width + 1 : width + BIAS_COLUMNS] = 0
        return rows

    def run(self, rows: Floats, batch: Pack, target: Floats, backward: bool, space: Workspace) -> None:
        """Write the states (units, HIDDEN) to ``target``; the last columns of ``rows`` are written over."""
        most = batch.counts[0]
        states = space.array("state", most, HIDDEN)
        states[:] = 0
        gates = space.array("gates", most, GATES)
        candidates = space.array("candidates", most, HIDDEN)
        for position in _positions(batch, backward):
            count, start = batch.counts[position], batch.starts[position]
            row = rows[start : start + count]
            own = row[:, self._state_at :]
            state, gate, candidate = states[:count], gates[:count], candidates[:count]
            own[:] = state
            np.matmul(row, self._gates, out=gate)
            np.tanh(gate, out=gate)
            gate += ONE
            np.multiply(gate[:, HIDDEN:], state, out=own)
            np.matmul(row, self._candidates, out=candidate)
            np.tanh(candidate, out=candidate)
            _advance(state, candidate, gate)
            target[start : start + count] = state


def _positions(batch: Pack, backward: bool) -> range:
    """Positions in the order of reading. Backward, a sequence begins with the zero state that waits in its
    row.
    """
    last = len(batch.counts)
    return range(last - 1, -1, -1) if backward else range(last)


def _advance(state: Floats, candidate: Floats, gate: Floats) -> None:
    """h += u∘(c − h), where ``gate`` holds 2·u in its first columns; ``candidate`` is used up."""
    candidate -= state
    candidate *= gate[:, :HIDDEN]
    candidate *= HALF
    state += candidate
