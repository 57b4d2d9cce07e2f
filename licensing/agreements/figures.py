"""Figures in words, for the text of an agreement."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = "零一二三四五六七八九"


def chinese_number(value: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(value, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def yuan(cents: int) -> str:
    """Cents as yuan: ``1250.50``, ``1250``."""
    return f"{cents // 100}.{cents % 100:02d}" if cents % 100 else str(cents // 100)


def percent(value: int) -> str:
    """Thousandths as per cent: ``12.5%``."""
    return f"{value // 10}.{value % 10}%" if value % 10 else f"{value // 10}%"
