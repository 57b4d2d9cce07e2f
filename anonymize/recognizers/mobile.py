"""Mobile telephone number, the national numbering plan (YD/T 2583 and the ministry's number segments).

Format: eleven digits, the first 1, the second 3–9; written plain, in groups 3-4-4 with spaces or
hyphens, or with the country code +86, 86 or 0086. There is no check digit.

Virtual operators have segments of their own inside (162, 165, 167, 170, 171).

>>> MobileRecognizer().validate(pl.Series(["13800138000", "+86 138-0013-8000", "17051234567", "12800138000"])).to_list()
[True, True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_WHOLE = (
    r"^(?:[(]?(?:\+|00)?86[)]?[ \-]?)?1[3-9]\d[ \-.]{0,2}(?:\d{4}[ \-.]{0,2}\d{4}|\d{3}[ \-.]{0,2}\d{5})$"
)
_ABROAD = r"^(?:\+|00)(?:852|853|886|1|7|3[0-49]|4[0-9]|6[0-6]|8[124]|9[0-58])[ \-]?[(]?\d{1,4}[)]?[ \-]?\d{2,4}[ \-]?\d{3,4}$"  # noqa: E501
_SPOKEN_DIGIT = "[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
"""Digits in words: 幺三九…, which people write so that no program finds the number."""
_SPREAD = r"^1(?:[ \-][0-9]){10}$"


class MobileRecognizer(ColumnRecognizer):
    """Shape only: the segments in use change by the month, so all of 13–19 is taken."""

    ENTITY = Entity.MOBILE
    HEADER = re.compile(
        r"手机|移动电话|联系电话|联系方式|电话|联系号码|mobile|phone|cell|\btel\b|sjh|lxdh|lxfs", re.I
    )
    TEXT = re.compile(
        r"(?<!\d)(?<!\d[.])(?:[(]?(?:\+|00)86[)]?[ \-]?|86[ \-]?)?"
        r"(?:1[3-9]\d[ \-.]{0,2}(?:\d{4}[ \-.]{0,2}\d{4}|\d{3}[ \-.]{0,2}\d{5})|1(?:[ \-]\d){10})(?!\d)(?!\.\d)"  # noqa: E501
        rf"|(?<!{_SPOKEN_DIGIT})[一幺壹][三四五六七八九叁肆伍陆柒捌玖]{_SPOKEN_DIGIT}{{9}}(?!{_SPOKEN_DIGIT})"
        r"|(?<![\d+])(?:\+|00)(?:852|853|886)[ \-]?\d{4}[ \-]?\d{4,5}(?!\d)"
    )
    PREFILTER = (
        rf"[一幺壹]{_SPOKEN_DIGIT}{{10}}"
        r"|1[ \-]?[3-9][ \-]?\d(?:[ \-.]{0,2}\d){8}|(?:\+|00)8(?:52|53|86)[ \-]?\d{4}"
    )
    CONTEXT: ClassVar[tuple[str, ...]] = ("手机", "电话", "联系方式", "致电", "来电")

    def validate(self, values: pl.Series) -> pl.Series:
        return (
            values.str.contains(_WHOLE)
            | values.str.contains(_ABROAD)
            | values.str.contains(_SPREAD)
            | values.str.contains(f"^{_SPOKEN_DIGIT}{{11}}$")
        )


_UNASSIGNED = r"^1(?:4[0-4]|54|6[013489]|79)\d{8}$"
"""Segments that no operator gives to people: 140–144 are of thirteen digits and for machines."""


def unassigned(values: pl.Series) -> pl.Series:
    """Eleven digits in a segment that nobody telephones from; of chance numbers from 13 to 19 a sixth are."""
    return values.str.contains(_UNASSIGNED)
