"""All recognizers, as objects of our own and as presidio's registry and analyzer.

The analyzer's language pipeline is a blank one: presidio would otherwise try to fetch a model when it
starts, and a release must not depend on the network.
"""

from __future__ import annotations

from functools import lru_cache

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from spacy.language import Language

from anonymize.entities import Entity
from anonymize.recognizers.address import AddressRecognizer
from anonymize.recognizers.bank_card import BankCardRecognizer
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.date_of_birth import DateOfBirthRecognizer
from anonymize.recognizers.email import EmailRecognizer
from anonymize.recognizers.landline import LandlineRecognizer
from anonymize.recognizers.mobile import MobileRecognizer
from anonymize.recognizers.passport import PassportRecognizer
from anonymize.recognizers.person import PersonRecognizer
from anonymize.recognizers.plate import PlateRecognizer
from anonymize.recognizers.resident_id import ResidentIdRecognizer
from anonymize.recognizers.uscc import UsccRecognizer

_ORDER: tuple[type[ColumnRecognizer], ...] = (
    ResidentIdRecognizer,
    UsccRecognizer,
    EmailRecognizer,
    MobileRecognizer,
    LandlineRecognizer,
    BankCardRecognizer,
    PassportRecognizer,
    PlateRecognizer,
    DateOfBirthRecognizer,
    AddressRecognizer,
    PersonRecognizer,
)
"""When two claim the same characters, the earlier one is believed: what has a check digit comes first."""


@lru_cache(maxsize=1)
def recognizers() -> dict[Entity, ColumnRecognizer]:
    """One recognizer for each entity, in order of belief."""
    return {kind.ENTITY: kind() for kind in _ORDER}


def zh_registry() -> RecognizerRegistry:
    """A presidio registry with the Chinese recognizers and no others."""
    return RecognizerRegistry(recognizers=list(recognizers().values()), supported_languages=["zh"])


class _BlankChinese(SpacyNlpEngine):
    """A pipeline that cuts text into characters and knows nothing else."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": "zh", "model_name": "blank"}])
        self.nlp: dict[str, Language] | None = {"zh": spacy.blank("zh")}  # type: ignore[assignment]

    def load(self) -> None:
        """Already there; nothing is fetched."""


def analyzer() -> AnalyzerEngine:
    """A presidio analyzer for ``language="zh"`` that needs no model and no network."""
    return AnalyzerEngine(registry=zh_registry(), nlp_engine=_BlankChinese(), supported_languages=["zh"])
