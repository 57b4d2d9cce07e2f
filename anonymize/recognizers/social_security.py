"""Social security number and card number (社会保障号码、社会保障卡号), Social Insurance Law article 58, LD/T 32, GB 11643.

Format: the social security number is the resident ID, in many systems with a zero before it or one or two digits after
it; the card has a number of nine characters, a letter and eight digits, or eight digits and ``X``. Local
numbers of insured persons are eight to twenty digits. Only the embedded ID can be checked.

>>> numbers = ["11010519491231002X", "011010519491231002X", "11010519491231002X01", "A12345678", "2024-001"]
>>> SocialSecurityRecognizer().validate(pl.Series(numbers)).to_list()
[True, True, True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.embedded_id import holds_id
from anonymize.recognizers.normal import canonical

_CARD = r"^(?:[A-Z]\d{8}|\d{8}X)$"
_LOCAL = r"^[0-9A-Z]{0,2}\d{7,19}[0-9X]$"
_WORD = r"社保|社会保障|医保|参保|养老保险|社会保险"


class SocialSecurityRecognizer(ColumnRecognizer):
    """An ID with a few characters around it, or a card number, where social security is spoken of."""

    ENTITY = Entity.SOCIAL_SECURITY
    HEADER = re.compile(
        r"(?:社会?保障?|社会保险|社保|医保|医疗保险|养老保险|参保|参合)[^名期类型额费]{0,8}(?:号码?|编号|证号|序列号?)$"
        r"|social_?sec|\bssn\b|sbkh|sbh$|shbzhm|ybkh",
        re.I,
    )
    TEXT = re.compile(
        r"(?<![0-9A-Za-z])(?:0?[1-6]\d{16}[\dXx]\d{0,2}|[A-Za-z]\d{8}|\d{8}[Xx])(?![0-9A-Za-z])"
    )
    PREFILTER = _WORD
    CONTEXT: ClassVar[tuple[str, ...]] = ("社保号", "社会保障号码", "社保卡", "医保号")
    SCORE = 0.6
    NEEDS_WORD = True

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.to_uppercase().str.contains(_CARD) | holds_id(values)

    def shape(self, values: pl.Series) -> pl.Series:
        """Any number of an insured person, as local systems give them."""
        return values.str.to_uppercase().str.contains(_LOCAL)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        return self.validate(canonical(candidates)) & before.str.contains(_WORD)
