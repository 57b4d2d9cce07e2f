"""The names of kinds, entities and operators as people say them, in both languages."""

from __future__ import annotations

from anonymize.errors import PolicyInvalid
from anonymize.operators import get_operator

_KINDS = {
    "empty": ("空列", "empty"),
    "identifier": ("直接标识符", "direct identifier"),
    "quasi": ("准标识符", "quasi-identifier"),
    "free_text": ("叙述文字", "free text"),
    "plain": ("一般信息", "plain"),
}
_ENTITIES = {
    "CN_RESIDENT_ID": ("居民身份证号", "resident ID"),
    "CN_PASSPORT": ("护照号", "passport"),
    "CN_MOBILE": ("手机号", "mobile number"),
    "CN_LANDLINE": ("固定电话", "landline"),
    "CN_BANK_CARD": ("银行卡号", "bank card"),
    "CN_USCC": ("统一社会信用代码", "unified social credit code"),
    "EMAIL_ADDRESS": ("电子邮箱", "e-mail"),
    "CN_VEHICLE_PLATE": ("车牌号", "vehicle plate"),
    "DATE_OF_BIRTH": ("出生日期", "date of birth"),
    "PERSON": ("姓名", "name"),
    "ADDRESS": ("地址", "address"),
    "CN_RESIDENCE_PERMIT": ("港澳台居民居住证号", "residence permit"),
    "CN_FOREIGN_PERMIT": ("外国人永久居留证号", "foreigner's permit"),
    "CN_TRAVEL_PERMIT": ("港澳台通行证号", "travel permit"),
    "CN_ORGANIZATION_CODE": ("组织机构代码", "organisation code"),
    "CN_DRIVING_LICENCE": ("驾驶证号", "driving licence"),
    "CN_SOCIAL_SECURITY": ("社会保障号", "social-security number"),
    "CN_STUDENT_NUMBER": ("学籍号", "student number"),
    "IP_ADDRESS": ("IP 地址", "IP address"),
    "MAC_ADDRESS": ("MAC 地址", "MAC address"),
    "IMEI": ("设备识别码", "IMEI"),
    "CN_WECHAT": ("微信号", "WeChat account"),
    "CN_QQ": ("QQ 号", "QQ number"),
    "AGE": ("年龄", "age"),
    "COORDINATES": ("经纬度", "coordinates"),
    "CN_ETHNIC_GROUP": ("民族", "ethnic group"),
    "RELIGION": ("宗教信仰", "religion"),
    "HEALTH": ("健康状况", "health"),
    "POST": ("职务", "post"),
}


def kind_name(kind: str, chinese: bool) -> str:
    """A kind of column."""
    return _KINDS.get(kind, (kind, kind))[0 if chinese else 1]


def entity_name(entity: str, chinese: bool) -> str:
    """An entity; its own name when a later version of the software has put it into the report."""
    return _ENTITIES.get(entity, (entity, entity))[0 if chinese else 1]


def operator_name(operator: str, chinese: bool) -> str:
    """An operator; its own name when this version does not have it."""
    try:
        label = get_operator(operator).label
    except PolicyInvalid:
        return operator
    return label.zh if chinese else label.en
