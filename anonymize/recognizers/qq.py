"""QQ number, by the rule of the service: five to eleven digits, the first not 0.

The form proves nothing: a column or a text must say what it is.

>>> QqRecognizer().validate(pl.Series(["12345678", "QQ：12345678", "01234567", "1234"])).to_list()
[True, True, False, False]
"""

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_SAID = r"(?i)^(?:qq号?|扣扣)[:：_ ]?[1-9]\d{4,10}$"


class QqRecognizer(ColumnRecognizer):
    """Five to eleven digits after a word that says QQ."""

    ENTITY = Entity.QQ
    HEADER = re.compile(r"(?<![a-z])qq(?![a-z])|扣扣|企鹅号|^q号$", re.I)
    TEXT = re.compile(
        r"(?:(?<![A-Za-z])qq|扣扣)(?:号码?|账号|帐号)?[ :：为是]{0,3}([1-9]\d{4,10})(?!\d)", re.I
    )
    PREFILTER = r"(?i)qq|扣扣"
    CONTEXT: ClassVar[tuple[str, ...]] = ("QQ", "QQ号", "扣扣")
    SCORE = 0.7
    NEEDS_WORD = True

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(r"^[1-9]\d{4,10}$") | said(values)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return candidates.str.len_chars() > 0


def said(values: pl.Series) -> pl.Series:
    """Values that name the service themselves: ``QQ：12345678``."""
    return values.str.contains(_SAID)
