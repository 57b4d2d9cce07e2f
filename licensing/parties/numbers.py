"""Check characters of the numbers by which parties are known.

Unified social credit code (统一社会信用代码), GB 32100-2015: eighteen of ``0-9A-HJ-NPQRTUWXY``; weights are
the powers of 3 modulo 31 and the check is 31 minus the weighted sum modulo 31 (31 counts as 0).
Worked example, ``91350100M000100Y43``: the sum is 834, 834 mod 31 = 28, so the check is 3.

Citizen's identity number (公民身份号码), GB 11643-1999: seventeen digits with the date of birth, and
ISO 7064 MOD 11-2 as the check (``X`` is ten). Worked example, ``11010519491231002X``.

>>> is_uscc("91350100M000100Y43"), is_uscc("91350100M000100Y44")
(True, False)
>>> is_resident_id("11010519491231002X"), is_resident_id("110105194912310021")
(True, False)
"""

from __future__ import annotations

import re
from datetime import date

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(r"[1-9A-GNY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_RESIDENT = re.compile(r"[1-9][0-9]{5}(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[0-9]{3}[0-9X]")


def normal(number: str) -> str:
    """The number as it is compared: no spaces, upper case, full-width characters made half-width."""
    half = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in number)
    return "".join(half.split()).upper()


def uscc_check(first17: str) -> str:
    """The eighteenth character to the first seventeen."""
    total = sum(_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(first17))
    return _ALPHABET[-total % 31]


def is_uscc(code: str) -> bool:
    """Form and check character of a normal code."""
    return _USCC.fullmatch(code) is not None and uscc_check(code[:17]) == code[17]


def resident_check(first17: str) -> str:
    """The eighteenth character to the first seventeen digits."""
    total = sum(int(sign) * pow(2, 17 - place, 11) for place, sign in enumerate(first17))
    return "0123456789X"[(1 - total) % 11]


def is_resident_id(number: str) -> bool:
    """Form, date of birth and check character of a normal number."""
    found = _RESIDENT.fullmatch(number)
    if found is None:
        return False
    try:
        date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return False
    return resident_check(number[:17]) == number[17]
