"""From evidence to a verdict: the order of questions and the shares that answer them.

Two kinds of proof. A *strong* share needs no header: a real column of identifiers passes its check
near 100 %, chance passes Luhn or MOD 11-2 at 9–10 %, so a half decides. A header lowers the bar, because dirty
columns exist (typing errors, two kinds of number in one column), but never to the level of chance, and a header alone
decides nothing: 手机 may hold amounts.
"""  # noqa: E501

from __future__ import annotations

import re

from anonymize.detect import damaged, verdicts
from anonymize.detect.evidence import Evidence
from anonymize.detect.questions import (
    STRONG,
    WITH_HEADER,
    amounts,
    fits,
    is_code,
    mean,
    merely_eleven,
    none,
    scattered,
    serial,
    sums,
)
from anonymize.detect.verdict import Verdict
from anonymize.entities import Entity
from anonymize.findings import Sentence
from anonymize.recognizers import landline, travel_permit

_CONTACT = (Entity.MOBILE, Entity.LANDLINE, Entity.EMAIL)
_PART_OF_ID = re.compile(r"身份证|身份号|公民身份|sfz|id_?card", re.I)
_SAYS_PERMIT = re.compile(r"通行证|回乡证|台胞证|港澳证|往来港澳|往来台湾|travel_?permit", re.I)
_SAYS_PAPER = re.compile(r"证件|证照|证号|证明|certificate|document|credential", re.I)
"""Headers for papers of any kind: letters and digits under them are of persons."""
_ID_TAIL = r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$"
_HAS_DATE = r"^\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|^\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}$"  # noqa: E501
_CITIZEN = (Entity.RESIDENT_ID, Entity.RESIDENCE_PERMIT, Entity.FOREIGN_PERMIT)
"""Numbers of eighteen characters with a date and a check character, of residents, of Hong Kong, Macao and Taiwan
residents, and of foreigners: they stand in one column."""  # noqa: E501
_IDENTITY = (*_CITIZEN, Entity.STUDENT_NUMBER, Entity.PASSPORT)
_CODES = (Entity.USCC, Entity.ORGANIZATION_CODE)


def identifier(e: Evidence) -> Verdict | None:
    """Columns of one identifier a cell, names and addresses left out."""
    if not e.judged:
        return None
    for rule in (
        _resident_id,
        _uscc,
        _organization,
        _email,
        _phones,
        _travel_permit,
        _passport,
        _bank_card,
        _plate,
        _mixed,
        _named_shape,
        damaged.cut_id,
        damaged.torn_phone,
        damaged.spelled_mail,
    ):
        if (verdict := rule(e)) is not None:
            return verdict
    return None


def _resident_id(e: Evidence) -> Verdict | None:
    """Numbers with a date of birth and a check character, alone or inside longer numbers."""
    share = e.share(*_CITIZEN)
    near = e.shape(*_CITIZEN)
    promised = any(e.promises(entity) for entity in _CITIZEN)
    if e.coded:
        return None
    if e.joined_ids >= 0.1 or (e.judged < 20 and e.joined_ids):
        return _dated(e, _carrier(e), max(share, e.joined_ids))
    entity = max(_CITIZEN, key=lambda kind: (e.share(kind), kind is Entity.RESIDENT_ID))
    if share >= STRONG or (promised and (share >= 0.05 or near >= WITH_HEADER)):
        return _dated(e, entity, share)
    if e.shape(Entity.RESIDENT_ID) >= 0.8:
        return _dated(e, Entity.RESIDENT_ID, share)
    # Certificates of persons and of organisations in one column: the check is too strict for chance.
    if share >= 0.02 and e.share(*_CODES) + e.share(Entity.PASSPORT, Entity.TRAVEL_PERMIT) + share >= STRONG:
        return _dated(e, Entity.RESIDENT_ID, share)
    return None


def _carrier(e: Evidence) -> Entity:
    """Which number carries the ID: a pupil's, an insured person's, or the ID with something beside it."""
    if e.share(Entity.STUDENT_NUMBER) >= WITH_HEADER or e.promises(Entity.STUDENT_NUMBER):
        return Entity.STUDENT_NUMBER
    return Entity.SOCIAL_SECURITY if e.promises(Entity.SOCIAL_SECURITY) else Entity.RESIDENT_ID


def _dated(e: Evidence, entity: Entity, share: float) -> Verdict:
    return verdicts.checked(e, entity, share, "校验码、日期和地区码", "check character, date and region")


def _organization(e: Evidence) -> Verdict | None:
    """Codes of organisations of nine characters: nine digits pass by chance one time in eleven."""
    share = e.share(Entity.ORGANIZATION_CODE)
    promised = e.promises(Entity.ORGANIZATION_CODE)
    marked = fits(e, r"-[0-9Xx]$|[A-Za-z]") >= WITH_HEADER
    if not (share >= 0.8 and (marked or promised)) and not (promised and share >= STRONG):
        return None
    base = verdicts.checked(e, Entity.ORGANIZATION_CODE, share, "校验码", "check character")
    zh, en = "是组织的公开标识，可以保留", "they identify organisations in public and may be kept"
    return Verdict(
        "plain",
        Entity.ORGANIZATION_CODE,
        base.confidence,
        Sentence(f"{base.reason.zh}{zh}。", f"{base.reason.en} {en}."),
    )


def _uscc(e: Evidence) -> Verdict | None:
    share = e.share(Entity.USCC)
    if share < STRONG and not (e.promises(Entity.USCC) and share >= WITH_HEADER):
        return None
    sole = mean(e.values.str.contains(r"^92"))
    zh, en = "是法人和组织的公开标识，可以保留", "they identify organisations in public and may be kept"
    if sole > 0:
        zh += f"；其中 {sole:.1%} 属于个体工商户，请确认是否可以公开"
        en += f"; {sole:.1%} belong to individual businesses: confirm that these may be public"
    base = verdicts.checked(e, Entity.USCC, share, "校验码", "check character")
    return Verdict(
        "plain", Entity.USCC, base.confidence, Sentence(f"{base.reason.zh}{zh}。", f"{base.reason.en} {en}.")
    )


def _email(e: Evidence) -> Verdict | None:
    share = e.share(Entity.EMAIL)
    if share >= STRONG or (e.promises(Entity.EMAIL) and share >= 0.05):
        return verdicts.checked(e, Entity.EMAIL, share, "格式", "form")
    return None


def _phones(e: Evidence) -> Verdict | None:
    promised = e.promises(Entity.MOBILE) or e.promises(Entity.LANDLINE)
    cellular = 0.0 if serial(e) or merely_eleven(e) or sums(e) else e.share(Entity.MOBILE)
    fixed = e.share(Entity.LANDLINE)
    both = cellular and e.share(Entity.MOBILE, Entity.LANDLINE)
    both = max(both, fixed)
    if not (both >= STRONG or (promised and both >= WITH_HEADER)):
        if promised and e.shape(Entity.LANDLINE) >= STRONG and not (amounts(e) or _of_services(e)):
            share = e.shape(Entity.LANDLINE)
            return verdicts.checked(e, Entity.LANDLINE, share, "长度（无区号）", "length (no area code)")
        return None
    entity = Entity.MOBILE if cellular >= fixed or cellular >= 0.1 else Entity.LANDLINE
    return verdicts.checked(e, entity, both, "号码规则", "numbering plan")


def _of_services(e: Evidence) -> bool:
    """Numbers that only organisations have: 400-820-8820, 12345."""
    return mean(landline.service(e.values)) >= STRONG


def _travel_permit(e: Evidence) -> Verdict | None:
    """Letters of permits; eight digits alone only under a header that says permit and nothing more general."""  # noqa: E501
    share = e.share(Entity.TRAVEL_PERMIT)
    if not share:
        return None
    lettered = mean(travel_permit.lettered(e.values))
    said = bool(_SAYS_PERMIT.search(e.name))
    promised = e.promises(Entity.TRAVEL_PERMIT) or _says_paper(e)
    more = lettered > e.share(Entity.PASSPORT)
    if (
        (said and share >= WITH_HEADER)
        or (promised and more and lettered >= WITH_HEADER)
        or (lettered >= 0.9 and more and e.judged >= 20 and scattered(e) and not is_code(e))
    ):
        return verdicts.checked(e, Entity.TRAVEL_PERMIT, share, "格式", "form")
    return None


def _says_paper(e: Evidence) -> bool:
    return e.promises(Entity.RESIDENT_ID) or bool(_SAYS_PAPER.search(e.name))


def _passport(e: Evidence) -> Verdict | None:
    share = e.share(Entity.PASSPORT)
    promised = e.promises(Entity.PASSPORT) or _says_paper(e)
    lettered = fits(e, r"^(?i)(?:E[A-HJ-NP-Z]?\d{7,8}|G\d{8})$")
    letters = mean(travel_permit.lettered(e.values) | e.masks.get(Entity.PASSPORT, none(e)))
    both = letters if promised else share
    if letters >= 0.9 and share and e.judged >= 20 and scattered(e) and not is_code(e):
        return verdicts.checked(e, Entity.PASSPORT, letters, "格式", "form")
    if (promised and both >= WITH_HEADER and share) or (lettered >= 0.9 and e.judged >= 20 and scattered(e)):
        return verdicts.checked(e, Entity.PASSPORT, max(share, both), "格式", "form")
    return None


def _bank_card(e: Evidence) -> Verdict | None:
    share = e.share(Entity.BANK_CARD)
    enough = STRONG if e.judged >= 20 else 0.8
    promised = e.promises(Entity.BANK_CARD)
    if e.promises(Entity.IMEI):
        return None
    if (share >= enough and e.judged >= 3 and not serial(e)) or (promised and share >= 0.3):
        return verdicts.checked(e, Entity.BANK_CARD, share, "发卡机构号和校验位", "issuer and check digit")
    return None


def _plate(e: Evidence) -> Verdict | None:
    share = e.share(Entity.PLATE)
    if e.promises(Entity.PLATE):
        share = max(share, e.shape(Entity.PLATE))
    if share >= STRONG or (e.promises(Entity.PLATE) and share >= WITH_HEADER):
        return verdicts.checked(e, Entity.PLATE, share, "格式", "form")
    return None


def _mixed(e: Evidence) -> Verdict | None:
    """Several kinds of identifier in one column: 联系方式, 证件号码."""
    kinds: tuple[Entity, ...] = (*_IDENTITY, Entity.MOBILE, Entity.LANDLINE, Entity.EMAIL, Entity.PLATE)
    if serial(e) or merely_eleven(e) or sums(e):
        kinds = (*_IDENTITY, Entity.EMAIL)
    elif not any(e.promises(k) for k in kinds):
        kinds = (*_CITIZEN, Entity.MOBILE, Entity.EMAIL)
    union = e.share(*kinds)
    if union < STRONG and not (union >= 0.3 and any(e.promises(k) for k in kinds)):
        return None
    entity = max(kinds, key=lambda k: (e.share(k), k is Entity.RESIDENT_ID))
    return Verdict(
        "identifier",
        entity,
        min(0.95, union),
        Sentence(
            f"同一列混有多种个人标识（证件、电话、邮箱等），去重后 {verdicts.count(e)} 个值中 {union:.1%} 符合规则。",  # noqa: E501
            f"Several kinds of identifier stand in this column: {union:.1%} of {verdicts.count(e)} distinct values fit.",  # noqa: E501
        ),
    )


def _named_shape(e: Evidence) -> Verdict | None:
    """The header promises, the length is right, the check fails: damaged or invented numbers are still personal."""  # noqa: E501
    if fits(e, _ID_TAIL) >= 0.95 and fits(e, r"[Xx]$") >= 0.02:
        return verdicts.promised_by_header(e, Entity.RESIDENT_ID, fits(e, _ID_TAIL))
    lengths = e.values.str.replace_all(r"[\s\-*]", "")
    if e.promises(Entity.RESIDENT_ID):
        like = mean(lengths.str.contains(r"^(?:\d{15}|\d{17}[\dXx]|\d{18})$"))
        # Numbers that somebody mistyped, masked or made up still have a date in them; project codes have not.
        if like >= STRONG and mean(lengths.str.contains(_HAS_DATE)) >= 0.2:
            return verdicts.promised_by_header(e, Entity.RESIDENT_ID, like)
        part = fits(e, r"^[\d*]{3,16}[\dXx*]$")
        if part >= STRONG and _PART_OF_ID.search(e.name):
            return verdicts.promised_by_header(e, Entity.RESIDENT_ID, part)
    if e.promises(Entity.BANK_CARD) and (like := e.shape(Entity.BANK_CARD)) >= STRONG:
        return verdicts.promised_by_header(e, Entity.BANK_CARD, like)
    return None
