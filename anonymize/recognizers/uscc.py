"""Unified social credit code (统一社会信用代码), GB 32100-2015.

Format: 18 characters of ``0-9A-HJ-NPQRTUWXY``: registering department, kind of organisation, six digits
of division, nine characters of organisation code (GB 11714), one check character: weights are the
powers of 3 modulo 31, the check is 31 minus the sum modulo 31 (31 counts as 0).

Worked example, ``91350100M000100Y43``: the weighted sum of the first seventeen is 834 and
834 mod 31 = 28, so the check is 3.

The code of an enterprise is public information. Codes that begin with 92 are those of individual
businesses, one natural person each.

>>> check_character("91350100M000100Y4")
'3'
>>> UsccRecognizer().validate(pl.Series(["91350100M000100Y43", "91350100M000100Y44"])).to_list()
[True, False]
"""

from __future__ import annotations

import re
from typing import ClassVar

import numpy as np
import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers import digits
from anonymize.recognizers.base import ColumnRecognizer

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)])
_VALUE = np.full(128, -1, dtype=np.int64)
_VALUE[[ord(c) for c in ALPHABET]] = np.arange(31)
_FORM = r"^[1-9A-GNY][0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$"


class UsccRecognizer(ColumnRecognizer):
    """Alphabet, form and check character."""

    ENTITY = Entity.USCC
    HEADER = re.compile(r"统一社会信用|信用代码|社会信用|uscc|credit_?code|tyshxydm", re.I)
    TEXT = re.compile(
        r"(?<![0-9A-Za-z])[1-9A-GNYa-gny][0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]\d{6}"
        r"[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{10}(?![0-9A-Za-z])"
    )
    PREFILTER = r"[0-9A-Za-z]{2}\d{6}[0-9A-Za-z]{10}"
    CONTEXT: ClassVar[tuple[str, ...]] = ("统一社会信用代码", "信用代码")
    SCORE = 0.9

    def validate(self, values: pl.Series) -> pl.Series:
        plain = values.str.to_uppercase()
        formed = plain.str.contains(_FORM)
        chosen = plain.filter(formed)
        if chosen.len() == 0:
            return formed
        numbers = _VALUE[digits.matrix(chosen)]
        expected = (31 - (numbers[:, :17] @ _WEIGHTS) % 31) % 31
        return digits.where(formed, numbers[:, 17] == expected)

    def shape(self, values: pl.Series) -> pl.Series:
        return values.str.to_uppercase().str.contains(_FORM)


def check_character(first17: str) -> str:
    """The check character of the first seventeen characters."""
    total = sum(ALPHABET.index(c) * int(w) for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]
