"""A month, a quarter or a year of China: ``2026-03``, ``2026Q1``, ``2026``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from licensing.core.clock import CHINA
from licensing.core.errors import InvalidInput

_WRITTEN = re.compile(r"(20\d\d)(?:Q([1-4])|-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """``name`` as it is written; ``first`` to ``last`` as days."""

    name: str
    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time.min, CHINA)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, CHINA)


def parse(text: str) -> Period:
    """The period of this name.

    >>> parse("2026Q1").last
    datetime.date(2026, 3, 31)

    Raises:
        InvalidInput: it is not written as a month, a quarter or a year.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise InvalidInput(
            "期间写作 2026、2026Q1 或者 2026-03。", "A period is written as 2026, 2026Q1 or 2026-03."
        )
    year, quarter, month = int(found[1]), found[2], found[3]
    first_month, months = (int(month), 1) if month else (3 * int(quarter) - 2, 3) if quarter else (1, 12)
    after = year * 12 + first_month - 1 + months
    last = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(text, date(year, first_month, 1), last)


def offered(today: date) -> list[str]:
    """What the page offers, the newest first: three years, their quarters, twelve months."""
    years = [str(today.year - ago) for ago in range(3)]
    quarters = [f"{year}Q{q}" for year in years for q in (4, 3, 2, 1)]
    number = today.year * 12 + today.month - 1
    months = [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(number, number - 12, -1)]
    return years + [each for each in quarters if parse(each).first <= today] + months
