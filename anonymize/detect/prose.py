"""Is a column prose, and whose: a person's story or an office's definition.

Prose may hold anything, so a column of it is free text (redacted whole by default) unless it proves to be
official. The proof has two halves: no identifier and no word of narration in any value, and either
most values speak as definitions do (指…, 包括…, 依据《…》) or nothing in the whole table is about a
person. When in doubt it is free text.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.detect import vocabulary


@dataclass(frozen=True, slots=True)
class Prose:
    """Shares of distinct values, 0–1."""

    is_prose: bool
    narrative: float
    official: float
    han: float


def examine(values: pl.Series) -> Prose:
    """Look at distinct canonical values."""
    if values.len() == 0:
        return Prose(False, 0.0, 0.0, 0.0)
    lengths = values.str.len_chars()
    han = _share(values.str.contains(r"\p{Han}.*\p{Han}"))
    marks = _share(values.str.contains(r"[，。；！？,;!?、：]"))
    spaced = _share(values.str.contains(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+ [A-Za-z]+"))
    median = float(lengths.median() or 0)  # type: ignore[arg-type]
    long = float(lengths.quantile(0.9) or 0)
    wordy = han >= 0.3 or spaced >= 0.3
    is_prose = wordy and (
        (median >= 10 and marks >= 0.3) or (long >= 20 and marks >= 0.25) or median >= 28 or spaced >= 0.5
    )
    return Prose(
        is_prose,
        _share(values.str.contains(vocabulary.NARRATIVE)),
        _share(values.str.contains(vocabulary.OFFICIAL)),
        han,
    )


def _share(mask: pl.Series) -> float:
    return float(mask.mean() or 0.0)  # type: ignore[arg-type]
