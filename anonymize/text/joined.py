"""Many texts as one string, so that a pattern walks over all of them in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import polars as pl

BREAK = "\n\x1e\n"
"""Stands between two texts; no pattern crosses it."""


class Joined:
    """The texts of a series in one string, with the way back.

    Args:
        texts: ``String`` without nulls.
        rows: number of each text; 0, 1, 2 … when left out.
    """

    def __init__(self, texts: pl.Series, rows: pl.Series | None = None) -> None:
        lengths = texts.str.len_chars().to_numpy().astype(np.int64)
        self.offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths + len(BREAK))[:-1]))
        self.rows = (
            np.arange(texts.len(), dtype=np.int64) if rows is None else rows.to_numpy().astype(np.int64)
        )
        self.text: str = texts.str.join(BREAK).item() if texts.len() else ""

    def locate(self, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
        """Row, start and end in the row's own text, for spans of the joined string."""
        bounds = np.array(list(spans), dtype=np.int64).reshape(-1, 2)
        index = np.searchsorted(self.offsets, bounds[:, 0], side="right") - 1
        base = self.offsets[index]
        return list(
            zip(
                self.rows[index].tolist(),
                (bounds[:, 0] - base).tolist(),
                (bounds[:, 1] - base).tolist(),
                strict=True,
            )
        )


def matches(texts: pl.Series, gate: str, pattern: re.Pattern[str]) -> list[tuple[int, int, int]]:
    """Row, start, end of every match (its last group where it has groups) in the texts that pass ``gate``."""
    rows = texts.str.contains(gate).arg_true()
    if rows.len() == 0:
        return []
    joined = Joined(texts.gather(rows), rows)
    return joined.locate(m.span(m.lastindex or 0) for m in pattern.finditer(joined.text))
