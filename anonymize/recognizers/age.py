"""Age in completed years: a number from 0 to 129, with or without 岁 or 周岁, or months for infants (8个月).

Ages identify in combination (GB/T 42460: quasi-identifier); a number under another header is no age.

>>> AgeRecognizer().validate(pl.Series(["45", "45岁", "满18周岁", "8个月", "145", "2019"])).to_list()
[True, True, True, True, False, False]
"""

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_YEARS = r"(?:1[0-2]\d|[1-9]?\d)"


class AgeRecognizer(ColumnRecognizer):
    """A number of years; in a text only with the word for years of life."""

    ENTITY = Entity.AGE
    HEADER = re.compile(r"年龄|岁数|周岁|(?<![a-z])age(?![a-z])|^nl$", re.I)
    TEXT = re.compile(
        rf"(?<![\d.])(?:年龄[:：为]? ?)?({_YEARS}) ?(?:周岁|岁)(?!以[上下])|年龄[:：为]? ?({_YEARS})(?!\d)"
    )
    PREFILTER = r"\d ?(?:周岁|岁)|年龄"
    CONTEXT: ClassVar[tuple[str, ...]] = ("年龄", "岁", "周岁")
    SCORE = 0.6
    IN_TEXT = False
    NEEDS_WORD = True

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(rf"^(?:满|约)?{_YEARS}(?:\.0|岁|周岁)?$|^\d{{1,2}}个?月$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return candidates.str.len_chars() > 0
