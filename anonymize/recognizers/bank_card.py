"""Bank card number, ISO/IEC 7812-1 and JR/T 0008 (issuer identification numbers).

Format: 13–19 digits, the first ones naming the issuer (62 UnionPay; 4, 51–55, 2221–2720, 34, 37, 35
the international schemes; 60, 65, 68, 9x older domestic cards), the last a Luhn check digit.

Worked example, ``6222021234567890128``: from the right, every second digit doubled and its digit sum
taken; all together they give a multiple of ten.

>>> BankCardRecognizer().validate(pl.Series(["6222021234567890128", "4539 1488 0343 6467", "4539148803436468"])).to_list()
[True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import numpy as np
import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers import digits
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical

_ISSUER = re.compile(r"62|4|5[0-8]|2[2-7]|3[0-9]|6[0345789]|9[0-9]|21|18")
_COMMON = r"^(?:62|4\d|5[1-5]|35|60|65|68|9\d)\d{14,17}$"
"""Issuers whose cards people carry here. In a text fifteen digits are the number of a permit or a file: the
one issuer of such cards needs a word beside it that says card."""
_WHOLE = r"^\d[\d \-]{11,25}\d$"
_SHAPE = (
    r"^(?:62\d{14,17}|(?:4\d|5[0-8]|3[4-7]|60|65|68|9[0-9])\d{14}|9[0-9]\d{17}|4\d{18}|5\d{18}|6[0-9]\d{17})$"
)


class BankCardRecognizer(ColumnRecognizer):
    """Issuer, length and Luhn. One number in ten passes Luhn by chance, so columns are judged by share."""

    ENTITY = Entity.BANK_CARD
    HEADER = re.compile(
        r"银行卡|银行账|银行帐|卡号|账号|帐号|账户|帐户|一卡通|社保卡|bank|card_?no|card_?number|account|yhk|yhzh",
        re.I,
    )
    TEXT = re.compile(r"(?<![\dA-Za-z])(?<!\d[.])\d(?:[ \-]?\d){12,18}(?![\dA-Za-z])(?!\.\d)")
    PREFILTER = r"\d(?:[ \-]?\d){12}"
    CONTEXT: ClassVar[tuple[str, ...]] = ("银行", "卡号", "账号", "账户", "开户", "尾号")
    SCORE = 0.8

    def validate(self, values: pl.Series) -> pl.Series:
        plain = values.str.replace_all(r"[ \-]", "")
        candidate = values.str.contains(_WHOLE) & plain.str.contains(rf"^(?:{_ISSUER.pattern})\d+$")
        result = np.zeros(values.len(), dtype=bool)
        lengths = plain.str.len_bytes()
        for length in range(13, 20):
            chosen = (candidate & (lengths == length)).to_numpy()
            if chosen.any():
                result[chosen] = digits.luhn(digits.matrix(plain.filter(pl.Series(chosen))))
        return pl.Series(result, dtype=pl.Boolean)

    def shape(self, values: pl.Series) -> pl.Series:
        """Issuer and length without Luhn; worth something only under a header that says card or account."""
        return values.str.replace_all(r"[ \-]", "").str.contains(_SHAPE)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        """Luhn with a usual issuer, or any of the shape right after a word like card or account."""
        plain = canonical(candidates)
        common = plain.str.contains(_COMMON)
        named = before.str.contains("卡|账|帐|银行") & (self.shape(plain) | self.validate(plain))
        return (self.validate(plain) & common) | named
