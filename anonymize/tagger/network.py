"""The network: words in, one score a unit and label out.

Embedding 58,224 × 128 → two layers, each a forward and a backward gated recurrence of 128 states → one score
for each of 49 labels. In float32, as the weights are; the products go through the BLAS that NumPy brings.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from anonymize.tagger.gru import HIDDEN, Cell, StateLayer, WordLayer
from anonymize.tagger.packing import Integers, Pack
from anonymize.tagger.tensors import Floats, read_tensor
from anonymize.tagger.workspace import Workspace

TABLE = 16_384
"""Words whose share in the first layer is kept: 50 MB. Forgotten all at once when there are more."""
DIRECTIONS = (False, True)


class Network:
    """The network with its weights and its working memory; one caller at a time."""

    def __init__(self, folder: Path) -> None:
        """Read the tensors of ``folder``. Raises OSError or `tensors.TensorUnreadable`."""
        self._embedding = read_tensor(folder / "word_emb")
        cells = [
            Cell.folded(
                *(
                    read_tensor(folder / f"{part}_{index}.{kind}")
                    for part in ("fc", "gru")
                    for kind in ("w_0", "b_0")
                )
            )
            for index in range(4)
        ]
        self._below = [WordLayer(cell, TABLE) for cell in cells[:2]]
        self._above = [StateLayer(cell) for cell in cells[2:]]
        self._scores = read_tensor(folder / "fc_4.w_0")
        self._score_bias = read_tensor(folder / "fc_4.b_0").ravel()
        self._table_row = np.full(len(self._embedding), -1, dtype=np.int64)
        self._kept = 0
        self._space = Workspace()

    @property
    def words(self) -> int:
        """How many words the embedding has."""
        return len(self._embedding)

    @property
    def labels(self) -> int:
        """How many labels are scored."""
        return len(self._score_bias)

    def scores(self, batch: Pack) -> Floats:
        """Score of every label (units, labels), rows as in ``batch``; valid until the next call."""
        units = len(batch.numbers)
        table_rows = self._look_up(batch.numbers)
        rows = StateLayer.rows(units, 2 * HIDDEN, self._space)
        for layer, backward in zip(self._below, DIRECTIONS, strict=True):
            layer.run(table_rows, batch, _half(rows, backward), backward, self._space)
        states = self._space.array("states", units, 2 * HIDDEN)
        for above, backward in zip(self._above, DIRECTIONS, strict=True):
            above.run(rows, batch, _half(states, backward), backward, self._space)
        scores = np.matmul(states, self._scores, out=self._space.array("scores", units, self.labels))
        scores += self._score_bias
        return scores

    def _look_up(self, numbers: Integers) -> Integers:
        """Row of the tables for every unit; words not met before are worked out."""
        rows = self._table_row[numbers]
        unknown = np.unique(numbers[rows < 0])
        if not len(unknown):
            return rows
        if self._kept + len(unknown) > TABLE:
            self._table_row[:] = -1
            self._kept = 0
            unknown = np.unique(numbers)
        embeddings = self._embedding[unknown]
        for layer in self._below:
            layer.learn(self._kept, embeddings)
        self._table_row[unknown] = np.arange(self._kept, self._kept + len(unknown))
        self._kept += len(unknown)
        return self._table_row[numbers]


def _half(rows: Floats, backward: bool) -> Floats:
    """The columns of one direction."""
    return rows[:, HIDDEN : 2 * HIDDEN] if backward else rows[:, :HIDDEN]
