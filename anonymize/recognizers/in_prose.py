"""Kinds that a pattern alone does not find in a text: presidio asks the whole of ``anonymize.text``."""

from __future__ import annotations

from typing import Any

import polars as pl
from presidio_analyzer import AnalysisExplanation, RecognizerResult

from anonymize.recognizers.base import ColumnRecognizer


class ProseRecognizer(ColumnRecognizer):
    """A recognizer whose texts are read by tagger, rules and grammar together; columns as any other's."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        """The presidio interface: results with character offsets into ``text``."""
        # ``text`` asks the recognizers for patterns; it can only be imported once they are there.
        from anonymize.text import analyze

        name = type(self).__name__
        return [
            RecognizerResult(
                entity,
                start,
                end,
                score,
                AnalysisExplanation(recognizer=name, original_score=score),
                {RecognizerResult.RECOGNIZER_NAME_KEY: name},
            )
            for _, start, end, entity, score in analyze(
                pl.Series([text], dtype=pl.String), {self.ENTITY}
            ).iter_rows()
        ]
