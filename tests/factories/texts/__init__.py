"""Sentences as offices write them, with the spans that stand in them."""

from __future__ import annotations

from tests.factories.texts.build import Sentence, sentences
from tests.factories.texts.score import Score, address_score, person_score

__all__ = ["Score", "Sentence", "address_score", "person_score", "sentences"]
