"""Persons in a table: what they are called, where they live, when they were born."""

from __future__ import annotations

import re

import polars as pl

from anonymize.detect import damaged, verdicts, vocabulary
from anonymize.detect.evidence import Evidence
from anonymize.detect.headers import plain_header
from anonymize.detect.questions import STRONG, WITH_HEADER, mean
from anonymize.detect.verdict import Verdict
from anonymize.entities import Entity
from anonymize.findings import Sentence
from anonymize.recognizers.date_of_birth import years
from anonymize.recognizers.person import PersonRecognizer, latin
from anonymize.recognizers.registry import recognizers

_SAYS_LATIN = re.compile(r"(?<![a-z])names?$", re.I)
_SAYS_NAME = re.compile(r"姓名(?:[(（].*)?$|名字$")


def person(e: Evidence, about_persons: bool = False) -> Verdict | None:
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
    if named and shaped >= STRONG and mean(latin(e.values)) >= STRONG:
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


def address(e: Evidence) -> Verdict | None:
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
        return Verdict(
            "identifier",
            Entity.ADDRESS,
            round(min(0.95, 0.5 + shown / 2), 3),
            Sentence(
                f"去重后 {verdicts.count(e)} 个值中 {shown:.1%} 是到路、门牌、村组或室的地址。",
                f"{shown:.1%} of {verdicts.count(e)} distinct values are addresses down to a street, door, hamlet or room.",  # noqa: E501
            ),
        )
    return None


def date_of_birth(e: Evidence, about_persons: bool) -> Verdict | None:
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
