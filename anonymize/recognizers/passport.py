"""Passport of China, by the formats of the exit and entry administration, and of Hong Kong and Macao.

Ordinary passport ``E12345678``, ``EA1234567`` (``E`` and a letter but I and O), older ``G12345678``, ``14``/``15`` with seven
digits and ``P1234567``; diplomatic ``D``/``DE``, service ``S``/``SE``, public affairs ``P``/``PE``, Hong Kong ``H``/``K``/``KJ``,
Macao ``M``/``MA``/``MB``. There is no check digit in the number (the one of ICAO 9303 stands in the machine-readable
zone only), so a column or a text must say what it is.

>>> PassportRecognizer().validate(pl.Series(["E12345678", "EA1234567", "EI1234567", "KJ1234567"])).to_list()
[True, True, False, True]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical

_NUMBER = (
    r"(?:E[A-HJ-NP-Z]\d{7}|[EGDSPKHM]\d{8}|P\d{7}|(?:DE|SE|PE|KJ|MA|MB)\d{7}|H[A-Z]\d{7}|K\d{8}|1[45]\d{7})"
)


class PassportRecognizer(ColumnRecognizer):
    """Format; never enough without a word that says passport or certificate."""

    ENTITY = Entity.PASSPORT
    HEADER = re.compile(r"护照|证件号|证件编号|passport|hzh|zjhm", re.I)
    TEXT = re.compile(rf"(?<![0-9A-Za-z]){_NUMBER}(?![0-9A-Za-z])", re.I)
    PREFILTER = "护照|证件|(?i:passport)"
    CONTEXT: ClassVar[tuple[str, ...]] = ("护照", "护照号", "passport")
    SCORE = 0.6

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.to_uppercase().str.contains(f"^{_NUMBER}$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        return self.validate(canonical(candidates)) & before.str.contains("(?i)护照|证件|passport")
