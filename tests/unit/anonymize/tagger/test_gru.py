"""The recurrent layers: against their equations, one sequence and one step at a time."""

from __future__ import annotations

import numpy as np
import pytest

from anonymize.tagger.gru import HIDDEN, Cell, StateLayer, WordLayer
from anonymize.tagger.packing import Pack, pack
from anonymize.tagger.workspace import Workspace

RNG = np.random.default_rng(20_26)
SIZES = np.array([5, 1, 7, 3, 7])
FLAT = np.arange(int(SIZES.sum()))
STARTS = np.cumsum(SIZES) - SIZES


def batch() -> Pack:
    return pack(FLAT, STARTS, SIZES, np.arange(len(SIZES)))


def tensors(width: int) -> tuple[np.ndarray, ...]:
    shapes = ((width, 3 * HIDDEN), (1, 3 * HIDDEN), (HIDDEN, 3 * HIDDEN), (1, 3 * HIDDEN))
    return tuple(RNG.normal(0, 0.2, shape).astype(np.float32) for shape in shapes)


def plainly(inputs: np.ndarray, weights: tuple[np.ndarray, ...], backward: bool) -> np.ndarray:
    """The equations of the module's docstring."""
    dense, dense_bias, recurrent, recurrent_bias = (part.astype(np.float64) for part in weights)
    flat = recurrent.ravel()
    gate_state = flat[: 2 * HIDDEN * HIDDEN].reshape(HIDDEN, 2 * HIDDEN)
    candidate_state = flat[2 * HIDDEN * HIDDEN :].reshape(HIDDEN, HIDDEN)
    state = np.zeros(HIDDEN)
    states = np.zeros((len(inputs), HIDDEN))
    order = range(len(inputs))
    for step in reversed(order) if backward else order:
        x = inputs[step] @ dense + dense_bias[0] + recurrent_bias[0]
        update, reset = np.split(1 / (1 + np.exp(-(x[: 2 * HIDDEN] + state @ gate_state))), 2)
        candidate = np.tanh(x[2 * HIDDEN :] + (reset * state) @ candidate_state)
        state = (1 - update) * state + update * candidate
        states[step] = state
    return states


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("kind", ["words", "states"])
def test_a_layer_follows_its_equations(kind: str, backward: bool) -> None:
    packed, space = batch(), Workspace()
    width = 16 if kind == "words" else 2 * HIDDEN
    weights = tensors(width)
    inputs = RNG.normal(size=(len(FLAT), width)).astype(np.float32)
    found = np.empty((len(FLAT), HIDDEN), dtype=np.float32)
    cell = Cell.folded(*weights)
    if kind == "words":
        words = WordLayer(cell, len(FLAT))
        words.learn(0, inputs)
        words.run(packed.numbers, packed, found, backward, space)
    else:
        rows = StateLayer.rows(len(FLAT), width, space)
        rows[:, :width] = inputs[packed.numbers]
        StateLayer(cell).run(rows, packed, found, backward, space)
    at = 0
    for index in packed.order.tolist():
        size, start = int(SIZES[index]), int(STARTS[index])
        expected = plainly(inputs[start : start + size], weights, backward)
        np.testing.assert_allclose(found[packed.rows[at : at + size]], expected, atol=2e-5)
        at += size
