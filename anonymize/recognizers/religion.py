"""Religious belief (宗教信仰), GA/T 2000 codes of faith: none, the five faiths of China and what registers write besides.

A person's religious belief is sensitive personal information (Personal Information Protection Law article 28, GB/T 35273-2020
annex B).

>>> ReligionRecognizer().validate(pl.Series(["佛教", "伊斯兰教", "无宗教信仰", "基督教徒", "教育"])).to_list()
[True, True, True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_FAITH = r"(?:藏传|汉传|南传)?佛教|道教|伊斯兰教|基督教|天主教|东正教|犹太教|印度教|喇嘛教|萨满教|东巴教|民间信仰|其他宗教"  # noqa: E501
_NONE = r"不?信教|无宗教信仰|无神论|不信仰宗教|无信仰"


class ReligionRecognizer(ColumnRecognizer):
    """Names of faiths and their followers."""

    ENTITY = Entity.RELIGION
    HEADER = re.compile(r"宗教|信仰|教派|religi|faith|^zjxy$", re.I)
    TEXT = re.compile(rf"(?:{_FAITH})(?:徒|信徒|信众)|(?:信仰|信奉|皈依)(?:{_FAITH})")
    PREFILTER = r"教(?:徒|信)|信仰|信奉|皈依"
    CONTEXT: ClassVar[tuple[str, ...]] = ("宗教信仰", "信仰", "信教")
    SCORE = 0.6
    IN_TEXT = False

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(rf"^(?:(?:{_FAITH})(?:徒|信徒)?|{_NONE})$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return candidates.str.len_chars() > 0
