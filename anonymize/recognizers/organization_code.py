"""Organisation code (组织机构代码), GB 11714-1997, the predecessor of the credit code and nine of its characters.

Format: eight digits or capital letters, a check character, usually with a hyphen before it. Weights 3 7 9 10 5 8 4 2;
the check is 11 minus the sum modulo 11, written ``X`` for 10 and ``0`` for 11; letters count from A = 10.

Worked example, ``D2143569-X``: 13·3 + 2·7 + 1·9 + 4·10 + 3·5 + 5·8 + 6·4 + 9·2 = 199; 199 mod 11 = 1; 11 − 1 = 10, ``X``.

>>> check_character("D2143569")
'X'
>>> OrganizationCodeRecognizer().validate(pl.Series(["D2143569-X", "D2143569X", "D2143569-1"])).to_list()
[True, True, False]

The code is public information about an organisation.
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

_FORM = r"^[0-9A-Z]{8}-?[0-9X]$"
_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])


class OrganizationCodeRecognizer(ColumnRecognizer):
    """Form and check character."""

    ENTITY = Entity.ORGANIZATION_CODE
    HEADER = re.compile(r"组织机构代码|机构代码|zzjgdm|org(?:anization)?_?code", re.I)
    TEXT = re.compile(r"(?<![0-9A-Za-z\-])[0-9A-Z]{8}-?[0-9X](?![0-9A-Za-z\-])")
    PREFILTER = r"[0-9A-Z]{8}-[0-9X]|机构代码"
    CONTEXT: ClassVar[tuple[str, ...]] = ("组织机构代码", "机构代码")
    SCORE = 0.7

    def validate(self, values: pl.Series) -> pl.Series:
        plain = values.str.to_uppercase()
        formed = plain.str.contains(_FORM)
        if not formed.any():
            return formed
        codes = digits.matrix(plain.filter(formed).str.replace("-", "", literal=True))
        numbers = np.where(codes >= 65, codes - 55, codes - 48)
        wanted = (11 - numbers[:, :8] @ _WEIGHTS % 11) % 11
        return digits.where(formed, np.where(codes[:, 8] == ord("X"), 10, codes[:, 8] - 48) == wanted)

    def shape(self, values: pl.Series) -> pl.Series:
        return values.str.to_uppercase().str.contains(_FORM)

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        plain = canonical(candidates)
        return self.validate(plain) & (
            plain.str.contains("-", literal=True) | before.str.contains("机构代码")
        )


def check_character(first8: str) -> str:
    """The check character of eight characters."""
    total = sum(int(c, 36) * int(w) for c, w in zip(first8, _WEIGHTS, strict=True))
    return "0123456789X"[(11 - total % 11) % 11]
