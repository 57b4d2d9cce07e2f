"""Driver's licence number (驾驶证证号) and file number (档案编号), order 162 of the Ministry of Public Security, GA/T 482.

Format: the licence number is the holder's resident ID; the file number has twelve digits, the first four of which name
the issuing office by the division code of its prefecture. Neither has a check of its own: a column or a text
must say what it is.

>>> DrivingLicenceRecognizer().validate(pl.Series(["330100123456", "11010519491231002X", "990100123456"])).to_list()
[True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers import digits, regions
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.resident_id import ResidentIdRecognizer

_FILE = r"^[1-6]\d{11}$"
_WORD = r"驾驶证|驾照|档案编号|档案号"


class DrivingLicenceRecognizer(ColumnRecognizer):
    """A file number of a known office, or a resident ID where a licence is spoken of."""

    ENTITY = Entity.DRIVING_LICENCE
    HEADER = re.compile(r"驾驶证|驾照|档案编号|driv\w*_?licen[cs]e|jszh|dabh", re.I)
    TEXT = re.compile(r"(?<![0-9A-Za-z])(?:[1-6]\d{16}[\dXx]|[1-6]\d{11})(?![0-9A-Za-z])")
    PREFILTER = _WORD
    CONTEXT: ClassVar[tuple[str, ...]] = ("驾驶证", "驾驶证号", "档案编号")
    SCORE = 0.6
    NEEDS_WORD = True

    def validate(self, values: pl.Series) -> pl.Series:
        return file_number(values) | ResidentIdRecognizer().validate(values)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        return self.validate(canonical(candidates)) & before.str.contains(_WORD)


def file_number(values: pl.Series) -> pl.Series:
    """Twelve digits that begin with a prefecture."""
    formed = values.str.contains(_FILE)
    if not formed.any():
        return formed
    head = digits.number(digits.matrix(values.filter(formed))[:, :4] - 48)
    return digits.where(formed, regions.prefecture_table()[head])
