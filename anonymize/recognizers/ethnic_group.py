"""Ethnic group (民族), GB/T 3304-1991: 56 names with codes of two digits and of two letters (01 汉族 HA … 56 基诺族 JN).

>>> EthnicGroupRecognizer().validate(pl.Series(["汉族", "维吾尔", "HA", "01", "57", "水果"])).to_list()
[True, True, True, True, False, False]

Codes are taken only under a header that says ethnic group; a name that is a word as well (水, 土, 京) is judged by the
whole column.
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_WORDS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 "  # noqa: E501
    "景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 "  # noqa: E501
    "裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
_LETTERS = (
    "HA|MG|HU|ZA|UG|MH|YI|ZH|BY|CS|MA|DO|YA|BA|TJ|HN|KZ|DA|LI|LS|VA|SH|GS|LH|SU|DX|NX|JP|KG|TU|DR|ML|QG|BL|SL|"
    "MN|GL|XB|AC|PM|TA|NU|UZ|RS|EW|DE|BN|YG|GI|TT|OR|HZ|MB|LB|JN"
)
NAMES = _WORDS.split()
_NAME = "|".join(sorted(NAMES, key=len, reverse=True))
_LONG = "|".join(n for n in sorted(NAMES, key=len, reverse=True) if len(n) > 1)
_OTHER = "穿青人|外国血统中国籍人士|入籍|其他民族|未识别民族"
_CODE = rf"0[1-9]|[1-4]\d|5[0-6]|97|98|{_LETTERS}"


class EthnicGroupRecognizer(ColumnRecognizer):
    """The names with or without 族, and the codes."""

    ENTITY = Entity.ETHNIC_GROUP
    HEADER = re.compile(r"民族|族别|ethnic|nationality|^nation$|^mz(?:dm)?$", re.I)
    TEXT = re.compile(rf"(?:{_NAME})族(?!自治|乡|文|语|服|舞|歌|学)")
    PREFILTER = "族"
    CONTEXT: ClassVar[tuple[str, ...]] = ("民族", "族别")
    SCORE = 0.6
    IN_TEXT = False

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(rf"^(?:(?:{_NAME})族?|{_OTHER}|{_CODE})$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return candidates.str.len_chars() > 0


def named(values: pl.Series) -> pl.Series:
    """Names in full (汉族), or names that are no other word (维吾尔)."""
    return values.str.contains(rf"^(?:(?:{_NAME})族|{_LONG})$")
