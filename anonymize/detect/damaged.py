"""Numbers and names that are not whole, or not written as such: cut, retyped, spelled out.

They pass no check and have no usual form, but they are somebody's all the same. A header that says what they are,
or a spread that only births have, takes the place of the check.
"""  # noqa: E501

from __future__ import annotations

import re

import polars as pl

from anonymize.detect import verdicts, vocabulary
from anonymize.detect.evidence import Evidence
from anonymize.detect.verdict import Verdict
from anonymize.entities import Entity
from anonymize.recognizers import regions
from anonymize.recognizers.person import PersonRecognizer

_CUT_ID = r"^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{0,3}|\d{3}\*)$"
_SAYS_PHONE = re.compile(r"手机|电话|mobile|phone|cell|(?<![a-z])tel(?![a-z])|^sjh|^lxdh", re.I)
_TORN_PHONE = r"^[+(]?(?:\d[ .,\-()/]{0,2}){9,12}\d$|^1\.\d{4,10}[Ee]\+?10$"
_SPELLED_MAIL = r"^[\w.\-]*\w ?(?:[(\[（]at[)\]）]|@) ?\S+\.[A-Za-z]{2,18}$"
_MARKED_MAIL = r"^[\w.\-]+[#＃*][\w\-]+\.[A-Za-z.]{2,18}$"
_ADDRESSED = r"^(?i:Mr|Mrs|Ms|Miss|Dr|Prof|Mme)\.? \p{L}"
_ONE_WORD = r"^[A-Za-z]{4,}\d{0,4}$"
_WORDS = r"^[A-Za-z][A-Za-z'’.\-]+(?: [A-Za-z][A-Za-z'’.\-]*){1,3}\d{0,4}$"
_BORN = (
    r"^\D{0,3}\d{1,4}\D{1,3}\d{1,2}\D{1,3}\d{1,4}(?:\D|$)|\d年\d{1,2}月|[A-Za-z]{3,9}[ \-.,]+\d{1,4}"
    r"|^(?:[5-9]\d{3}|[1-4]\d{4})(?:\.0)?$"
)
"""Dates of three parts in any order, with a month's name, or the days since 1900 of a spreadsheet."""
_NOT_DATE = re.compile(r"率|数|人口|证|编号|号码|地|体重|身长|医院|rate|count|weight|place|number", re.I)
_NAMELESS = re.compile(r"contact|代码|编号|账号", re.I)


def cut_id(e: Evidence) -> Verdict | None:
    """Resident IDs without their last characters: division and birthday, years as far apart as births."""
    if e.judged < 10 or e.coded:
        return None
    cut = e.values.filter(e.values.str.contains(_CUT_ID))
    if cut.len() < 0.9 * e.judged:
        return None
    known = regions.resident_table()[cut.str.head(6).cast(pl.Int64).to_numpy()]
    born = cut.str.slice(6, 4).cast(pl.Int32)
    early, late = born.quantile(0.1), born.quantile(0.9)
    if known.mean() < 0.9 or early is None or late is None or late - early < 15 or early >= 1995:
        return None
    return verdicts.checked(
        e, Entity.RESIDENT_ID, cut.len() / e.judged, "地区码和出生日期", "division and birthday"
    )


def torn_phone(e: Evidence) -> Verdict | None:
    """Telephone numbers that lost a digit or became a float, under a header that says telephone."""
    if not _SAYS_PHONE.search(e.name) or vocabulary.AMOUNT_HEADER.search(e.name) or e.judged < 3:
        return None
    share = _fits(e, _TORN_PHONE)
    if share < 0.8 or _fits(e, r"\.\d{1,2}$") >= 0.3:
        return None
    return verdicts.promised_by_header(e, Entity.MOBILE, share)


def spelled_mail(e: Evidence) -> Verdict | None:
    """``name(at)example.cn``; with another sign only under a header that says mail."""
    share = _fits(e, _SPELLED_MAIL)
    if e.promises(Entity.EMAIL):
        share += _fits(e, _MARKED_MAIL)
    return verdicts.checked(e, Entity.EMAIL, share, "格式", "form") if share >= 0.5 else None


def latin_name(e: Evidence) -> Verdict | None:
    """Names in Latin letters without capitals or as one word (zhangwei), or after a form of address."""
    share = _fits(e, _ADDRESSED)
    if share < 0.5:
        promised = e.promises(Entity.PERSON) and not PersonRecognizer.NOT_HEADER.search(e.name)
        promised = promised and not _NAMELESS.search(e.name)
        if promised or vocabulary.PERSON_ROLE.search(e.name):
            share = _fits(e, _WORDS)
        if promised and e.judged >= 6:
            share += _fits(e, _ONE_WORD)
    return verdicts.names(e, share) if share >= 0.5 else None


def born(e: Evidence, about_persons: bool) -> Verdict | None:
    """Dates of birth as no calendar reads them, or the year alone, under a header that says birth."""
    if not e.promises(Entity.DATE_OF_BIRTH) or _NOT_DATE.search(e.name):
        return None
    share = _fits(e, _BORN) + (_fits(e, r"^(?:19|20)\d{2}年?$") if about_persons else 0.0)
    if share < 0.5:
        return None
    return verdicts.birth(e, share, "列名为出生日期", "the header says birth")


def _fits(e: Evidence, pattern: str) -> float:
    return float(e.values.str.contains(pattern).mean() or 0.0)  # type: ignore[arg-type]
