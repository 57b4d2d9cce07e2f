"""From evidence to a verdict: the order of questions and the shares that answer them.

Two kinds of proof. A *strong* share needs no header: a real column of identifiers passes its check
near 100 %, chance passes Luhn or MOD 11-2 at 9–10 %, so a half decides. A header lowers the bar, because dirty
columns exist (typing errors, two kinds of number in one column), but never to the level of chance, and a header alone
decides nothing: 手机 may hold amounts.
"""  # noqa: E501

from __future__ import annotations

import re

import polars as pl

from anonymize.detect import damaged, verdicts, vocabulary
from anonymize.detect.evidence import Evidence
from anonymize.detect.headers import plain_header
from anonymize.entities import Entity
from anonymize.findings import Sentence
from anonymize.recognizers import landline, mobile, travel_permit
from anonymize.recognizers.date_of_birth import years
from anonymize.recognizers.person import PersonRecognizer, latin
from anonymize.recognizers.registry import recognizers

STRONG = 0.5
WITH_HEADER = 0.2
_CONTACT = (Entity.MOBILE, Entity.LANDLINE, Entity.EMAIL)
_SAYS_LATIN = re.compile(r"(?<![a-z])names?$", re.I)
_SAYS_NAME = re.compile(r"姓名(?:[(（].*)?$|名字$")
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


def identifier(e: Evidence) -> verdicts.Verdict | None:
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


def _resident_id(e: Evidence) -> verdicts.Verdict | None:
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


def _dated(e: Evidence, entity: Entity, share: float) -> verdicts.Verdict:
    return verdicts.checked(e, entity, share, "校验码、日期和地区码", "check character, date and region")


def _organization(e: Evidence) -> verdicts.Verdict | None:
    """Codes of organisations of nine characters: nine digits pass by chance one time in eleven."""
    share = e.share(Entity.ORGANIZATION_CODE)
    promised = e.promises(Entity.ORGANIZATION_CODE)
    marked = _fits(e, r"-[0-9Xx]$|[A-Za-z]") >= WITH_HEADER
    if not (share >= 0.8 and (marked or promised)) and not (promised and share >= STRONG):
        return None
    base = verdicts.checked(e, Entity.ORGANIZATION_CODE, share, "校验码", "check character")
    zh, en = "是组织的公开标识，可以保留", "they identify organisations in public and may be kept"
    return verdicts.Verdict(
        "plain",
        Entity.ORGANIZATION_CODE,
        base.confidence,
        Sentence(f"{base.reason.zh}{zh}。", f"{base.reason.en} {en}."),
    )


def _uscc(e: Evidence) -> verdicts.Verdict | None:
    share = e.share(Entity.USCC)
    if share < STRONG and not (e.promises(Entity.USCC) and share >= WITH_HEADER):
        return None
    sole = _mean(e.values.str.contains(r"^92"))
    zh, en = "是法人和组织的公开标识，可以保留", "they identify organisations in public and may be kept"
    if sole > 0:
        zh += f"；其中 {sole:.1%} 属于个体工商户，请确认是否可以公开"
        en += f"; {sole:.1%} belong to individual businesses: confirm that these may be public"
    base = verdicts.checked(e, Entity.USCC, share, "校验码", "check character")
    return verdicts.Verdict(
        "plain", Entity.USCC, base.confidence, Sentence(f"{base.reason.zh}{zh}。", f"{base.reason.en} {en}.")
    )


def _email(e: Evidence) -> verdicts.Verdict | None:
    share = e.share(Entity.EMAIL)
    if share >= STRONG or (e.promises(Entity.EMAIL) and share >= 0.05):
        return verdicts.checked(e, Entity.EMAIL, share, "格式", "form")
    return None


def _phones(e: Evidence) -> verdicts.Verdict | None:
    promised = e.promises(Entity.MOBILE) or e.promises(Entity.LANDLINE)
    cellular = 0.0 if serial(e) or _merely_eleven(e) or sums(e) else e.share(Entity.MOBILE)
    fixed = e.share(Entity.LANDLINE)
    both = cellular and e.share(Entity.MOBILE, Entity.LANDLINE)
    both = max(both, fixed)
    if not (both >= STRONG or (promised and both >= WITH_HEADER)):
        if promised and e.shape(Entity.LANDLINE) >= STRONG and not (_amounts(e) or _of_services(e)):
            share = e.shape(Entity.LANDLINE)
            return verdicts.checked(e, Entity.LANDLINE, share, "长度（无区号）", "length (no area code)")
        return None
    entity = Entity.MOBILE if cellular >= fixed or cellular >= 0.1 else Entity.LANDLINE
    return verdicts.checked(e, entity, both, "号码规则", "numbering plan")


def _of_services(e: Evidence) -> bool:
    """Numbers that only organisations have: 400-820-8820, 12345."""
    return _mean(landline.service(e.values)) >= STRONG


def _travel_permit(e: Evidence) -> verdicts.Verdict | None:
    """Letters of permits; eight digits alone only under a header that says permit and nothing more general."""  # noqa: E501
    share = e.share(Entity.TRAVEL_PERMIT)
    if not share:
        return None
    lettered = _mean(travel_permit.lettered(e.values))
    said = bool(_SAYS_PERMIT.search(e.name))
    promised = e.promises(Entity.TRAVEL_PERMIT) or _says_paper(e)
    more = lettered > e.share(Entity.PASSPORT)
    if (
        (said and share >= WITH_HEADER)
        or (promised and more and lettered >= WITH_HEADER)
        or (lettered >= 0.9 and more and e.judged >= 20 and _scattered(e) and not _is_code(e))
    ):
        return verdicts.checked(e, Entity.TRAVEL_PERMIT, share, "格式", "form")
    return None


def _says_paper(e: Evidence) -> bool:
    return e.promises(Entity.RESIDENT_ID) or bool(_SAYS_PAPER.search(e.name))


def _passport(e: Evidence) -> verdicts.Verdict | None:
    share = e.share(Entity.PASSPORT)
    promised = e.promises(Entity.PASSPORT) or _says_paper(e)
    lettered = _fits(e, r"^(?i)(?:E[A-HJ-NP-Z]?\d{7,8}|G\d{8})$")
    letters = _mean(travel_permit.lettered(e.values) | e.masks.get(Entity.PASSPORT, _none(e)))
    both = letters if promised else share
    if letters >= 0.9 and share and e.judged >= 20 and _scattered(e) and not _is_code(e):
        return verdicts.checked(e, Entity.PASSPORT, letters, "格式", "form")
    if (promised and both >= WITH_HEADER and share) or (lettered >= 0.9 and e.judged >= 20 and _scattered(e)):
        return verdicts.checked(e, Entity.PASSPORT, max(share, both), "格式", "form")
    return None


def _bank_card(e: Evidence) -> verdicts.Verdict | None:
    share = e.share(Entity.BANK_CARD)
    enough = STRONG if e.judged >= 20 else 0.8
    promised = e.promises(Entity.BANK_CARD)
    if e.promises(Entity.IMEI):
        return None
    if (share >= enough and e.judged >= 3 and not serial(e)) or (promised and share >= 0.3):
        return verdicts.checked(e, Entity.BANK_CARD, share, "发卡机构号和校验位", "issuer and check digit")
    return None


def _plate(e: Evidence) -> verdicts.Verdict | None:
    share = e.share(Entity.PLATE)
    if e.promises(Entity.PLATE):
        share = max(share, e.shape(Entity.PLATE))
    if share >= STRONG or (e.promises(Entity.PLATE) and share >= WITH_HEADER):
        return verdicts.checked(e, Entity.PLATE, share, "格式", "form")
    return None


def _mixed(e: Evidence) -> verdicts.Verdict | None:
    """Several kinds of identifier in one column: 联系方式, 证件号码."""
    kinds: tuple[Entity, ...] = (*_IDENTITY, Entity.MOBILE, Entity.LANDLINE, Entity.EMAIL, Entity.PLATE)
    if serial(e) or _merely_eleven(e) or sums(e):
        kinds = (*_IDENTITY, Entity.EMAIL)
    elif not any(e.promises(k) for k in kinds):
        kinds = (*_CITIZEN, Entity.MOBILE, Entity.EMAIL)
    union = e.share(*kinds)
    if union < STRONG and not (union >= 0.3 and any(e.promises(k) for k in kinds)):
        return None
    entity = max(kinds, key=lambda k: (e.share(k), k is Entity.RESIDENT_ID))
    return verdicts.Verdict(
        "identifier",
        entity,
        min(0.95, union),
        Sentence(
            f"同一列混有多种个人标识（证件、电话、邮箱等），去重后 {verdicts.count(e)} 个值中 {union:.1%} 符合规则。",  # noqa: E501
            f"Several kinds of identifier stand in this column: {union:.1%} of {verdicts.count(e)} distinct values fit.",  # noqa: E501
        ),
    )


def _named_shape(e: Evidence) -> verdicts.Verdict | None:
    """The header promises, the length is right, the check fails: damaged or invented numbers are still personal."""  # noqa: E501
    if _fits(e, _ID_TAIL) >= 0.95 and _fits(e, r"[Xx]$") >= 0.02:
        return verdicts.promised_by_header(e, Entity.RESIDENT_ID, _fits(e, _ID_TAIL))
    lengths = e.values.str.replace_all(r"[\s\-*]", "")
    if e.promises(Entity.RESIDENT_ID):
        like = _mean(lengths.str.contains(r"^(?:\d{15}|\d{17}[\dXx]|\d{18})$"))
        # Numbers that somebody mistyped, masked or made up still have a date in them; project codes have not.
        if like >= STRONG and _mean(lengths.str.contains(_HAS_DATE)) >= 0.2:
            return verdicts.promised_by_header(e, Entity.RESIDENT_ID, like)
        part = _fits(e, r"^[\d*]{3,16}[\dXx*]$")
        if part >= STRONG and _PART_OF_ID.search(e.name):
            return verdicts.promised_by_header(e, Entity.RESIDENT_ID, part)
    if e.promises(Entity.BANK_CARD) and (like := e.shape(Entity.BANK_CARD)) >= STRONG:
        return verdicts.promised_by_header(e, Entity.BANK_CARD, like)
    return None


def person(e: Evidence, about_persons: bool = False) -> verdicts.Verdict | None:
    """Columns of personal names; in a table that holds identifiers of persons, two of them are enough."""
    if not e.judged:
        return None
    share, shaped = e.share(Entity.PERSON), e.shape(Entity.PERSON)
    # 监护人及关系: what follows the first word does not unsay it.
    head = re.sub(r"(?<=.)[及和与、(（].*$", "", e.name) or e.name
    promised = bool(_SAYS_NAME.search(e.name)) or (
        bool(PersonRecognizer.HEADER.search(head)) and not PersonRecognizer.NOT_HEADER.search(head)
    )
    bodies = max(e.names_body, e.regions, e.organisations)
    if promised:
        # 权利人, 投资人 and the like mix persons with companies: a tenth of names is enough.
        names = share if e.names_given >= 0.4 else 0.0
        if names >= 0.1 or (shaped >= STRONG and bodies < 0.3):
            return verdicts.names(e, max(share, shaped))
        return damaged.latin_name(e)
    if (verdict := damaged.latin_name(e)) is not None:
        return verdict
    typical = e.names_given >= 0.75 and e.names_top >= 0.55
    hinted = bool(vocabulary.PERSON_ROLE.search(e.name)) and not PersonRecognizer.NOT_HEADER.search(e.name)
    named = hinted or (about_persons and bool(_SAYS_LATIN.search(e.name)))
    if named and shaped >= STRONG and _mean(latin(e.values)) >= STRONG:
        return verdicts.names(e, shaped)
    if hinted and share >= WITH_HEADER and e.names_given >= 0.4 and bodies < 0.5:
        return verdicts.names(e, share)
    if typical and e.names_given >= 0.85 and _among_bodies(e, share):
        return verdicts.names(e, share)
    few = about_persons and not vocabulary.REGION.search(e.name) and e.profile.declared.declared == "text"
    if share >= 0.8 and typical and bodies < 0.15 and (e.judged >= 3 or few) and _varied(e):
        return verdicts.names(e, share)
    if (
        share >= STRONG
        and typical
        and bodies < 0.1
        and e.judged >= 30
        and e.names_given >= 0.85
        and _varied(e)
    ):
        return verdicts.names(e, share)
    return None


def _among_bodies(e: Evidence, share: float) -> bool:
    """Persons between organisations (收款单位, 供应商): what is no organisation is a name."""
    return (
        e.organisations >= 0.2
        and e.regions < 0.1
        and share >= 0.1
        and share * e.judged >= 3
        and share >= 0.8 * (1 - e.organisations)
    )


def says_person(header: str) -> bool:
    """Whether a column's name is a word for persons."""
    return bool(vocabulary.PERSON_ROLE.search(plain_header(header)))


def address(e: Evidence) -> verdicts.Verdict | None:
    """Columns of addresses down to a door, or under a header that says address."""
    if not e.judged:
        return None
    leaf = e.name.replace("—", "-").split("-")[-1]
    if e.regions >= 0.8 and (e.regions >= 0.95 or vocabulary.REGION.search(leaf)):
        return None
    share, shaped = e.share(Entity.ADDRESS), e.shape(Entity.ADDRESS)
    promised = e.promises(Entity.ADDRESS) or bool(recognizers()[Entity.ADDRESS].HOME.search(e.name))  # type: ignore[attr-defined]
    if (
        share >= STRONG
        or (promised and e.promises(Entity.ADDRESS) and shaped >= WITH_HEADER)
        or (promised and share >= 0.1)
    ):
        shown = max(share, shaped if promised else 0.0)
        return verdicts.Verdict(
            "identifier",
            Entity.ADDRESS,
            round(min(0.95, 0.5 + shown / 2), 3),
            Sentence(
                f"去重后 {verdicts.count(e)} 个值中 {shown:.1%} 是到路、门牌、村组或室的地址。",
                f"{shown:.1%} of {verdicts.count(e)} distinct values are addresses down to a street, door, hamlet or room.",  # noqa: E501
            ),
        )
    return None


def date_of_birth(e: Evidence, about_persons: bool) -> verdicts.Verdict | None:
    """Dates under a header of birth; or, in a table about persons, dates that spread over lifetimes."""
    if not e.judged:
        return None
    if (share := e.share(Entity.DATE_OF_BIRTH)) < STRONG:
        return damaged.born(e, about_persons)
    if e.promises(Entity.DATE_OF_BIRTH):
        return verdicts.birth(e, share, "列名为出生日期", "the header says birth")
    if not about_persons or vocabulary.OTHER_DATE.search(e.name) or vocabulary.CODE_HEADER.search(e.name):
        return None
    if e.values.str.contains(r"^\d{4}(?:[-/.年]?\d{1,2}月?)?$").mean() == 1.0:
        return None
    found = years(e.values.filter(e.masks[Entity.DATE_OF_BIRTH]))
    early, late = found.quantile(0.1), found.quantile(0.9)
    if early is not None and late is not None and late - early >= 20 and early < 1995:
        return verdicts.birth(e, share, "年份跨度符合出生日期", "the years spread as those of births do")
    return None


# -- small questions -------------------------------------------------------------------------


def _fits(e: Evidence, pattern: str) -> float:
    return _mean(e.values.str.contains(pattern))


def _mean(mask: pl.Series) -> float:
    return float(mask.mean() or 0.0)  # type: ignore[arg-type]


def _varied(e: Evidence) -> bool:
    """Names vary in their family names; a list of things that begin alike does not."""
    if e.judged < 8:
        return True
    first = (
        e.values.str.strip_chars_start("0123456789.、-#")
        .str.head(1)
        .to_frame("first")
        .group_by("first")
        .len()
    )
    return first.height >= min(6, e.judged // 3) and first.filter(pl.col("len") * 2 > e.judged).is_empty()


def serial(e: Evidence) -> bool:
    """Numbers that were counted up: many values, hardly any variety at the front."""
    if e.judged < 20 or not vocabulary.CODE_HEADER.search(e.name):
        return False
    return bool(e.values.str.head(3).n_unique() <= 2) or bool(
        e.values.str.head(5).n_unique() <= max(2, e.judged // 200)
    )


def _merely_eleven(e: Evidence) -> bool:
    """Eleven-digit numbers of another kind: of all that begin with 1, two in three look like mobile numbers."""  # noqa: E501
    eleven = e.values.str.contains(r"^\d{11}$")
    if not eleven.any():
        return False
    enough = STRONG if e.promises(Entity.MOBILE) else 0.85
    return _mean(e.masks[Entity.MOBILE].filter(eleven)) < enough


def sums(e: Evidence) -> bool:
    """Amounts of eleven digits, all from 13 to 19 thousand million: a tenth of them are numbers that no operator has.

    Asked only where the header speaks of amounts and not of telephones: 数量 may well hold mobile numbers.
    """  # noqa: E501
    if e.judged < 20 or not vocabulary.AMOUNT_HEADER.search(e.name) or e.promises(Entity.MOBILE):
        return False
    plain = e.values.str.replace_all(",", "")
    eleven = plain.str.contains(r"^1[3-9]\d{9}$")
    return bool(eleven.sum() >= 20) and _mean(mobile.unassigned(plain.filter(eleven))) >= 0.1


def coincidental(e: Evidence, length: int) -> bool:
    """Whether numbers of ``length`` digits are strays: of amounts with decimals, or of codes with letters."""
    if _fits(e, r"^-?\d+\.\d*[1-9]\d*$") >= 0.3:
        return True
    alike = e.values.str.len_chars() == length
    lettered = e.values.str.contains(r"^[0-9A-Za-z]+$") & e.values.str.contains("[A-Za-z]")
    return length >= 12 and _mean(alike & lettered) >= STRONG


def _none(e: Evidence) -> pl.Series:
    return pl.repeat(False, e.judged, dtype=pl.Boolean, eager=True)


def _is_code(e: Evidence) -> bool:
    return bool(vocabulary.CODE_HEADER.search(e.name))


def _amounts(e: Evidence) -> bool:
    return bool(vocabulary.AMOUNT_HEADER.search(e.name)) or e.profile.declared.declared == "decimal"


def _scattered(e: Evidence) -> bool:
    numbers = e.values.str.extract(r"(\d{7,8})$", 1).cast(pl.Int64, strict=False)
    low, high = numbers.min(), numbers.max()
    return low is not None and high is not None and int(str(high)) - int(str(low)) > 1_000_000
