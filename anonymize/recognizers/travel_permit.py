"""Travel permits between the mainland and Hong Kong, Macao and Taiwan, National Immigration Administration.

Formats: mainland permit of Hong Kong and Macao residents (回乡证) ``H`` or ``M`` with eight digits, on older cards
with two more for the renewal; permit to Hong Kong and Macao ``C`` with eight digits or a letter and seven,
older ``W`` with eight; permit to Taiwan ``L`` with eight, older ``T`` with eight; mainland permit of Taiwan residents
(台胞证) eight digits, on older cards ten digits and a letter. No number has a check digit, so a column or
a text must say what it is.

>>> TravelPermitRecognizer().validate(pl.Series(["H12345678", "M1234567890", "C12345678", "CA1234567"])).to_list()
[True, True, True, True]
>>> TravelPermitRecognizer().validate(pl.Series(["12345678", "L12345678", "Q12345678"])).to_list()
[True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical

_LETTERED = r"(?:[HM]\d{8}(?:\d{2})?|C[A-HJ-NP-Z]?\d{7}|[CWTL]\d{8})"
_TAIWAN = r"(?:\d{8}|\d{10}[A-Z])"
_WORD = r"通行证|回乡证|台胞证|来往|往来|证件"


class TravelPermitRecognizer(ColumnRecognizer):
    """Format; never enough without a word that says permit."""

    ENTITY = Entity.TRAVEL_PERMIT
    HEADER = re.compile(
        r"通行证|回乡证|台胞证|港澳证|往来港澳|往来台湾|证件号|证件编号|travel_?permit|txz|zjhm", re.I
    )
    TEXT = re.compile(rf"(?<![0-9A-Za-z])(?:{_LETTERED}|{_TAIWAN})(?![0-9A-Za-z])", re.I)
    PREFILTER = _WORD
    CONTEXT: ClassVar[tuple[str, ...]] = ("通行证", "回乡证", "台胞证", "往来港澳")
    SCORE = 0.6

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.to_uppercase().str.contains(f"^(?:{_LETTERED}|{_TAIWAN})$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        plain = canonical(candidates)
        lettered = plain.str.to_uppercase().str.contains(f"^{_LETTERED}$")
        return (lettered & before.str.contains(_WORD)) | (
            self.validate(plain) & before.str.contains("通行证|回乡证|台胞证")
        )


def lettered(values: pl.Series) -> pl.Series:
    """Numbers that begin with a letter of a permit; eight digits alone may be anything."""
    return values.str.to_uppercase().str.contains(f"^{_LETTERED}$")
