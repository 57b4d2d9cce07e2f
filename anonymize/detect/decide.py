"""The table as a whole: every column's verdict, given what the other columns are."""

from __future__ import annotations

import re
from collections import Counter

from anonymize.detect import classes, documents, persons, propose, questions, rules, vocabulary
from anonymize.detect.evidence import Evidence
from anonymize.detect.prose import names_persons
from anonymize.detect.split_ids import split_ids
from anonymize.detect.split_names import split_names
from anonymize.detect.verdict import Verdict
from anonymize.entities import Entity
from anonymize.findings import ColumnFinding, Sentence
from anonymize.recognizers.registry import recognizers

_LABELS: dict[Entity, tuple[str, str]] = {
    Entity.RESIDENT_ID: ("身份证号", "resident ID"),
    Entity.PASSPORT: ("护照等证件号", "passport or permit"),
    Entity.MOBILE: ("手机号", "mobile number"),
    Entity.LANDLINE: ("固定电话", "landline number"),
    Entity.BANK_CARD: ("银行卡号", "bank card"),
    Entity.USCC: ("统一社会信用代码", "credit code"),
    Entity.EMAIL: ("邮箱", "e-mail address"),
    Entity.PLATE: ("车牌号", "number plate"),
    Entity.DATE_OF_BIRTH: ("出生日期", "date of birth"),
    Entity.PERSON: ("姓名", "personal name"),
    Entity.ADDRESS: ("详细地址", "address"),
    Entity.RESIDENCE_PERMIT: ("港澳台居民居住证号", "residence permit"),
    Entity.FOREIGN_PERMIT: ("外国人永久居留身份证号", "foreigner's permanent residence number"),
    Entity.TRAVEL_PERMIT: ("往来港澳台通行证号", "travel permit"),
    Entity.ORGANIZATION_CODE: ("组织机构代码", "organisation code"),
    Entity.DRIVING_LICENCE: ("驾驶证号或档案编号", "driving licence"),
    Entity.SOCIAL_SECURITY: ("社会保障号或社保卡号", "social security number"),
    Entity.STUDENT_NUMBER: ("学籍号", "student number"),
    Entity.IP: ("IP 地址", "IP address"),
    Entity.MAC: ("MAC 地址", "MAC address"),
    Entity.IMEI: ("设备识别码（IMEI）", "IMEI"),
    Entity.WECHAT: ("微信号", "WeChat account"),
    Entity.QQ: ("QQ 号", "QQ number"),
    Entity.AGE: ("年龄", "age"),
    Entity.COORDINATES: ("精确位置坐标", "precise location"),
    Entity.ETHNIC_GROUP: ("民族", "ethnic group"),
    Entity.RELIGION: ("宗教信仰", "religious belief"),
    Entity.HEALTH: ("健康状况", "health"),
    Entity.POST: ("职务职称", "title or post"),
}
_CASE = re.compile(r"案[件由名情]|纠纷|事件")
_PERSONAL = (
    Entity.PERSON,
    Entity.RESIDENT_ID,
    Entity.RESIDENCE_PERMIT,
    Entity.FOREIGN_PERMIT,
    Entity.TRAVEL_PERMIT,
    Entity.PASSPORT,
    Entity.MOBILE,
    Entity.BANK_CARD,
    Entity.STUDENT_NUMBER,
    Entity.SOCIAL_SECURITY,
    Entity.DRIVING_LICENCE,
    Entity.WECHAT,
    Entity.QQ,
)
_BY_LENGTH = (Entity.MOBILE, Entity.LANDLINE, Entity.BANK_CARD)
"""Kinds of which length and first digits are nearly all the proof."""
_WITHOUT_PERSONS = frozenset({Entity.IP, Entity.MAC, Entity.IMEI})
"""Inside a text they are a person's only where the table knows persons."""


def by_itself(e: Evidence) -> Verdict | None:
    """What a column is whatever stands beside it; found once, by the thread that asks first."""
    if not e.by_itself:
        e.by_itself.append(rules.identifier(e) or persons.person(e))
    return e.by_itself[0]


def decide(evidence: list[Evidence]) -> tuple[ColumnFinding, ...]:
    """What every column holds; the evidence is of all columns of one table, in order."""
    verdicts: dict[int, Verdict] = {}
    for i, e in enumerate(evidence):
        verdict = by_itself(e)
        if verdict is not None:
            verdicts[i] = verdict
    about_persons = any(v.entity in _PERSONAL for v in verdicts.values()) or any(
        e.promises(Entity.DATE_OF_BIRTH) and e.share(Entity.DATE_OF_BIRTH) >= questions.STRONG
        for e in evidence
    )
    in_text = any(_embedded(e, False) for e in evidence)
    for i, e in enumerate(evidence):
        verdict = verdicts.get(i) or documents.document(e, about_persons)
        if verdict is None and (about_persons or in_text):
            verdict = persons.person(e, about_persons=True)
        if verdict is not None:
            verdicts[i] = verdict
    verdicts |= split_names(evidence, verdicts, about_persons or in_text)
    verdicts |= split_ids(evidence, [i for i, v in verdicts.items() if v.entity is Entity.RESIDENT_ID])
    about_persons = (
        about_persons
        or any(v.entity in _PERSONAL for v in verdicts.values())
        or any(v.kind == "identifier" and v.entity is None for v in verdicts.values())
        or classes.single_persons(evidence)
    )
    facilities = any(e.organisations >= 0.5 and e.judged >= 2 for e in evidence)
    register = _register(evidence, verdicts)
    # A device that no word calls equipment is somebody's, and then so are the others of its row.
    own_devices = about_persons or any(
        found is not None and found.kind == "identifier"
        for found in (documents.device(e, False) for i, e in enumerate(evidence) if i not in verdicts)
    )
    for i, e in enumerate(evidence):
        if i in verdicts:
            continue
        verdict = (
            documents.device(e, own_devices)
            or classes.location(e, about_persons, register)
            or persons.date_of_birth(e, about_persons)
            or _address(e, about_persons, facilities)
            or (classes.quasi(e) if about_persons and _sensitive(e) else None)
        )
        if verdict is None:
            verdict = _text(e, about_persons or in_text) or _rest(e, about_persons)
        verdicts[i] = verdict
    return tuple(_finding(e, verdicts[i], about_persons) for i, e in enumerate(evidence))


def _register(evidence: list[Evidence], verdicts: dict[int, Verdict]) -> bool:
    """Whether each row is a facility: its name hardly ever repeats, and no row carries a person's ID."""
    if any(v.entity in (Entity.RESIDENT_ID, Entity.STUDENT_NUMBER) for v in verdicts.values()):
        return False
    return any(
        e.organisations >= questions.STRONG
        and e.judged >= 2
        and e.profile.distinct() >= 0.8 * (e.profile.rows - e.profile.nulls)
        for e in evidence
    )


def _sensitive(e: Evidence) -> bool:
    """Diagnoses are words of prose too; their column is a class before it is a text."""
    verdict = classes.quasi(e)
    return verdict is not None and verdict.quasi in classes.SENSITIVE


_ROOM = r"\d\s*(?:单元|室|户)(?:$|[^外内])"
_FEW_ROOMS = 0.1
"""Facilities stand in streets; where this share of the addresses names units or rooms, people live."""


def _address(e: Evidence, about_persons: bool, facilities: bool) -> Verdict | None:
    """In a table of facilities without any person, an address is where the facility is."""
    verdict = persons.address(e)
    if verdict is None:
        return None
    home = recognizers()[Entity.ADDRESS].HOME.search(e.name)  # type: ignore[attr-defined]
    rooms = int(e.values.str.contains(_ROOM).sum())
    if about_persons or home or not facilities or rooms >= _FEW_ROOMS * e.judged:
        return verdict
    return Verdict(
        "plain",
        Entity.ADDRESS,
        0.8,
        Sentence(
            "是机构或设施的地址：表中有机构名称，没有任何个人列。",
            "The address of a facility: the table names facilities and has no column about persons.",
        ),
    )


def _text(e: Evidence, personal_table: bool) -> Verdict | None:
    """Prose, unless it proves to be official."""
    if not e.judged or e.regions >= 0.8:
        return None
    embedded = _embedded(e, personal_table)
    rows = max(embedded.values(), default=0)
    told = bool(vocabulary.FREE_TEXT.search(e.name))
    prose = e.prose
    varied = e.profile.distinct() > 30 and e.profile.distinct() * 5 > e.profile.rows - e.profile.nulls
    if prose.is_prose or (told and prose.han >= 0.3 and varied and (personal_table or rows)):
        if rows:
            return _free(
                0.95, f"长文本中有 {rows:,} 行含个人标识", f"prose with identifiers in {rows:,} rows"
            )
        if prose.narrative >= 0.02 and prose.narrative * 3 > prose.official:
            return _free(0.85, "长文本中有叙述个人的用语", "prose in words that tell of persons")
        if vocabulary.OFFICIAL_HEADER.search(e.name) and not told:
            return None
        if prose.official < 0.5 and personal_table:
            return _free(0.6, "长文本，且本表含个人信息", "prose in a table about persons")
        if prose.official < 0.5 and told and prose.narrative > 0:
            return _free(
                0.6, "长文本，内容不能排除个人信息", "prose in which personal data cannot be ruled out"
            )
        return None
    if prose.narrative >= 0.3 and varied and (personal_table or _CASE.search(e.name)):
        return _free(0.7, "短文本中多有叙述个人的用语", "short texts that mostly tell of persons")
    if rows and rows >= 0.1 * (e.profile.rows - e.profile.nulls):
        return _free(0.9, f"有 {rows:,} 行文字含个人标识", f"texts with identifiers in {rows:,} rows")
    mostly = e.profile.distinct() * 2 > e.profile.rows - e.profile.nulls
    if (varied or mostly) and e.organisations < questions.WITH_HEADER and names_persons(e.values):
        return _free(0.7, "短文本中多有姓名", "short texts that mostly name persons")
    return None


def _free(confidence: float, zh: str, en: str) -> Verdict:
    return Verdict(
        "free_text", None, confidence, Sentence(f"{zh}，默认整体遮盖。", f"{en}: redacted whole by default.")
    )


def _rest(e: Evidence, about_persons: bool) -> Verdict:
    if e.profile.rows == e.profile.nulls:
        return Verdict("empty", None, 1.0, Sentence("整列为空。", "The column is empty."))
    if about_persons and (verdict := classes.quasi(e)) is not None:
        return verdict
    return Verdict("plain", None, 0.9, Sentence("没有发现个人标识。", "No personal identifier was found."))


def _embedded(e: Evidence, about_persons: bool) -> Counter[Entity]:
    """Rows in which something personal stands, coincidences left out.

    A whole cell counts when cells of the same length are mostly the same kind: eleven-digit amounts begin like
    mobile numbers now and then, but then most of their neighbours do not.
    """  # noqa: E501
    hidden = frozenset() if about_persons else _WITHOUT_PERSONS
    found: Counter[Entity] = Counter({k: n for k, n in e.profile.embedded.items() if k not in hidden})
    for (entity, length), n in e.profile.tokens.items():
        if (e.coded and entity is Entity.RESIDENT_ID) or (entity is Entity.BANK_CARD and questions.serial(e)):
            continue
        if entity is Entity.MOBILE and questions.sums(e):
            continue
        if entity in _BY_LENGTH and questions.coincidental(e, length % 100 + length // 100):
            continue
        of_length = e.profile.token_rows[length]
        dated = entity in (Entity.RESIDENT_ID, Entity.RESIDENCE_PERMIT)
        sure = entity is Entity.EMAIL or (dated and length % 100 == 18)
        enough = 0.5 if entity is Entity.BANK_CARD else 0.85
        if sure or n >= enough * of_length:
            found[entity] += n
    return found


def _finding(e: Evidence, verdict: Verdict, about_persons: bool) -> ColumnFinding:
    profile = e.profile
    embedded = {} if verdict.kind == "identifier" else dict(sorted(_embedded(e, about_persons).items()))
    if verdict.entity is not None:
        embedded.pop(verdict.entity, None)
    reason = verdict.reason
    if embedded and verdict.kind != "free_text":
        reason = _with_embedded(embedded)
    declared = profile.declared.declared
    if (
        verdict.kind in ("identifier", "free_text")
        or verdict.entity
        or (declared == "integer" and vocabulary.CODE_HEADER.search(e.name))
    ):
        declared = "text"
    return ColumnFinding(
        index=profile.index,
        name=profile.name,
        kind=verdict.kind,
        entity=verdict.entity,
        confidence=verdict.confidence,
        rows=profile.rows,
        nulls=profile.nulls,
        distinct=profile.distinct(),
        matched=e.matched(verdict.entity) if verdict.entity else 0,
        embedded=embedded,
        level=propose.level_of(verdict.kind, verdict.entity, tuple(embedded)),
        declared_type=declared,
        max_length=profile.max_length,
        proposed=propose.operator_for(verdict.kind, verdict.entity, verdict.quasi, bool(embedded)),
        reason=reason,
    )


def _with_embedded(embedded: dict[Entity, int]) -> Sentence:
    zh = "、".join(f"{_LABELS[k][0]} {n:,} 行" for k, n in embedded.items())
    en = ", ".join(f"{_LABELS[k][1]} in {n:,} rows" for k, n in embedded.items())
    return Sentence(
        f"本列总体不是个人标识，但个别单元格含有：{zh}。默认整列遮盖。",
        f"The column as a whole is no identifier, but some cells hold: {en}. Redacted whole by default.",
    )
