"""Age in completed years: a number from 0 to 129, with or without 岁 or 周岁 (45 岁半, 虚岁45, 三十六岁),
or months for infants (8个月).

Ages identify in combination (GB/T 42460: quasi-identifier); a number under another header is no age.

>>> AgeRecognizer().validate(pl.Series(["45岁", "满18周岁", "8个月", "三十六岁", "145"])).to_list()
[True, True, True, True, False]
"""

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_YEARS = r"(?:1[0-2]\d|[1-9]?\d)"
_WHOLE = (
    rf"^(?:满|约|虚|年|虚岁|实足)? ?{_YEARS} ?(?:\.0|[周虚]?岁半?)?$|^\d{{1,2}} ?个?月(?:龄|大)?$"
    r"|^(?:满|约|虚|年)?[零一二三四五六七八九十百]{1,5}周?岁半?$"
)
_SPOKEN = r"\d ?[周虚]?岁半?$|^[一二三四五六七八九十百零]{1,5}周?岁半?$"


class AgeRecognizer(ColumnRecognizer):
    """A number of years; in a text only with the word for years of life."""

    ENTITY = Entity.AGE
    HEADER = re.compile(r"年龄|岁数|周岁|虚岁|实岁|[现实]龄$|(?<![a-z])age(?![a-z])|^nl$", re.I)
    TEXT = re.compile(
        rf"(?<![\d.])(?:年龄[:：为]? ?)?({_YEARS}) ?(?:周岁|岁)(?!以[上下])|年龄[:：为]? ?({_YEARS})(?!\d)"
    )
    PREFILTER = r"\d ?(?:周岁|岁)|年龄"
    CONTEXT: ClassVar[tuple[str, ...]] = ("年龄", "岁", "周岁")
    SCORE = 0.6
    IN_TEXT = False
    NEEDS_WORD = True

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(_WHOLE)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return candidates.str.len_chars() > 0


def said(values: pl.Series) -> pl.Series:
    """Ages that say so themselves: ``45岁``, but not ``60岁以上``, a class of a statistic."""
    return values.str.contains(_WHOLE) & values.str.contains(_SPOKEN)
