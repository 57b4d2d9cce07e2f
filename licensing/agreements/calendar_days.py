"""Days of an agreement: whole days in China, the first and the last included."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from licensing.core.clock import CHINA

MAX_YEARS = 5
"""The longest term of one agreement (发改数据规〔2025〕27号)."""


def years_later(day: date, years: int) -> date:
    """The same day ``years`` later; the last day of February for 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def longest(first_day: date, years: int = MAX_YEARS) -> date:
    """The last day that a term beginning on ``first_day`` may have."""
    return years_later(first_day, years) - timedelta(days=1)


def begins(day: date) -> datetime:
    """The moment at which a day begins in China."""
    return datetime.combine(day, time(), CHINA)


def china_day(moment: datetime) -> date:
    """The day in China of a moment (aware)."""
    return moment.astimezone(CHINA).date()


def chinese(day: date) -> str:
    """``2026年3月2日``, as official documents write it (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
