"""What every recognizer here is: a checker of whole columns that presidio can also call on a text."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any, ClassVar

import polars as pl
from presidio_analyzer import AnalysisExplanation, LocalRecognizer, RecognizerResult

from anonymize.entities import Entity
from anonymize.recognizers.normal import canonical, fold_text

CONTEXT_WINDOW = 12
"""Characters before a candidate in which a word of context counts."""


def span(match: re.Match[str]) -> tuple[int, int]:
    """The identifier in a match: its group where the pattern has groups (the rest is context)."""
    return match.span(match.lastindex or 0)


class ColumnRecognizer(LocalRecognizer):
    """A recognizer for one entity, in Chinese.

    ``validate`` decides over whole values and is the only checker: the presidio interface cuts
    candidates out of a text and asks it too.
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

    def __init__(self) -> None:
        super().__init__(
            supported_entities=[self.ENTITY.value],
            name=type(self).__name__,
            supported_language="zh",
            context=list(self.CONTEXT),
        )

    def load(self) -> None:
        """Nothing to load: no model."""

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

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        """The presidio interface: results with character offsets into ``text``."""
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
            RecognizerResult(
                self.ENTITY.value,
                start,
                end,
                self.SCORE,
                AnalysisExplanation(
                    recognizer=type(self).__name__, original_score=self.SCORE, pattern=self.TEXT.pattern
                ),
                {RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__},
            )
            for (start, end, _), good in zip(found, taken, strict=True)
            if good
        ]
