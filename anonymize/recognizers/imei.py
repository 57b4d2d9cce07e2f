"""International mobile equipment identity (IMEI), 3GPP TS 23.003.

Format: eight digits of type allocation (the first two name the reporting body: 35, 86, 01, 99 …), six of serial number,
a Luhn check digit; in groups 2-6-6-1 on packages.

Worked example, ``490154203237518``: from the right, every second digit doubled and its digit sum taken, the
total is 60.

>>> ImeiRecognizer().validate(pl.Series(["490154203237518", "49-015420-323751-8", "490154203237519"])).to_list()
[True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers import digits
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical, compact

_FORM = r"^(?:01|10|3[035]|4[459]|5[0-4]|86|9[189])\d{13}$"


class ImeiRecognizer(ColumnRecognizer):
    """Reporting body and Luhn; one number in ten passes by chance, so columns are judged by share."""

    ENTITY = Entity.IMEI
    HEADER = re.compile(r"imei|手机串号|串号|设备识别码", re.I)
    TEXT = re.compile(r"(?<![0-9A-Za-z])\d(?:[ \-]?\d){14}(?![0-9A-Za-z])")
    PREFILTER = r"(?i)imei|串号|识别码"
    CONTEXT: ClassVar[tuple[str, ...]] = ("IMEI", "串号", "设备识别码")
    SCORE = 0.8

    def validate(self, values: pl.Series) -> pl.Series:
        plain = compact(values)
        formed = plain.str.contains(_FORM)
        return (
            digits.where(formed, digits.luhn(digits.matrix(plain.filter(formed)))) if formed.any() else formed
        )

    def shape(self, values: pl.Series) -> pl.Series:
        """Fifteen digits of a reporting body whose check digit may be wrong or cut off (IMEISV)."""
        return compact(values).str.contains(_FORM)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        return self.shape(canonical(candidates)) & before.str.contains(r"(?i)imei|串号|识别码")
