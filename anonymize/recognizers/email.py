"""E-mail address, the part of RFC 5322 that mail services accept, with a domain of RFC 1035 form.

>>> EmailRecognizer().validate(pl.Series(["zhang.san@example.cn", "zhang.san@example"])).to_list()
[True, False]
"""

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_ADDRESS = r"[A-Za-z0-9](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_\-])?@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,18}"  # noqa: E501


class EmailRecognizer(ColumnRecognizer):
    """``zhang.san@example.cn``; spaces around the sign, as typists leave them, are forgiven."""

    ENTITY = Entity.EMAIL
    HEADER = re.compile(r"邮箱|电子邮件|邮件地址|e-?mail|mail|yx$", re.I)
    TEXT = re.compile(_ADDRESS.replace("@", " ?@ ?"))
    PREFILTER = "@"
    CONTEXT: ClassVar[tuple[str, ...]] = ("邮箱", "电子邮件", "email")
    SCORE = 0.95

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.replace_all(" ", "").str.contains(f"^(?:mailto:)?{_ADDRESS}$")
