"""The kinds of personal or sensitive value, named as presidio names entities.

``LEVEL`` grades each kind by GB/T 35273-2020 annex B (personal sensitive information) on the 1–4
scale that departments use for grading of data: 1 public, 2 internal, 3 personal, 4 sensitive.
"""

from __future__ import annotations

from enum import Enum


class Entity(str, Enum):
    """Entity names; the value is the presidio name, so that both worlds share one vocabulary."""

    RESIDENT_ID = "CN_RESIDENT_ID"
    PASSPORT = "CN_PASSPORT"
    MOBILE = "CN_MOBILE"
    LANDLINE = "CN_LANDLINE"
    BANK_CARD = "CN_BANK_CARD"
    USCC = "CN_USCC"
    EMAIL = "EMAIL_ADDRESS"
    PLATE = "CN_VEHICLE_PLATE"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    PERSON = "PERSON"
    ADDRESS = "CN_ADDRESS"
    # Kinds that `anonymize` (second slice) adds recognizers for are added here, one line each.

    def __str__(self) -> str:
        return self.value


LEVEL: dict[Entity, int] = {
    Entity.RESIDENT_ID: 4,
    Entity.PASSPORT: 4,
    Entity.MOBILE: 3,
    Entity.LANDLINE: 3,
    Entity.BANK_CARD: 4,
    Entity.USCC: 1,
    Entity.EMAIL: 3,
    Entity.PLATE: 3,
    Entity.DATE_OF_BIRTH: 3,
    Entity.PERSON: 3,
    Entity.ADDRESS: 3,
}
