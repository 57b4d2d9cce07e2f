"""What every recognizer here is: a checker of whole columns that can also be asked about one text.

Nothing here loads presidio: a scan needs none of it (``anonymize.presidio`` is the way to presidio).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.normal import canonical, fold_text

CONTEXT_WINDOW = 12
"""Characters before a candidate in which a word of context counts."""


def span(match: re.Match[str]) -> tuple[int, int]:
    """The identifier in a match: its group where the pattern has groups (the rest is context)."""
    return match.span(match.lastindex or 0)


class Found(NamedTuple):
    """One place in a text: characters from ``start`` to ``end`` (excluded), ``score`` from 0 to 1."""

    start: int
    end: int
    score: float


class ColumnRecognizer(ABC):
    """A recognizer for one entity, in Chinese.

    ``validate`` decides over whole values and is the only checker: ``find`` cuts candidates out of a text and
    asks it too.
    """

    ENTITY: ClassVar[Entity]
    HEADER: ClassVar[re.Pattern[str]]
    """Column names that promise this entity."""
    TEXT: ClassVar[re.Pattern[str]]
    """Candidates inside a folded text."""
    PREFILTER: ClassVar[str]
    """A cheap expression (Rust syntax, folded text) without which ``TEXT`` cannot match."""
    CONTEXT: ClassVar[tuple[str, ...]] = ()
    SCORE: ClassVar[float] = 0.85
    IN_TEXT: ClassVar[bool] = True
    """Looked for inside texts unless the caller names kinds; a class of persons (an age, an ethnic group) is not:
    it stands in every report, and identifies nobody by itself."""  # noqa: E501
    NEEDS_WORD: ClassVar[bool] = False
    """The form proves nothing: a column is this entity only under a header that says so."""

    @abstractmethod
    def validate(self, values: pl.Series) -> pl.Series:
        """Which values are this entity and nothing else.

        Args:
            values: ``String``, no nulls, as ``normal.canonical`` gives them.

        Returns:
            ``Boolean`` of the same length.
        """

    def shape(self, values: pl.Series) -> pl.Series:
        """Which values look like this entity though a check fails; a wider net than ``validate``."""
        return self.validate(values)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        """Which candidates of ``TEXT`` are taken, given the characters ``before`` each in its text."""
        return self.validate(canonical(candidates))

    def find(self, text: str) -> list[Found]:
        """Where the pattern stands in ``text``; of names and addresses ``text.analyze`` finds more."""
        folded = fold_text(text)
        found = [
            (*span(m), folded[max(0, m.start() - CONTEXT_WINDOW) : m.start()])
            for m in self.TEXT.finditer(folded)
        ]
        if not found:
            return []
        spans = [folded[start:end] for start, end, _ in found]
        taken = self.accept(
            pl.Series(spans, dtype=pl.String), pl.Series([b for *_, b in found], dtype=pl.String)
        )
        return [
            Found(start, end, self.SCORE) for (start, end, _), good in zip(found, taken, strict=True) if good
        ]
