"""Date of birth: a date in a column that says so.

Written ``1990-03-07``, ``1990/3/7``, ``1990.03.07``, ``1990年3月7日``, ``19900307``, with or without a time of
day, or only the month (``1990-03``, ``199003``). A date has no check; the column name, or the spread of
the years in a table about persons, makes it a date of birth.

>>> DateOfBirthRecognizer().validate(pl.Series(["1990-03-07", "1990年3月7日", "19900307", "1990-13-07"])).to_list()
[True, True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_YEAR = r"(?:19|20)\d{2}"
_DATE = (
    rf"(?:{_YEAR}(?:[\-/.年] ?)(?:0?[1-9]|1[0-2])(?:(?:[\-/.月] ?)(?:(?:0?[1-9]|[12]\d|3[01])日?)?)?月?"
    rf"(?:[ T]?\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?)?|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)"
)


class DateOfBirthRecognizer(ColumnRecognizer):
    """Dates from 1900 to 2099; in a text only right after a word of birth."""

    ENTITY = Entity.DATE_OF_BIRTH
    HEADER = re.compile(r"出生|生日|诞辰|birth|dob|csrq|csny", re.I)
    TEXT = re.compile(rf"(?<!\d){_DATE}(?!\d)")
    PREFILTER = "生"
    CONTEXT: ClassVar[tuple[str, ...]] = ("出生", "生日", "出生日期", "生于")
    SCORE = 0.6

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(f"^{_DATE}$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return before.str.contains("生日|出生|生于|诞辰")


def years(values: pl.Series) -> pl.Series:
    """The year of each date as ``Int32``, null where there is none."""
    return values.str.extract(rf"^({_YEAR})", 1).cast(pl.Int32, strict=False)
