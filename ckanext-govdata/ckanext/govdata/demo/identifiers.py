"""Made-up identifiers with right check digits, so that detection meets what real files hold."""

from __future__ import annotations

import random
from datetime import date

from ckanext.govdata.catalogue import uscc

# Divisions whose codes stand in identity cards of the demonstration; real codes, so that they are accepted.
REGIONS = ("140105", "140106", "140107", "140221", "140581", "320681", "370481", "420106", "610113", "410105")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
MOBILE_PREFIXES = (
    "130",
    "132",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "155",
    "158",
    "176",
    "180",
    "186",
)
BANK_PREFIXES = ("621700", "622848", "621226", "623052", "621098")
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def resident_id(dice: random.Random, born: date, *, female: bool) -> str:
    """An 18-character resident identity number (GB 11643-1999) of a person born on that day."""
    sequence = dice.randrange(0, 500) * 2 + (0 if female else 1)
    body = f"{dice.choice(REGIONS)}{born:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECKS[total % 11]


def mobile(dice: random.Random) -> str:
    """An 11-digit mobile number."""
    return dice.choice(MOBILE_PREFIXES) + f"{dice.randrange(10**8):08d}"


def bank_card(dice: random.Random) -> str:
    """A 19-digit bank card number with a right Luhn digit (ISO/IEC 7812-1)."""
    body = dice.choice(BANK_PREFIXES) + f"{dice.randrange(10**12):012d}"
    return body + luhn_digit(body)


def luhn_digit(body: str) -> str:
    """The Luhn check digit for ``body``."""
    total = 0
    for place, char in enumerate(reversed(body)):
        digit = int(char) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def credit_code(dice: random.Random) -> str:
    """A unified social credit code (GB 32100-2015) of an enterprise."""
    alphabet = uscc.ALPHABET
    body = "91" + dice.choice(REGIONS) + "MA" + "".join(dice.choice(alphabet) for _ in range(7))
    return body + uscc.check_character(body)


def plate(dice: random.Random) -> str:
    """A number plate of the demonstration city (the letters of Shanxi, city K)."""
    return "晋K" + dice.choice(PLATE_LETTERS) + f"{dice.randrange(10**4):04d}"
