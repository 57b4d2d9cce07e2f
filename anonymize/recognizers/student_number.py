"""Student record number (学籍号), Ministry of Education, measures for pupils' records of 2013 (教基一〔2013〕7号).

Format: ``G`` and the pupil's resident ID; ``L`` and an ID for records opened provisionally; numbers of universities (学号), of
examinations (考生号, 准考证号) are letters and digits as the school likes. Only the embedded ID can be checked.

>>> StudentNumberRecognizer().validate(pl.Series(["G11010519491231002X", "L11010519491231002X", "G12345678"])).to_list()
[True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical, compact
from anonymize.recognizers.resident_id import ResidentIdRecognizer

_FORM = r"^[GLJglj][1-9]\d{16}[\dXx]$"


class StudentNumberRecognizer(ColumnRecognizer):
    """A letter and a valid resident ID."""

    ENTITY = Entity.STUDENT_NUMBER
    HEADER = re.compile(
        r"学籍|学号|考生号|考籍|准考证|学生(?:编)?[号码]|考号|student_?(?:id|no|num|code)|xjh|zkzh|^xh$", re.I
    )
    TEXT = re.compile(r"(?<![0-9A-Za-z])[GLJglj][1-9]\d{16}[\dXx](?![0-9A-Za-z])")
    PREFILTER = r"[GLJglj][1-9]\d{16}"
    CONTEXT: ClassVar[tuple[str, ...]] = ("学籍号", "学号", "考生号")
    SCORE = 0.95

    def validate(self, values: pl.Series) -> pl.Series:
        plain = compact(values)
        formed = plain.str.contains(_FORM)
        if not formed.any():
            return formed
        inner = ResidentIdRecognizer().validate(plain.filter(formed).str.slice(1))
        return formed.clone().scatter(formed.arg_true(), inner)

    def shape(self, values: pl.Series) -> pl.Series:
        """Any number of a school, worth something only under a header that says student."""
        return values.str.contains(r"^[A-Za-z]{0,4}\d[0-9A-Za-z_\-]{4,22}$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return canonical(candidates).str.contains(_FORM)
