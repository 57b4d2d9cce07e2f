"""Arrays that are used again, so that a batch costs no fresh memory pages."""

from __future__ import annotations

import numpy as np

from anonymize.tagger.tensors import Floats


class Workspace:
    """Named arrays of float32 that grow to the largest shape asked for and are then kept."""

    def __init__(self) -> None:
        self._kept: dict[str, Floats] = {}

    def array(self, name: str, rows: int, columns: int) -> Floats:
        """An array (``rows``, ``columns``), contiguous; what stands in it is left from earlier use."""
        size = rows * columns
        kept = self._kept.get(name)
        if kept is None or kept.size < size:
            kept = self._kept[name] = np.zeros(size + size // 4, dtype=np.float32)
        return kept[:size].reshape(rows, columns)
