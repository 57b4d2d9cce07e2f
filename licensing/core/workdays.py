"""Working days (工作日) by the statutory Chinese calendar, with its make-up Saturdays and Sundays.

The State Council announces one year at a time. A date in a year that is not announced yet is judged
by its weekday alone and marked *provisional*; whoever holds the deadline computes it again when the
calendar arrives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

import chinese_calendar

SATURDAY = 5


class WorkdayCalendar(Protocol):
    """Whether a day is worked, and whether that is already certain."""

    def is_workday(self, day: date) -> bool: ...

    def is_announced(self, day: date) -> bool: ...


@lru_cache(maxsize=4096)
def _announced(day: date) -> bool | None:
    """Whether the announced calendar has ``day`` worked; None when its year is not announced.

    Remembered, because ``chinesecalendar`` searches all of its holidays at each question and every clock
    asks about every day of its period.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


class StatutoryCalendar:
    """The calendar that the State Council has announced, as carried by ``chinesecalendar``."""

    def is_workday(self, day: date) -> bool:
        announced = _announced(day)
        return day.weekday() < SATURDAY if announced is None else announced

    def is_announced(self, day: date) -> bool:
        return _announced(day) is not None


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day of a period; ``provisional`` when a day on the way is not announced yet."""

    day: date
    provisional: bool


def add_working_days(start: date, days: int, calendar: WorkdayCalendar) -> DueDay:
    """The day on which a period of ``days`` working days that an event on ``start`` began ends.

    The day of the event does not count (Civil Code, article 201). ``days`` of 0 is the event's own
    day when it is worked, otherwise the next working day.

    Raises:
        ValueError: ``days`` is negative.
    """
    if days < 0:
        raise ValueError("a period has no negative length")
    day, left, certain = start, days, calendar.is_announced(start)
    if days == 0:
        while not calendar.is_workday(day):
            day += timedelta(days=1)
            certain = certain and calendar.is_announced(day)
        return DueDay(day, not certain)
    while left:
        day += timedelta(days=1)
        certain = certain and calendar.is_announced(day)
        left -= calendar.is_workday(day)
    return DueDay(day, not certain)


def working_days_between(start: date, end: date, calendar: WorkdayCalendar) -> int:
    """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before."""
    if end < start:
        return -working_days_between(end, start, calendar)
    return sum(calendar.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
