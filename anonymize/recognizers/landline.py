"""Fixed-line telephone number: trunk prefix 0, area code, seven or eight digits, optional extension.

Format: ``010-12345678``, ``0571-87654321``, ``(021)12345678``, ``07551234567-801``. Area codes are 010, 02x
and 03xx–09xx as allotted. A number without area code is told only by its column. Service numbers
(``400-xxx-xxxx``, ``800-xxx-xxxx``) belong to organisations: they are no finding.

>>> LandlineRecognizer().validate(pl.Series(["0571-87654321", "(021)12345678", "0000-12345678"])).to_list()
[True, True, False]
"""

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_AREA = r"0(?:10|2[0-57-9]|3(?:1\d|35|49|5\d|7\d|9[1-68])|4(?:1[0-9]|2[17-9]|3\d|5\d|6[4-9]|7\d|8[23])|5(?:1\d|2[37]|3\d|4[36]|5\d|6[1-6]|7\d|8[0367]|9\d)|6(?:3[1-5]|6[0238]|9[12])|7(?:0[1]|1\d|2[248]|3\d|4[3-6]|5\d|6[0236-9]|7[0-9]|9\d)|8(?:1[2346-9]|2[5-7]|3\d|5\d|7\d|8[3678]|9\d)|9(?:0[1-36-9]|1\d|3\d|4[13]|5[1-5]|7\d|9\d))"  # noqa: E501
_EXTENSION = r"(?: {0,2}(?:[-,转#*]|ext\.?|分机) {0,2}\d{1,6})?"
_SERVICE = r"^[48]00[ \-]?\d{3}[ \-]?\d{4}$"
_WHOLE = rf"^(?:(?:(?:\+|00)86[ \-]?{_AREA[1:]}|[(]?{_AREA}[)]?)[ \-]{{0,2}}[1-9]\d{{2,3}}[ \-]?\d{{4}}{_EXTENSION})$"  # noqa: E501
_LOCAL = rf"^[1-9]\d{{2,3}}[ \-]?\d{{4}}{_EXTENSION}$"


class LandlineRecognizer(ColumnRecognizer):
    """Area code and length; a column of local numbers is taken only under a header that says telephone."""

    ENTITY = Entity.LANDLINE
    HEADER = re.compile(r"电话|座机|固话|固定电话|传真|热线|联系方式|\btel\b|phone|fax|lxdh", re.I)
    TEXT = re.compile(
        rf"(?<!\d)(?<!\d[.])(?:[(]?{_AREA}[)]?[ \-]{{0,2}}[1-9]\d{{2,3}}[ \-]?\d{{4}}{_EXTENSION}"
        rf"|(?<=[话机])[:为是 ]{{0,2}}[2-8]\d{{6,7}})(?!\d)(?!\.\d)"
    )
    PREFILTER = r"0\d{2,3}[)]?[ \-]{0,2}[1-9]\d{2}|[话机][:为是 ]{0,2}[2-8]\d{6}"
    CONTEXT: ClassVar[tuple[str, ...]] = ("电话", "座机", "固话", "传真")
    SCORE = 0.7

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(_WHOLE)

    def shape(self, values: pl.Series) -> pl.Series:
        """Local numbers too."""
        return values.str.contains(_WHOLE) | values.str.contains(_LOCAL)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        """What ``TEXT`` finds is already bounded by area code, by hyphens or by the word telephone."""
        return pl.repeat(True, candidates.len(), dtype=pl.Boolean, eager=True)


def service(values: pl.Series) -> pl.Series:
    """Numbers of organisations: 400 and 800, and the short ones (12345, 95598)."""
    return values.str.contains(_SERVICE) | values.str.contains(r"^(?:1[0-24-9]\d|9\d{2})\d{0,3}$")
