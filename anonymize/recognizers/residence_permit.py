"""Residence permit for residents of Hong Kong, Macao and Taiwan (港澳台居民居住证), State Council order of 2018.

Format: eighteen characters as a resident ID (GB 11643-1999): ``810000`` for Hong Kong, ``820000`` for Macao,
``830000`` for Taiwan, eight digits of the date of birth, three of sequence, the check character of
ISO 7064 MOD 11-2.

Worked example: ``81000019920513002`` has the weighted sum 144 and 144 mod 11 = 1, so the check is ``0``.

>>> from anonymize.recognizers.digits import mod11_2_character
>>> mod11_2_character("81000019920513002")
'0'
>>> ResidencePermitRecognizer().validate(pl.Series(["810000199205130020", "840000199205130020"])).to_list()
[True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import numpy as np
import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers import digits
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical, compact

_FORM = r"^8[123]0000\d{11}[\dXx]$"


class ResidencePermitRecognizer(ColumnRecognizer):
    """Region 81, 82 or 83, date and check character."""

    ENTITY = Entity.RESIDENCE_PERMIT
    HEADER = re.compile(r"居住证|港澳台居民|residence_?permit|jzz", re.I)
    TEXT = re.compile(r"(?<![0-9A-Za-z])8[123]0000(?:[ \-]{0,2}\d){11}[ \-]{0,2}[\dXx](?![0-9A-Za-z])")
    PREFILTER = r"8[123]0000"
    CONTEXT: ClassVar[tuple[str, ...]] = ("居住证", "港澳台居民居住证", "证件号码")
    SCORE = 0.95

    def validate(self, values: pl.Series) -> pl.Series:
        return self._dated(values, check=True)

    def shape(self, values: pl.Series) -> pl.Series:
        """Region and date hold, the check character may not."""
        return self._dated(values, check=False)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return self.shape(canonical(candidates))

    @staticmethod
    def _dated(values: pl.Series, *, check: bool) -> pl.Series:
        formed = values.str.contains(r"^8[123]")
        if not formed.any():
            return formed
        plain = compact(values)
        formed = plain.str.contains(_FORM)
        _, good = digits.dated18(plain.filter(formed), check=check)
        return digits.where(formed, np.asarray(good))
