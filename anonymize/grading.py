"""Why a column has its level: the grade of a field and where GB/T 35273-2020 names its kind.

Levels (as departments grade data): 1 public, 2 internal, 3 personal, 4 sensitive personal. Annex A of the
standard lists kinds of personal information, annex B kinds of sensitive personal information.
"""

from __future__ import annotations

from anonymize.entities import LEVEL, Entity
from anonymize.findings import Sentence

LEVELS: dict[int, Sentence] = {
    1: Sentence("1 级 公开", "level 1 public"),
    2: Sentence("2 级 内部", "level 2 internal"),
    3: Sentence("3 级 个人信息", "level 3 personal"),
    4: Sentence("4 级 个人敏感信息", "level 4 sensitive personal"),
}

_BASIC = Sentence("附录 A 个人基本资料", "annex A, basic personal data")
_IDENTITY = Sentence("附录 B 个人身份信息", "annex B, identity documents")
_CONTACT = Sentence(
    "附录 A 个人基本资料（电话、邮箱、住址）", "annex A, basic personal data (telephone, mail, address)"
)
_ACCOUNT = Sentence("附录 A 网络身份标识信息", "annex A, network identifiers")
_DEVICE = Sentence("附录 A 个人常用设备信息", "annex A, devices in personal use")
_WORK = Sentence("附录 A 个人教育工作信息", "annex A, education and work")
_PLACE = Sentence("附录 A 个人位置信息（精准定位见附录 B）", "annex A, location (precise location: annex B)")

BASIS: dict[Entity, Sentence] = {
    Entity.PERSON: _BASIC,
    Entity.DATE_OF_BIRTH: _BASIC,
    Entity.AGE: _BASIC,
    Entity.ETHNIC_GROUP: _BASIC,
    Entity.ADDRESS: _CONTACT,
    Entity.MOBILE: _CONTACT,
    Entity.LANDLINE: _CONTACT,
    Entity.EMAIL: _CONTACT,
    Entity.RESIDENT_ID: _IDENTITY,
    Entity.PASSPORT: _IDENTITY,
    Entity.RESIDENCE_PERMIT: _IDENTITY,
    Entity.FOREIGN_PERMIT: _IDENTITY,
    Entity.TRAVEL_PERMIT: _IDENTITY,
    Entity.DRIVING_LICENCE: _IDENTITY,
    Entity.SOCIAL_SECURITY: _IDENTITY,
    Entity.BANK_CARD: Sentence("附录 B 个人财产信息", "annex B, property"),
    Entity.HEALTH: Sentence("附录 B 个人健康生理信息", "annex B, health"),
    Entity.RELIGION: Sentence("附录 B 其他信息（宗教信仰）", "annex B, other (religion)"),
    Entity.STUDENT_NUMBER: _WORK,
    Entity.POST: _WORK,
    Entity.WECHAT: _ACCOUNT,
    Entity.QQ: _ACCOUNT,
    Entity.IP: _ACCOUNT,
    Entity.MAC: _DEVICE,
    Entity.IMEI: _DEVICE,
    Entity.COORDINATES: _PLACE,
    Entity.PLATE: Sentence("附录 A 个人财产信息（车辆）", "annex A, property (vehicles)"),
}
"""Where the standard names a kind; a kind that is missing here (USCC) is not personal information."""


def basis(entity: Entity | None, level: int) -> Sentence:
    """One line for a policy or a report: the level, and the standard's place for this kind of value."""
    named = LEVELS.get(level, Sentence(str(level), str(level)))
    place = BASIS.get(entity) if entity is not None else None
    if place is None or entity is None:
        return named
    zh, en = f"GB/T 35273-2020 {place.zh}", f"GB/T 35273-2020 {place.en}"
    if level < LEVEL.get(entity, 4):
        return Sentence(f"{named.zh}（低于该类信息通常的级别；{zh}）", f"{named.en} (below its kind's; {en})")
    return Sentence(f"{named.zh}（{zh}）", f"{named.en} ({en})")
