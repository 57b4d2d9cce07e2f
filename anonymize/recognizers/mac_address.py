"""MAC address (EUI-48), IEEE 802: six octets in hexadecimal.

Written ``00-1A-2B-3C-4D-5E``, ``00:1a:2b:3c:4d:5e``, ``001a.2b3c.4d5e``; without separators it is a hexadecimal number
like any other and is taken only where a header says MAC.

>>> MacRecognizer().validate(pl.Series(["00-1A-2B-3C-4D-5E", "001a.2b3c.4d5e", "00:1A-2B:3C:4D:5E"])).to_list()
[True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_O = r"[0-9A-Fa-f]{2}"
_MAC = rf"(?:{_O}(?::{_O}){{5}}|{_O}(?:-{_O}){{5}}|[0-9A-Fa-f]{{4}}(?:\.[0-9A-Fa-f]{{4}}){{2}})"


class MacRecognizer(ColumnRecognizer):
    """Six octets with one kind of separator."""

    ENTITY = Entity.MAC
    HEADER = re.compile(r"(?<![a-z])mac(?![a-z])|物理地址|网卡地址", re.I)
    TEXT = re.compile(rf"(?<![0-9A-Za-z:.\-]){_MAC}(?![0-9A-Za-z:\-])")
    PREFILTER = r"[0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-]|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\."
    CONTEXT: ClassVar[tuple[str, ...]] = ("MAC", "物理地址", "网卡")
    SCORE = 0.85

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(f"^{_MAC}$")

    def shape(self, values: pl.Series) -> pl.Series:
        """Without separators too."""
        return values.str.contains(rf"^(?:{_MAC}|[0-9A-Fa-f]{{12}})$")
