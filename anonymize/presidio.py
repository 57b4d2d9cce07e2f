"""The recognizers as presidio's own: a registry and an analyzer for ``language="zh"``.

Loaded only when presidio is asked for; reading and masking tables does without it. The analyzer's language
pipeline is a blank one: presidio would otherwise try to fetch a model when it starts, and a release must not
depend on the network.

presidio asks every recognizer about every text. Texts that come as a batch (``batch_analyzer``) are looked
at together all the same: the pipeline, which sees the whole batch first, leaves beside each text where to
look up what all recognizers find in all texts of its batch.

>>> [r.entity_type for r in analyzer().analyze("身份证11010519491231002X", language="zh")]
['CN_RESIDENT_ID']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import polars as pl
import spacy
from presidio_analyzer import (
    AnalysisExplanation,
    AnalyzerEngine,
    BatchAnalyzerEngine,
    LocalRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
from spacy.language import Language

from anonymize.entities import Entity
from anonymize.recognizers import ColumnRecognizer, recognizers
from anonymize.recognizers.base import Found
from anonymize.text import analyze
from anonymize.text.patterns import find_in_text

_PROSE = frozenset({Entity.PERSON, Entity.ADDRESS})
"""Kinds that a pattern alone does not find in a text: tagger, rules and grammar look for both together."""
_TOGETHER = 1_000
"""Texts of a batch that are looked at together, at least."""


class Texts:
    """Some texts, and what each recognizer finds in all of them: worked out once, when it is asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = pl.Series(texts, dtype=pl.String)
        self._found: dict[Entity, dict[int, list[Found]]] = {}

    def of(self, recognizer: ColumnRecognizer, place: int) -> list[Found]:
        """What ``recognizer`` finds in the text at ``place``."""
        if recognizer.ENTITY not in self._found:
            self._look(recognizer)
        return self._found[recognizer.ENTITY].get(place, [])

    def _look(self, recognizer: ColumnRecognizer) -> None:
        if recognizer.ENTITY in _PROSE:
            spans = analyze(self.texts, _PROSE)
        else:
            spans = find_in_text(self.texts, {recognizer.ENTITY}).with_columns(score=recognizer.SCORE)
        kinds = _PROSE if recognizer.ENTITY in _PROSE else {recognizer.ENTITY}
        self._found.update({kind: {} for kind in kinds})
        for row, start, end, entity, score in spans.iter_rows():
            self._found[Entity(entity)].setdefault(row, []).append(Found(start, end, score))


class _Place(NamedTuple):
    """One text of several."""

    texts: Texts
    place: int

    def is_of(self, text: str) -> bool:
        return bool(self.texts.texts[self.place] == text)


_BESIDE: WeakKeyDictionary[NlpArtifacts, _Place] = WeakKeyDictionary()
"""Where the text of an artifact stands in its batch; gone with the artifact."""


@lru_cache(maxsize=1)
def _alone(text: str) -> _Place:
    """A text that came without a batch; presidio asks all recognizers about it one after the other."""
    return _Place(Texts([text]), 0)


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

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002
        nlp_artifacts: NlpArtifacts | None = None,
    ) -> list[RecognizerResult]:
        """Results with character offsets into ``text``."""
        beside = None if nlp_artifacts is None else _BESIDE.get(nlp_artifacts)
        here = beside if beside is not None and beside.is_of(text) else _alone(text)
        return [
            RecognizerResult(
                self._recognizer.ENTITY.value,
                start,
                end,
                score,
                AnalysisExplanation(recognizer=self._title, original_score=score),
                {RecognizerResult.RECOGNIZER_NAME_KEY: self._title},
            )
            for start, end, score in here.texts.of(self._recognizer, here.place)
        ]


class _BlankChinese(SpacyNlpEngine):
    """A pipeline that cuts text into characters and knows nothing else."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": "zh", "model_name": "blank"}])
        self.nlp: dict[str, Language] | None = {"zh": spacy.blank("zh")}  # type: ignore[assignment]

    def load(self) -> None:
        """Already there; nothing is fetched."""

    def process_batch(  # type: ignore[override]  # presidio's two classes disagree about it
        self,
        texts: Iterable[Any],
        language: str,
        batch_size: int = 1,
        n_process: int = 1,
        as_tuples: bool = False,
    ) -> Iterator[Any]:
        """As the engine's own, with the texts of a batch beside each other for the recognizers."""
        given = iter(texts)
        while batch := list(islice(given, max(batch_size, _TOGETHER))):
            together = Texts([str(item[0] if as_tuples else item) for item in batch])
            processed = super().process_batch(batch, language, batch_size, n_process, as_tuples)
            for place, output in enumerate(processed):
                _BESIDE[output[1]] = _Place(together, place)
                yield output


def zh_registry() -> RecognizerRegistry:
    """A presidio registry with the Chinese recognizers and no others; it goes into any ``AnalyzerEngine``."""
    return RecognizerRegistry(
        recognizers=[PresidioRecognizer(one) for one in recognizers().values()], supported_languages=["zh"]
    )


def analyzer() -> AnalyzerEngine:
    """A presidio analyzer for ``language="zh"`` that needs no model and no network."""
    return AnalyzerEngine(registry=zh_registry(), nlp_engine=_BlankChinese(), supported_languages=["zh"])


def batch_analyzer() -> BatchAnalyzerEngine:
    """presidio's analyzer for lists and dictionaries; ``analyze_iterator`` looks at many texts together."""
    return BatchAnalyzerEngine(analyzer())
