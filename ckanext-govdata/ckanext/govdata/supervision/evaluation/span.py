"""The year that is evaluated, as days and moments in China."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from licensing.core.clock import CHINA


@dataclass(frozen=True, slots=True)
class Span:
    """``first`` to ``last`` as days; ``today`` is the day of counting: what is not due yet is not counted."""

    first: date
    last: date
    today: date

    @classmethod
    def of_year(cls, year: int, today: date) -> Span:
        return cls(date(year, 1, 1), date(year, 12, 31), today)

    def parameters(self) -> dict[str, Any]:
        """What the statements bind: ``begins`` and ``ends`` are moments, ``ends`` exclusive."""
        return {
            "first": self.first,
            "last": self.last,
            "today": self.today,
            "until": min(self.last, self.today),
            "begins": datetime.combine(self.first, time.min, CHINA),
            "ends": datetime.combine(self.last + timedelta(days=1), time.min, CHINA),
        }
