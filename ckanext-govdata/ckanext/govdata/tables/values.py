"""What a reader typed, as a value of a column's type; days may be years or months.

Full-width digits and thousands separators are read as people mean them.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from ckanext.govdata.tables.errors import BadQuestion
from ckanext.govdata.tables.shape import Column

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?")
_TRUE = frozenset({"true", "t", "1", "是", "yes", "y", "真"})
_FALSE = frozenset({"false", "f", "0", "否", "no", "n", "假"})
_LARGEST = Decimal(10) ** 60


def plain(text: str) -> str:
    """``text`` with full-width forms made ordinary and outer blanks removed."""
    return unicodedata.normalize("NFKC", text).strip()


def number(column: Column, text: str) -> Decimal:
    """A finite number. Raises BadQuestion."""
    try:
        value = Decimal(plain(text).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > _LARGEST:
        raise _unreadable(column, text, "数字", "a number")
    return value


def truth(column: Column, text: str) -> bool:
    """Yes or no. Raises BadQuestion."""
    word = plain(text).lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise _unreadable(column, text, "“是”或“否”", "yes or no")


def period(column: Column, text: str) -> tuple[datetime, datetime]:
    """First moment, and first moment after it: of a year, a month, a day, a minute or a second.

    >>> from ckanext.govdata.tables.shape import Column
    >>> day = Column("d", "d", "date", "", "day")
    >>> [f"{moment:%F}" for moment in period(day, "2024年2月")]
    ['2024-02-01', '2024-03-01']
    """
    written = plain(text)
    try:
        if found := _DAY.fullmatch(written):
            return _span(*(int(part) if part else None for part in found.groups()))
        start = datetime.fromisoformat(written.replace("/", "-").replace("Z", "+00:00")).replace(tzinfo=None)
        return start, start + timedelta(minutes=1) if len(written) <= 16 else start + timedelta(seconds=1)
    except (ValueError, OverflowError):
        raise _unreadable(
            column, text, "日期，如 2024、2024-03 或 2024-03-01", "a day such as 2024-03-01"
        ) from None


def _span(year: int | None, month: int | None, day: int | None) -> tuple[datetime, datetime]:
    first = date(year or 1, month or 1, day or 1)
    if day:
        after = first + timedelta(days=1)
    elif month:
        after = date(first.year + (month == 12), month % 12 + 1, 1)
    else:
        after = date(first.year + 1, 1, 1)
    midnight = datetime.min.time()
    return datetime.combine(first, midnight), datetime.combine(after, midnight)


def _unreadable(column: Column, text: str, zh: str, en: str) -> BadQuestion:
    return BadQuestion(
        "字段“{column}”的条件“{text}”不是{wanted_zh}。",
        "“{text}” for the column “{column}” is not {wanted_en}.",
        column=column.label,
        text=text[:40],
        wanted_zh=zh,
        wanted_en=en,
    )
