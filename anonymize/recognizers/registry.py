"""All recognizers, in the order in which they are believed."""

from __future__ import annotations

from functools import lru_cache

from anonymize.entities import Entity
from anonymize.recognizers.address import AddressRecognizer
from anonymize.recognizers.age import AgeRecognizer
from anonymize.recognizers.bank_card import BankCardRecognizer
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.coordinates import CoordinatesRecognizer
from anonymize.recognizers.date_of_birth import DateOfBirthRecognizer
from anonymize.recognizers.driving_licence import DrivingLicenceRecognizer
from anonymize.recognizers.email import EmailRecognizer
from anonymize.recognizers.ethnic_group import EthnicGroupRecognizer
from anonymize.recognizers.foreign_permit import ForeignPermitRecognizer
from anonymize.recognizers.health import HealthRecognizer
from anonymize.recognizers.imei import ImeiRecognizer
from anonymize.recognizers.ip_address import IpRecognizer
from anonymize.recognizers.landline import LandlineRecognizer
from anonymize.recognizers.mac_address import MacRecognizer
from anonymize.recognizers.mobile import MobileRecognizer
from anonymize.recognizers.organization_code import OrganizationCodeRecognizer
from anonymize.recognizers.passport import PassportRecognizer
from anonymize.recognizers.person import PersonRecognizer
from anonymize.recognizers.plate import PlateRecognizer
from anonymize.recognizers.post import PostRecognizer
from anonymize.recognizers.qq import QqRecognizer
from anonymize.recognizers.religion import ReligionRecognizer
from anonymize.recognizers.residence_permit import ResidencePermitRecognizer
from anonymize.recognizers.resident_id import ResidentIdRecognizer
from anonymize.recognizers.social_security import SocialSecurityRecognizer
from anonymize.recognizers.student_number import StudentNumberRecognizer
from anonymize.recognizers.travel_permit import TravelPermitRecognizer
from anonymize.recognizers.uscc import UsccRecognizer
from anonymize.recognizers.wechat import WechatRecognizer

_ORDER: tuple[type[ColumnRecognizer], ...] = (
    StudentNumberRecognizer,
    ResidencePermitRecognizer,
    ResidentIdRecognizer,
    ForeignPermitRecognizer,
    UsccRecognizer,
    EmailRecognizer,
    MacRecognizer,
    WechatRecognizer,
    QqRecognizer,
    MobileRecognizer,
    LandlineRecognizer,
    ImeiRecognizer,
    BankCardRecognizer,
    IpRecognizer,
    CoordinatesRecognizer,
    DrivingLicenceRecognizer,
    SocialSecurityRecognizer,
    TravelPermitRecognizer,
    PassportRecognizer,
    PlateRecognizer,
    OrganizationCodeRecognizer,
    DateOfBirthRecognizer,
    AddressRecognizer,
    PersonRecognizer,
    AgeRecognizer,
    EthnicGroupRecognizer,
    ReligionRecognizer,
    HealthRecognizer,
    PostRecognizer,
)
"""When two claim the same characters, the earlier one is believed: what has a check digit comes first."""


@lru_cache(maxsize=1)
def recognizers() -> dict[Entity, ColumnRecognizer]:
    """One recognizer for each entity, in order of belief."""
    return {kind.ENTITY: kind() for kind in _ORDER}


@lru_cache(maxsize=1)
def in_text() -> tuple[Entity, ...]:
    """The kinds that are looked for inside texts when nobody names any: all but the classes of persons."""
    return tuple(entity for entity, recognizer in recognizers().items() if recognizer.IN_TEXT)
