"""Resident identity number (公民身份号码), GB 11643-1999, and its predecessor of 15 digits.

Format: six digits of the county of first registration (GB/T 2260, historical codes included), eight
of the date of birth, three of sequence (odd for men), one check character by ISO 7064 MOD 11-2.
Regions 81, 82 and 83 are those of residence permits (``residence_permit.py``).

Worked example, ``11010519491231002X``: the first seventeen digits times the weights
7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2 sum to 167; 167 mod 11 = 2; place 2 of ``10X98765432`` is ``X``.

>>> check_character("11010519491231002")
'X'
>>> ResidentIdRecognizer().validate(pl.Series(["11010519491231002X", "110105491231002", "110105194912310021"])).to_list()
[True, True, False]

The old number has fifteen digits: a year of two digits (19xx), no check character.
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers import digits, regions
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical, compact

_NEW = r"^[1-9]\d{16}[\dXx]$"
_OLD = r"^[1-9]\d{14}$"


class ResidentIdRecognizer(ColumnRecognizer):
    """Whole check for new numbers; county and date for old ones, which have no check character."""

    ENTITY = Entity.RESIDENT_ID
    HEADER = re.compile(
        r"身份证|身份号|公民身份|证件号|证件编号|id_?card|idcard|idno|id_?number|sfz|zjhm|identity", re.I
    )
    TEXT = re.compile(r"(?<!\d)[1-9](?:(?:[ \-]{0,2}\d){16}[ \-]{0,2}[\dXx]|\d{14})(?![\d])")
    PREFILTER = r"[1-9](?:[ \-]{0,2}\d){14}"
    CONTEXT: ClassVar[tuple[str, ...]] = ("身份证", "身份证号", "公民身份号码", "证件号码")
    SCORE = 0.95

    def validate(self, values: pl.Series) -> pl.Series:
        plain = compact(values)
        new = plain.str.contains(_NEW)
        old = plain.str.contains(_OLD)
        good_new = digits.where(new, _check_new(plain.filter(new), check=True))
        return good_new | digits.where(old, _check_old(plain.filter(old)))

    def shape(self, values: pl.Series) -> pl.Series:
        """County and date hold, the check character may not: a mistyped number is still somebody's."""
        plain = compact(values)
        new = plain.str.contains(_NEW)
        old = plain.str.contains(_OLD)
        return digits.where(new, _check_new(plain.filter(new), check=False)) | digits.where(
            old, _check_old(plain.filter(old))
        )

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        """In prose a number with a county and a date is taken even when its check character is wrong."""
        named = before.str.contains("身份证|身份号|证件号")
        return self.shape(canonical(candidates)) | named


def check_character(first17: str) -> str:
    """The check character of seventeen digits."""
    return digits.mod11_2_character(first17)


def _check_new(values: pl.Series, *, check: bool) -> npt.NDArray[np.bool_]:
    region, good = digits.dated18(values, check=check)
    return good & regions.resident_table()[region]


def _check_old(values: pl.Series) -> npt.NDArray[np.bool_]:
    if values.len() == 0:
        return np.zeros(0, dtype=bool)
    numbers = digits.matrix(values) - 48
    year, month, day = (digits.number(numbers[:, a : a + 2]) for a in (6, 8, 10))
    return digits.real_date(1900 + year, month, day) & regions.resident_table()[digits.number(numbers[:, :6])]
