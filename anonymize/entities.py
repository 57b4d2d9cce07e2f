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
    ADDRESS = "ADDRESS"
    RESIDENCE_PERMIT = "CN_RESIDENCE_PERMIT"
    FOREIGN_PERMIT = "CN_FOREIGN_PERMIT"
    TRAVEL_PERMIT = "CN_TRAVEL_PERMIT"
    ORGANIZATION_CODE = "CN_ORGANIZATION_CODE"
    DRIVING_LICENCE = "CN_DRIVING_LICENCE"
    SOCIAL_SECURITY = "CN_SOCIAL_SECURITY"
    STUDENT_NUMBER = "CN_STUDENT_NUMBER"
    IP = "IP_ADDRESS"
    MAC = "MAC_ADDRESS"
    IMEI = "IMEI"
    WECHAT = "CN_WECHAT"
    QQ = "CN_QQ"
    AGE = "AGE"
    COORDINATES = "COORDINATES"
    ETHNIC_GROUP = "CN_ETHNIC_GROUP"
    RELIGION = "RELIGION"
    HEALTH = "HEALTH"
    POST = "POST"

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
    Entity.RESIDENCE_PERMIT: 4,
    Entity.FOREIGN_PERMIT: 4,
    Entity.TRAVEL_PERMIT: 4,
    Entity.ORGANIZATION_CODE: 1,
    Entity.DRIVING_LICENCE: 4,
    Entity.SOCIAL_SECURITY: 4,
    Entity.STUDENT_NUMBER: 3,
    Entity.IP: 3,
    Entity.MAC: 3,
    Entity.IMEI: 3,
    Entity.WECHAT: 3,
    Entity.QQ: 3,
    Entity.AGE: 2,
    Entity.COORDINATES: 3,
    Entity.ETHNIC_GROUP: 3,
    Entity.RELIGION: 4,
    Entity.HEALTH: 4,
    Entity.POST: 2,
}
