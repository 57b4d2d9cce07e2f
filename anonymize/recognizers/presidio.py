"""The recognizers as presidio's own: a registry and an analyzer for ``language="zh"``.

Loaded only when presidio is asked for; reading and masking tables does without it. The analyzer's language
pipeline is a blank one: presidio would otherwise try to fetch a model when it starts, and a release must not
depend on the network.
"""

from __future__ import annotations

from typing import Any

import spacy
from presidio_analyzer import (
    AnalysisExplanation,
    AnalyzerEngine,
    LocalRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from spacy.language import Language

from anonymize.recognizers.base import ColumnRecognizer


class PresidioRecognizer(LocalRecognizer):
    """One of our recognizers in presidio's interface; it keeps the name, the entity and the context words."""

    def __init__(self, recognizer: ColumnRecognizer) -> None:
        self._recognizer = recognizer
        self._title = type(recognizer).__name__
        super().__init__(
            supported_entities=[recognizer.ENTITY.value],
            name=self._title,
            supported_language="zh",
            context=list(recognizer.CONTEXT),
        )

    def load(self) -> None:
        """Nothing to load: no model."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        """Results with character offsets into ``text``."""
        return [
            RecognizerResult(
                self._recognizer.ENTITY.value,
                start,
                end,
                score,
                AnalysisExplanation(recognizer=self._title, original_score=score),
                {RecognizerResult.RECOGNIZER_NAME_KEY: self._title},
            )
            for start, end, score in self._recognizer.find(text)
        ]


class _BlankChinese(SpacyNlpEngine):
    """A pipeline that cuts text into characters and knows nothing else."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": "zh", "model_name": "blank"}])
        self.nlp: dict[str, Language] | None = {"zh": spacy.blank("zh")}  # type: ignore[assignment]

    def load(self) -> None:
        """Already there; nothing is fetched."""


def registry_of(recognizers: list[ColumnRecognizer]) -> RecognizerRegistry:
    """A presidio registry with these recognizers and no others."""
    return RecognizerRegistry(
        recognizers=[PresidioRecognizer(one) for one in recognizers], supported_languages=["zh"]
    )


def analyzer_of(registry: RecognizerRegistry) -> AnalyzerEngine:
    """A presidio analyzer over ``registry`` that needs no model and no network."""
    return AnalyzerEngine(registry=registry, nlp_engine=_BlankChinese(), supported_languages=["zh"])
