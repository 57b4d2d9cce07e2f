"""Is a column prose, and whose: a person's story or an office's definition.

Prose may hold anything, so a column of it is free text (redacted whole by default) unless it proves to be
official. The proof has two halves: no identifier, no word of narration and (where a tagger is installed) no
names of persons; and either most values speak as definitions do (指…, 包括…, 依据《…》) or nothing in the
whole table is about a person. When in doubt it is free text.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.detect import vocabulary

_READ = 300
"""Texts that the tagger reads of a column which nothing else gives away, and characters of each."""
_CHARACTERS = 200
_SHORT_READ = 100
_MOSTLY = 0.5
_NAMED = 0.05
"""Share of texts with a name from which on a column tells of persons; below it, of places and makes."""


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
    narrative = _share(values.str.contains(vocabulary.NARRATIVE))
    if is_prose and narrative < 0.02:
        named = _naming(values)
        narrative = named if named >= _NAMED else narrative
    return Prose(
        is_prose,
        narrative,
        _share(values.str.contains(vocabulary.OFFICIAL)),
        han,
    )


def names_persons(values: pl.Series) -> bool:
    """Whether short texts that are no prose (授予张三称号) mostly name somebody.

    Asked last, of columns that nothing else explains: the tagger reads a hundred of them. Words of one or two
    characters and lists of things that hold a name now and then (李宁鞋业) are left in peace by the half.
    """
    if _share(values.str.contains(r"\p{Han}{3}")) < 0.8 or float(values.str.len_chars().median() or 0) < 5:  # type: ignore[arg-type]
        return False
    return _naming(values, _SHORT_READ) >= _MOSTLY


def _naming(values: pl.Series, read: int = _READ) -> float:
    """Share of a few of the texts that name persons."""
    # The package asks this one for patterns: it can only be imported once both are there.
    from anonymize.text import naming

    step = max(1, values.len() // read)
    return naming(values.gather_every(step).head(read).str.slice(0, _CHARACTERS))


def _share(mask: pl.Series) -> float:
    return float(mask.mean() or 0.0)  # type: ignore[arg-type]
