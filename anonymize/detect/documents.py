"""Numbers of one person or one device that have no check of their own, or none that a header need not confirm.

Certificates, insurance, schools, accounts, addresses of devices: the header says what it is and the form agrees.
A device of a facility is nobody's; a device beside persons is theirs.
"""  # noqa: E501

from __future__ import annotations

import re

from anonymize.detect import verdicts, vocabulary
from anonymize.detect.evidence import Evidence
from anonymize.detect.verdict import Verdict
from anonymize.entities import Entity
from anonymize.findings import Sentence
from anonymize.recognizers import driving_licence, qq, wechat
from anonymize.recognizers.normal import compact

STRONG = 0.5
_LICENCE = re.compile(r"驾驶|驾照|driv", re.I)
_VERSION = re.compile(r"版本|固件|章节|条款|version|firmware|^ver", re.I)
_OF_THINGS = re.compile(
    r"设备|终端|网关|服务器|主机|摄像|传感|探头|基站|路由|交换机|机柜|表具|水表|电表|气表|模块|节点|站点|监测|device|sensor|server|gateway|host|node|router",
    re.I,
)
_DIGESTED = (
    Entity.RESIDENT_ID,
    Entity.PASSPORT,
    Entity.TRAVEL_PERMIT,
    Entity.MOBILE,
    Entity.LANDLINE,
    Entity.BANK_CARD,
    Entity.EMAIL,
    Entity.PERSON,
    Entity.PLATE,
    Entity.IMEI,
)
_DIGEST = (
    r"^(?i:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$"
)
"""MD5 (or half of it), SHA-1, SHA-2, SM3."""
_LARGE_OCTET = r"(?:^|\.)(?:1\d\d|2[0-4]\d|25[0-5])(?:\.|[:/]|$)|:.*:"


def document(e: Evidence, about_persons: bool = False) -> Verdict | None:
    """Numbers of certificates, insurance, schools and chat accounts."""
    if not e.judged:
        return None
    for rule in (_wechat, lambda e: _qq(e, about_persons), _student, _social_security):
        if (verdict := rule(e)) is not None:
            return verdict
    if (verdict := _driving(e, about_persons) or _digest(e)) is not None:
        return verdict
    accounts = _fits(e, vocabulary.SOCIAL_ACCOUNT)
    promised = bool(vocabulary.PERSON_NUMBER.search(e.name))
    if accounts >= 0.3 or (promised and _fits(e, vocabulary.NUMBER_VALUE) >= STRONG):
        return Verdict(
            "identifier",
            None,
            0.8,
            Sentence(
                "是个人证件、卡或社交账号的号码，默认整列遮盖。",
                "Numbers of personal certificates, cards or social accounts: redacted whole by default.",
            ),
        )
    return None


def device(e: Evidence, about_persons: bool) -> Verdict | None:
    """Addresses of devices in networks, and their serial identities."""
    if not e.judged:
        return None
    entity, share = _network(e) or _imei(e) or (None, 0.0)
    if entity is None:
        return None
    if not about_persons and _OF_THINGS.search(e.name):
        return Verdict(
            "plain",
            entity,
            0.8,
            Sentence(
                "是设施设备的地址或编号：列名说的是设备，表中没有任何个人列。",
                "Addresses or identities of equipment: the header says so and the table has no column about persons.",  # noqa: E501
            ),
        )
    return verdicts.checked(e, entity, share, "格式", "form")


def _network(e: Evidence) -> tuple[Entity, float] | None:
    share = e.share(Entity.MAC)
    if e.promises(Entity.MAC):
        share = max(share, e.shape(Entity.MAC))
    if share >= STRONG:
        return Entity.MAC, share
    share = e.share(Entity.IP)
    if share < STRONG or _VERSION.search(e.name):
        return None
    # 3.11.0.2 is a release: its numbers never reach three digits.
    if e.promises(Entity.IP) or _fits(e, _LARGE_OCTET) >= 0.8 * share:
        return Entity.IP, share
    return None


def _imei(e: Evidence) -> tuple[Entity, float] | None:
    share = e.share(Entity.IMEI)
    if e.promises(Entity.IMEI) and share >= 0.3:
        return Entity.IMEI, share
    if share < 0.8 or e.judged < 20 or compact(e.values).str.head(8).n_unique() < 2:
        return None
    return Entity.IMEI, share


def _wechat(e: Evidence) -> Verdict | None:
    said = float(wechat.said(e.values).mean() or 0.0)  # type: ignore[arg-type]
    like = max(said, e.shape(Entity.WECHAT) if e.promises(Entity.WECHAT) else 0.0)
    return _like(e, Entity.WECHAT, like) if like >= STRONG or said >= 0.3 else None


def _qq(e: Evidence, about_persons: bool) -> Verdict | None:
    said = float(qq.said(e.values).mean() or 0.0)  # type: ignore[arg-type]
    like = max(said, e.share(Entity.QQ) if e.promises(Entity.QQ) else 0.0)
    # A lone Q heads quarters and flows too: beside persons, and only over numbers as long as accounts.
    if about_persons and e.name.strip().upper() == "Q":
        like = max(like, _fits(e, r"^[1-9]\d{5,10}$"))
    return _like(e, Entity.QQ, like) if like >= STRONG or said >= 0.3 else None


def _student(e: Evidence) -> Verdict | None:
    if e.share(Entity.STUDENT_NUMBER) >= STRONG:
        return verdicts.checked(
            e, Entity.STUDENT_NUMBER, e.share(Entity.STUDENT_NUMBER), "内含身份证号", "the ID inside"
        )
    like = e.shape(Entity.STUDENT_NUMBER) if e.promises(Entity.STUDENT_NUMBER) else 0.0
    return _like(e, Entity.STUDENT_NUMBER, like) if like >= STRONG else None


def _social_security(e: Evidence) -> Verdict | None:
    like = e.shape(Entity.SOCIAL_SECURITY) if e.promises(Entity.SOCIAL_SECURITY) else 0.0
    return _like(e, Entity.SOCIAL_SECURITY, like) if like >= STRONG else None


def _driving(e: Evidence, about_persons: bool) -> Verdict | None:
    """A file number under a header of files is a driver's only where the table knows persons."""
    if not e.promises(Entity.DRIVING_LICENCE):
        return None
    like = float(driving_licence.file_number(e.values).mean() or 0.0)  # type: ignore[arg-type]
    if like >= STRONG and (_LICENCE.search(e.name) or (about_persons and like >= 0.8)):
        return _like(e, Entity.DRIVING_LICENCE, like)
    return None


def _digest(e: Evidence) -> Verdict | None:
    """Digests under the name of what was digested: without a key, all numbers can be tried in an hour."""
    if not any(e.promises(entity) for entity in _DIGESTED) or _fits(e, _DIGEST) < 0.9:
        return None
    return Verdict(
        "identifier",
        None,
        0.8,
        Sentence(
            "是个人号码的摘要：没有密钥的摘要可以用穷举号码的办法还原，默认整列遮盖。",
            "Digests of personal numbers: without a key they can be undone by trying all numbers. "
            "Redacted whole by default.",
        ),
    )


def _like(e: Evidence, entity: Entity, share: float) -> Verdict:
    return Verdict(
        "identifier",
        entity,
        round(min(0.9, 0.4 + share / 2), 3),
        Sentence(
            f"列名表明是个人号码，去重后 {verdicts.count(e)} 个值中 {share:.1%} 符合格式。",
            f"The header names a personal number and {share:.1%} of {verdicts.count(e).replace('约', 'about')} "  # noqa: E501
            "distinct values have its form.",
        ),
    )


def _fits(e: Evidence, pattern: str) -> float:
    return float(e.values.str.contains(pattern).mean() or 0.0)  # type: ignore[arg-type]
