"""Coordinates that name a place to some ten metres or better: longitude and latitude with four or more decimals.

A degree of latitude is 111 km, so the fourth decimal is 11 m; GB/T 35273-2020 annex B counts precise location among
sensitive personal information. Forms: decimal degrees (CGCS2000, GCJ-02 and BD-09 look alike), degrees with
minutes and seconds, pairs with a comma or blank, WKT points. China lies between 73–136° E and 3–54° N.

>>> CoordinatesRecognizer().validate(pl.Series(["116.397128,39.916527", "POINT(116.3971 39.9165)", "116°23′50″"])).to_list()
[True, True, True]
>>> CoordinatesRecognizer().validate(pl.Series(["116.397128", "39.9165", "116.39", "216.397128"])).to_list()
[True, True, False, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_LON = r"(?:7[3-9]|[89]\d|1[0-2]\d|13[0-6])\.\d{4,}"
_LAT = r"(?:[3-9]|[1-4]\d|5[0-4])\.\d{4,}"
_GAP = r" ?[,，;；/ ] ?"
_DMS = r"\d{1,3}[°度] ?\d{1,2}[′'分](?: ?\d{1,2}(?:\.\d+)?(?:[″\"秒]|''|′′))?"
_SIDE = r"(?:[ °]?[NSEWnsew]|[东西南北]经|[东西南北]纬)?"
_PAIR = rf"(?:{_LON}°?{_GAP}{_LAT}°?|{_LAT}°?{_GAP}{_LON}°?)"


class CoordinatesRecognizer(ColumnRecognizer):
    """Ranges of China and four decimals; a single number is a coordinate only beside words or its counterpart."""  # noqa: E501

    ENTITY = Entity.COORDINATES
    HEADER = re.compile(
        r"经度|纬度|经纬|坐标|定位|(?<![a-z])(?:lng|lon|lat|longitude|latitude|coord\w*|gps|geom|location)(?![a-z])"
        r"|^[xy]坐标$|^jd$|^wd$",
        re.I,
    )
    LONGITUDE: ClassVar[str] = rf"^{_SIDE}{_LON}{_SIDE}$"
    LATITUDE: ClassVar[str] = rf"^{_SIDE}{_LAT}{_SIDE}$"
    TEXT = re.compile(rf"(?<![\d.]){_PAIR}(?![\d.])|{_DMS}{_GAP}?{_SIDE}{_DMS}")
    PREFILTER = rf"\d\.\d{{4,}}°?{_GAP}\d+\.\d{{4}}|\d[°度] ?\d{{1,2}}[′'分]"
    CONTEXT: ClassVar[tuple[str, ...]] = ("坐标", "经纬度", "定位", "位置")
    SCORE = 0.6

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(rf"^(?:{_SIDE}(?:{_LON}|{_LAT}){_SIDE}|{_SIDE}{_DMS}{_SIDE})$") | pairs(
            values
        )

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return candidates.str.len_chars() > 0


def pairs(values: pl.Series) -> pl.Series:
    """Values that hold longitude and latitude together: nothing else looks like that."""
    return values.str.contains(
        rf"^(?:[\[(（]?{_PAIR}[\])）]?|(?i:POINT) ?Z? ?\([ ]?{_PAIR}.*\)|{_SIDE}{_DMS}{_GAP}?{_SIDE}{_DMS}{_SIDE}"  # noqa: E501
        rf"|\{{.*(?i:lng|lon).*{_LON}.*\}})$"
    )
