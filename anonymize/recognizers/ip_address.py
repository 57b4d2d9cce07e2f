"""IP address: IPv4 of RFC 791 in dotted decimals, IPv6 of RFC 4291 in all its abbreviations, with or without a port.

>>> IpRecognizer().validate(pl.Series(["192.168.1.254", "256.1.1.1", "2001:db8::ff00:42:8329", "10.0.0.1:8080"])).to_list()
[True, False, True, True]

Four numbers with dots are a version or a clause as well: a column is judged by its header and by the numbers.
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_V4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_H = r"[0-9A-Fa-f]{1,4}"
_V6 = (
    rf"(?:(?:{_H}:){{7}}{_H}|(?:{_H}:){{1,7}}:|(?:{_H}:){{1,6}}:{_H}|(?:{_H}:){{1,5}}(?::{_H}){{1,2}}"
    rf"|(?:{_H}:){{1,4}}(?::{_H}){{1,3}}|(?:{_H}:){{1,3}}(?::{_H}){{1,4}}|(?:{_H}:){{1,2}}(?::{_H}){{1,5}}"
    rf"|{_H}:(?::{_H}){{1,6}}|:(?::{_H}){{1,7}}|(?:{_H}:){{6}}{_V4}|::(?:[fF]{{4}}:)?{_V4})"
)


class IpRecognizer(ColumnRecognizer):
    """Both versions; an IPv4 address in a text only where a word says so or an octet shows that it is no version."""  # noqa: E501

    ENTITY = Entity.IP
    HEADER = re.compile(r"(?<![a-z])ip(?:v[46])?(?:地址|_?addr\w*)?(?![a-z])|网络地址", re.I)
    TEXT = re.compile(rf"(?<![0-9A-Za-z.:])(?:{_V4}|{_V6})(?![0-9A-Za-z:]|\.\d)")
    PREFILTER = r"\d\.\d{1,3}\.\d{1,3}\.\d|[0-9A-Fa-f]:[0-9A-Fa-f]{0,4}:"
    CONTEXT: ClassVar[tuple[str, ...]] = ("IP", "登录", "访问", "地址")
    SCORE = 0.6

    def validate(self, values: pl.Series) -> pl.Series:
        dotted = values.str.contains(rf"^{_V4}(?::\d{{1,5}}|/\d{{1,2}})?$")
        if not values.str.contains(":", literal=True).any():
            return dotted
        return dotted | values.str.contains(rf"^(?:(?:{_V6}|::)(?:/\d{{1,3}})?|\[{_V6}\](?::\d{{1,5}})?)$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        # 3.11.0.2 may be a clause or a release; an address has an octet that those never reach.
        large = candidates.str.contains(r"(?:^|\.)(?:1\d\d|2[0-4]\d|25[0-5])(?:\.|$)")
        six = candidates.str.contains(r":.*:")
        version = before.str.contains(r"(?i)版本|version|固件|v$")
        return (before.str.contains(r"(?i)ip|登录|访问|网络地址") | large | six) & ~version
