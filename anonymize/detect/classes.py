"""Columns that put persons into classes: sex, age, ethnic group, region, faith, health, post, and where they are.

None of them names anybody; in combination they do (GB/T 42460), and faith and health are sensitive by themselves
(Personal Information Protection Law article 28). About facilities or in statistics the same words are nobody's, so
every rule here asks what the table is about.
"""  # noqa: E501

from __future__ import annotations

import re

from anonymize.detect import vocabulary
from anonymize.detect.evidence import Evidence
from anonymize.detect.questions import fits, mean
from anonymize.detect.verdict import Verdict
from anonymize.entities import Entity
from anonymize.findings import Sentence
from anonymize.recognizers import age, ethnic_group, health
from anonymize.recognizers.coordinates import CoordinatesRecognizer, pairs

_ENTITY: dict[str, Entity] = {
    "ethnicity": Entity.ETHNIC_GROUP,
    "age": Entity.AGE,
    "religion": Entity.RELIGION,
    "health": Entity.HEALTH,
    "post": Entity.POST,
    "location": Entity.COORDINATES,
}
_WORDS: dict[str, tuple[str, str]] = {
    "sex": ("性别", "sex"),
    "ethnicity": ("民族", "ethnic group"),
    "age": ("年龄", "age"),
    "region": ("行政区划或社区", "division or neighbourhood"),
    "religion": ("宗教信仰", "religious belief"),
    "health": ("健康状况、病种或残疾", "health, disease or disability"),
    "post": ("职务或职称", "title or post"),
    "location": ("精确到十米左右的位置", "a location exact to some ten metres"),
}
SENSITIVE = frozenset({"religion", "health"})
_HOME = re.compile(r"住|家|户|居|本人|个人|home|resid", re.I)
_COUNT = re.compile(r"人数|人口|人次|数量|户数|例数|件数|合计|总数|总计|小计|count|total|number$", re.I)


def quasi(e: Evidence) -> Verdict | None:
    """The class that a column of a table about persons holds."""
    kind = _kind(e)
    if kind is None:
        return None
    zh, en = _WORDS[kind]
    if kind in SENSITIVE:
        reason = Sentence(
            f"{zh}：与个人对应时属于敏感个人信息，默认整列遮盖。",
            f"{en.capitalize()}: sensitive personal information where it belongs to a person; redacted by default.",  # noqa: E501
        )
    else:
        reason = Sentence(
            f"{zh}：单独不识别个人，与其他列组合可能识别。",
            f"{en.capitalize()}: identifies nobody alone, but may in combination.",
        )
    return Verdict("quasi", _ENTITY.get(kind), 0.9, reason, kind)


def location(e: Evidence, about_persons: bool, facilities: bool) -> Verdict | None:
    """Precise coordinates of persons or homes; those of facilities are what an open map is made of."""
    if not e.judged or not _located(e):
        return None
    if not _HOME.search(e.name) and (facilities or not about_persons):
        return None
    zh, en = _WORDS["location"]
    return Verdict(
        "quasi",
        Entity.COORDINATES,
        0.85,
        Sentence(
            f"{zh}：表中有个人列，位置可能是住处或行踪，默认降低精度。",
            f"{en.capitalize()}: the table is about persons, so it may be a home or a track; made coarse by default.",  # noqa: E501
        ),
        "pairs" if mean(pairs(e.values)) >= 0.3 else "location",
    )


def single_persons(evidence: list[Evidence]) -> bool:
    """Whether rows are single persons though nothing names them: sex and age or birth of each, and no counts."""  # noqa: E501
    if any(_COUNT.search(e.name) for e in evidence):
        return False
    sexed = any(
        e.judged and vocabulary.SEX.search(e.name) and fits(e, r"^(?:男|女)性?$") >= 0.9 for e in evidence
    )
    aged = any(
        e.judged > 15 and e.promises(Entity.AGE) and e.share(Entity.AGE) >= 0.9 for e in evidence
    ) or any(e.promises(Entity.DATE_OF_BIRTH) and e.share(Entity.DATE_OF_BIRTH) >= 0.5 for e in evidence)
    return sexed and aged


def _kind(e: Evidence) -> str | None:
    if not e.judged:
        return None
    if vocabulary.SEX.search(e.name) and fits(e, vocabulary.SEX_VALUE) >= 0.6:
        return "sex"
    if e.judged <= 4 and fits(e, r"^(?:男|女|男性|女性)$") >= 0.5:
        return "sex"
    groups = e.share(Entity.ETHNIC_GROUP)
    if groups >= 0.6 and (e.promises(Entity.ETHNIC_GROUP) or mean(ethnic_group.named(e.values)) >= 0.6):
        return "ethnicity"
    if (e.promises(Entity.AGE) and e.share(Entity.AGE) >= 0.8) or mean(age.said(e.values)) >= 0.6:
        return "age"
    if e.share(Entity.RELIGION) >= (0.3 if e.promises(Entity.RELIGION) else 0.8):
        return "religion"
    if _healthy(e):
        return "health"
    if e.promises(Entity.POST) and e.share(Entity.POST) >= 0.3:
        return "post"
    leaf = e.name.replace("—", "-").split("-")[-1]
    if e.regions >= 0.8 or (vocabulary.REGION.search(leaf) and e.regions >= 0.5):
        return "region"
    return None


def _healthy(e: Evidence) -> bool:
    if e.promises(Entity.HEALTH):
        return e.shape(Entity.HEALTH) >= 0.2
    return mean(health.coded(e.values)) >= 0.9 or (e.share(Entity.HEALTH) >= 0.8 and e.organisations < 0.1)


def _located(e: Evidence) -> bool:
    share = e.share(Entity.COORDINATES)
    if mean(pairs(e.values)) >= 0.5:
        return True
    if e.promises(Entity.COORDINATES):
        return share >= 0.3
    # Without a header: all between the same two bounds, in many decimals, and spread less than a country.
    return share >= 0.98 and e.judged >= 10 and fits(e, r"\.\d{5,}$") >= 0.8 and _one_axis(e)


def _one_axis(e: Evidence) -> bool:
    return any(
        fits(e, pattern) >= 0.98
        for pattern in (CoordinatesRecognizer.LONGITUDE, CoordinatesRecognizer.LATITUDE)
    )
