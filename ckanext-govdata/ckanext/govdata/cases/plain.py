"""What people write for the public: tidied, of bounded length, and free of personal data.

Article: SX-15, SX-22 (nothing personal leaves).
"""

from __future__ import annotations

import re
import unicodedata

from anonymize.entities import Entity
from licensing.core.errors import InvalidInput

IDENTIFYING = frozenset(
    {
        Entity.RESIDENT_ID,
        Entity.PASSPORT,
        Entity.MOBILE,
        Entity.LANDLINE,
        Entity.BANK_CARD,
        Entity.EMAIL,
        Entity.PLATE,
        Entity.PERSON,
        Entity.ADDRESS,
        Entity.RESIDENCE_PERMIT,
        Entity.FOREIGN_PERMIT,
        Entity.TRAVEL_PERMIT,
        Entity.DRIVING_LICENCE,
        Entity.SOCIAL_SECURITY,
        Entity.STUDENT_NUMBER,
        Entity.WECHAT,
        Entity.QQ,
    }
)
"""Kinds that point at somebody. A subject such as health or an age group is what requests are about."""

_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\n{3,}")


class PersonalData(InvalidInput):
    """A public text holds personal data; the message names kinds, never what was found."""

    code = "personal_data"


def tidy(text: object) -> str:
    """``text`` without control characters and needless blanks; empty for anything that is no text."""
    if not isinstance(text, str):
        return ""
    kept = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or unicodedata.category(c)[0] != "C")
    return _LINES.sub("\n\n", _BLANKS.sub(" ", kept)).strip()


def bounded(text: object, least: int, most: int, zh: str, en: str) -> str:
    """:func:`tidy`, of ``least`` to ``most`` characters. Raises InvalidInput with the field's name."""
    told = tidy(text)
    if not least <= len(told) <= most:
        raise InvalidInput(
            "{field}应为 {least} 至 {most} 个字。",
            "{field_en}: between {least} and {most} characters.",
            field=zh,
            field_en=en,
            least=least,
            most=most,
        )
    return told


def kinds(text: str) -> frozenset[Entity]:
    """What kinds of personal data patterns and rules find in ``text``; no network, no tagger."""
    # Late: only whoever writes something needs what finds it.
    import polars as pl

    from anonymize.text import SURE, analyze

    found = analyze(pl.Series([text]), IDENTIFYING, tagger=None, least=SURE)
    return frozenset(Entity(kind) for kind in found["entity"].unique())


def ensure_public(*texts: str) -> None:
    """Refuse personal data in texts that everybody will read. Raises PersonalData."""
    found = frozenset().union(*(kinds(text) for text in texts if text))
    if found:
        raise PersonalData(
            "内容会公开，请去掉其中的个人信息（{kinds}）后再提交。",
            "This will be public: take the personal data out of it ({kinds_en}) and send it again.",
            kinds="、".join(sorted(NAMES[kind][0] for kind in found)),
            kinds_en=", ".join(sorted(NAMES[kind][1] for kind in found)),
        )


NAMES = {
    Entity.RESIDENT_ID: ("身份证号", "ID number"),
    Entity.PASSPORT: ("护照号", "passport number"),
    Entity.MOBILE: ("手机号", "mobile number"),
    Entity.LANDLINE: ("固定电话", "telephone"),
    Entity.BANK_CARD: ("银行卡号", "bank card"),
    Entity.EMAIL: ("电子邮箱", "e-mail address"),
    Entity.PLATE: ("车牌号", "vehicle plate"),
    Entity.PERSON: ("人名", "name of a person"),
    Entity.ADDRESS: ("住址", "address"),
    Entity.RESIDENCE_PERMIT: ("居住证号", "residence permit"),
    Entity.FOREIGN_PERMIT: ("外国人永久居留证号", "foreigner's permit"),
    Entity.TRAVEL_PERMIT: ("通行证号", "travel permit"),
    Entity.DRIVING_LICENCE: ("驾驶证号", "driving licence"),
    Entity.SOCIAL_SECURITY: ("社保号", "social security number"),
    Entity.STUDENT_NUMBER: ("学籍号", "student number"),
    Entity.WECHAT: ("微信号", "WeChat account"),
    Entity.QQ: ("QQ 号", "QQ account"),
}
"""How a kind is called in a refusal."""
