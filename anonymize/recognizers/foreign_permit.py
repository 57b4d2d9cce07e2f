"""Foreigner's permanent residence identity card (外国人永久居留身份证), National Immigration Administration.

Format since 2023: eighteen digits: ``9``, two of the province of first application (GB/T 2260), three of the country
(GB/T 2659 numeric), eight of the date of birth, three of sequence, one check digit of ISO 7064 MOD 11-2.
Format before: three letters of the country, four digits of the place of application, six of the date of
birth (``yymmdd``), one of sequence, one check digit.

Worked example, ``911124198108030024``: Beijing, Canada (124), 3 August 1981; the weighted sum of the first seventeen
gives the check ``4``.

>>> from anonymize.recognizers.digits import mod11_2_character
>>> mod11_2_character("91112419810803002")
'4'
>>> numbers = ["911124198108030024", "911124198108030025", "CAN110081080310", "CAN110081130310"]
>>> ForeignPermitRecognizer().validate(pl.Series(numbers)).to_list()
[True, False, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import numpy as np
import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers import digits, regions
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical, compact

_NEW = r"^9[1-6]\d{15}[\dXx]$"
_OLD = r"^[A-Za-z]{3}[1-6]\d{11}$"


class ForeignPermitRecognizer(ColumnRecognizer):
    """Province, date and check digit of the new number; place and date of the old one."""

    ENTITY = Entity.FOREIGN_PERMIT
    HEADER = re.compile(r"永久居留|永居|外国人.*证|居留证|foreign|permanent_?resid|prc_?card", re.I)
    TEXT = re.compile(r"(?<![0-9A-Za-z])(?:9[1-6]\d{15}[\dXx]|[A-Za-z]{3}[1-6]\d{11})(?![0-9A-Za-z])")
    PREFILTER = r"9[1-6]\d{15}|[A-Za-z]{3}[1-6]\d{11}"
    CONTEXT: ClassVar[tuple[str, ...]] = ("永久居留", "永居证", "居留证", "证件号码")
    SCORE = 0.9

    def validate(self, values: pl.Series) -> pl.Series:
        return self._new(values, check=True) | self._old(values)

    def shape(self, values: pl.Series) -> pl.Series:
        """Province and date hold, the check digit may not."""
        return self._new(values, check=False) | self._old(values)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        plain = canonical(candidates)
        named = before.str.contains("居留|永居|证件|外国")
        return self._new(plain, check=True) | (named & self.shape(plain))

    @staticmethod
    def _new(values: pl.Series, *, check: bool) -> pl.Series:
        plain = compact(values)
        formed = plain.str.contains(_NEW)
        if not formed.any():
            return formed
        head, good = digits.dated18(plain.filter(formed), check=check)
        province = regions.province_table()[head // 1000 % 100]
        country = head % 1000
        return digits.where(formed, good & province & (country >= 4) & (country <= 894))

    @staticmethod
    def _old(values: pl.Series) -> pl.Series:
        formed = values.str.contains(_OLD)
        if not formed.any():
            return formed
        numbers = digits.matrix(values.filter(formed))[:, 3:] - 48
        month, day = digits.number(numbers[:, 6:8]), digits.number(numbers[:, 8:10])
        # Of a year in two digits nothing is known; 29 February is let pass.
        real = digits.real_date(np.full(month.size, 2000), month, day)
        return digits.where(formed, real & regions.prefecture_table()[digits.number(numbers[:, :4])])
