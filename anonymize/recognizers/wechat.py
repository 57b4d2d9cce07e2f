"""WeChat account (微信号), by the rule of the service: a letter, then 5–19 letters, digits, ``_`` or ``-``; ``wxid_…`` by default.

Many people's account is their telephone or QQ number. The form proves nothing: a column or a text must say
what it is.

>>> WechatRecognizer().validate(pl.Series(["zhang_san-88", "wxid_ab12cd34ef", "8zhang", "13800138000"])).to_list()
[True, True, False, True]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_ACCOUNT = r"(?:[A-Za-z][-_0-9A-Za-z]{5,19}|1[3-9]\d{9}|[1-9]\d{4,10})"
# Two letters stand in random text as well: there, letters, digits, + and / run into one another.
_SHORT = r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][+/])(?:wx|vx)"
_WORD = rf"(?:微信|weixin|wechat|{_SHORT}|薇信|V信)(?:号码?|账号|帐号|ID)?"


class WechatRecognizer(ColumnRecognizer):
    """The rule of the service, after a word that says WeChat."""

    ENTITY = Entity.WECHAT
    HEADER = re.compile(r"微信|wechat|weixin|^wx(?:h|id|_?no)?$|openid|unionid", re.I)
    TEXT = re.compile(
        rf"{_WORD}[ :：为是]{{0,3}}({_ACCOUNT})(?![0-9A-Za-z_\-])|(?<![0-9A-Za-z])(wxid_[0-9A-Za-z]{{6,20}})",
        re.I,
    )
    PREFILTER = r"(?i)微信|薇信|V信|weixin|wechat|wx|vx"
    CONTEXT: ClassVar[tuple[str, ...]] = ("微信", "微信号", "wechat")
    SCORE = 0.7
    NEEDS_WORD = True

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(rf"(?i)^(?:(?:微信号?|weixin|wechat|wx|vx)[:：_ ]?)?{_ACCOUNT}$")

    def shape(self, values: pl.Series) -> pl.Series:
        """Identifiers that the service gives programs (openid, unionid) too."""
        return self.validate(values) | values.str.contains(r"^o[0-9A-Za-z_\-]{27}$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return candidates.str.len_chars() > 0


def said(values: pl.Series) -> pl.Series:
    """Values that name the service themselves: ``微信：zhang_san``."""
    return values.str.contains(
        rf"(?i)^(?:微信号?|weixin|wechat|wx|vx)[:：_ ]?{_ACCOUNT}$|^wxid_[0-9A-Za-z]{{6,20}}$"
    )
