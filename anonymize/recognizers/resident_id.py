"""Resident identity number (公民身份号码), GB 11643-1999, and its predecessor of 15 digits.

Format: six digits of the county of first registration (GB/T 2260, historical codes included), eight
of the date of birth, three of sequence (odd for men), one check character by ISO 7064 MOD 11-2.

Worked example, ``11010519491231002X``: the first seventeen digits times the weights
7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2 sum to 167; 167 mod 11 = 2; place 2 of ``10X98765432`` is ``X``.

The old number has fifteen digits: a year of two digits (19xx), no check character.
"""

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

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8).astype(np.int64)
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
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
    total = int((np.array([int(d) for d in first17]) * _WEIGHTS).sum())
    return "10X98765432"[total % 11]


def _check_new(values: pl.Series, *, check: bool) -> npt.NDArray[np.bool_]:
    if values.len() == 0:
        return np.zeros(0, dtype=bool)
    codes = digits.matrix(values)
    numbers = codes[:, :17] - 48
    year = numbers[:, 6:10] @ np.array([1000, 100, 10, 1])
    good = _known(numbers) & _date(year, numbers[:, 10:14]) & (year >= 1850) & (year <= 2099)
    if check:
        last = codes[:, 17]
        last = np.where(last == ord("x"), ord("X"), last)
        good &= last == _CHECK[(numbers @ _WEIGHTS) % 11]
    return good


def _check_old(values: pl.Series) -> npt.NDArray[np.bool_]:
    if values.len() == 0:
        return np.zeros(0, dtype=bool)
    numbers = digits.matrix(values) - 48
    year = 1900 + numbers[:, 6] * 10 + numbers[:, 7]
    return _known(numbers) & _date(year, numbers[:, 8:12])


def _known(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    known: npt.NDArray[np.bool_] = regions.code_table()[
        numbers[:, :6] @ np.array([100_000, 10_000, 1000, 100, 10, 1])
    ]
    return known


def _date(year: npt.NDArray[np.int64], rest: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    month = rest[:, 0] * 10 + rest[:, 1]
    day = rest[:, 2] * 10 + rest[:, 3]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _DAYS[np.clip(month, 0, 12)] - ((month == 2) & ~leap)
    good: npt.NDArray[np.bool_] = (month >= 1) & (month <= 12) & (day >= 1) & (day <= longest)
    return good
