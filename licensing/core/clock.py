"""Statutory clocks (法定时限): due day, pause for a supplement, lamp.

The platform's own record is the time (HB-22): a clock takes aware datetimes and judges them by the
calendar day in China. A clock is a value; whoever stores it stores its four facts (rule, start,
pauses, stop) and computes the rest, so that an announced calendar or another rule set changes every
due day at once and nothing has to be migrated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from licensing.core.errors import Conflict
from licensing.core.rules import ClockRule
from licensing.core.workdays import DueDay, WorkdayCalendar, add_working_days, working_days_between

CHINA = ZoneInfo("Asia/Shanghai")


class Lamp(str, Enum):
    """Electronic supervision (电子监察, JS-32); ``PAUSED`` and ``DONE`` are no alarm."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch during which the clock stands, e.g. for a supplement (补正); ``until`` is open at first."""

    since: datetime
    until: datetime | None = None


def china_day(moment: datetime) -> date:
    """The calendar day in China of an aware datetime; a naive one is refused."""
    if moment.tzinfo is None:
        raise ValueError("a clock needs an aware datetime")
    return moment.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Clock:
    """One running, standing or stopped period."""

    rule: ClockRule
    started: datetime
    pauses: tuple[Pause, ...] = field(default=())
    stopped: datetime | None = None

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].until is None

    def pause(self, at: datetime) -> Clock:
        self._refuse_unless(self.stopped is None and not self.paused and at >= self.latest)
        return replace(self, pauses=(*self.pauses, Pause(at)))

    def resume(self, at: datetime) -> Clock:
        self._refuse_unless(self.paused and self.stopped is None and at >= self.pauses[-1].since)
        return replace(self, pauses=(*self.pauses[:-1], Pause(self.pauses[-1].since, at)))

    def stop(self, at: datetime) -> Clock:
        self._refuse_unless(self.stopped is None and not self.paused and at >= self.latest)
        return replace(self, stopped=at)

    def under(self, rule: ClockRule) -> Clock:
        """The same facts under another rule: the what-if of a changed rule set."""
        return replace(self, rule=rule)

    def due(self, calendar: WorkdayCalendar) -> DueDay | None:
        """The last day on which the answer is in time; None while the clock stands.

        The days that a pause takes are those after its first day up to and including its last, so a
        pause and its end on one day take nothing. A pause that began after the due day changes nothing.
        """
        day, left, certain = china_day(self.started), self.rule.days, True
        for pause in self.pauses:
            paused_on = china_day(pause.since)
            used = self._count(day, paused_on, calendar)
            if used > left:
                break
            if pause.until is None:
                return None
            certain = certain and calendar.is_announced(paused_on)
            day, left = china_day(pause.until), left - used
        end = self._add(day, left, calendar)
        return DueDay(end.day, end.provisional or not certain)

    def days_left(self, now: datetime, calendar: WorkdayCalendar) -> int | None:
        """Days of the rule's calendar until the due day: 0 on it, negative after it, None while standing."""
        due = self.due(calendar)
        if due is None:
            return None
        return self._count(china_day(self.stopped or now), due.day, calendar)

    def overdue(self, now: datetime, calendar: WorkdayCalendar) -> bool:
        """Whether the due day has passed; a stopped clock keeps its answer for ever."""
        due = self.due(calendar)
        return due is not None and china_day(self.stopped or now) > due.day

    def warns_from(self, calendar: WorkdayCalendar) -> date | None:
        """The first day on which the lamp is yellow, not before the first day; None while standing."""
        due = self.due(calendar)
        if due is None:
            return None
        day, left = due.day, self.rule.warn_before
        first = min(china_day(self.started), due.day)
        while day > first:
            # A day of rest before a working day is as many working days away from the due day.
            left -= self._count(day - timedelta(days=1), day, calendar)
            if left < 0:
                break
            day -= timedelta(days=1)
        return day

    def lamp(self, now: datetime, calendar: WorkdayCalendar) -> Lamp:
        if self.overdue(now, calendar):
            return Lamp.RED
        if self.stopped is not None:
            return Lamp.DONE
        left = self.days_left(now, calendar)
        if left is None:
            return Lamp.PAUSED
        return Lamp.YELLOW if left <= self.rule.warn_before else Lamp.GREEN

    @property
    def latest(self) -> datetime:
        """The last moment that the clock knows of; nothing can happen to it before."""
        last = self.pauses[-1] if self.pauses else None
        return self.started if last is None else last.until or last.since

    def _add(self, day: date, days: int, calendar: WorkdayCalendar) -> DueDay:
        if self.rule.calendar == "working":
            return add_working_days(day, days, calendar)
        return DueDay(day + timedelta(days=days), provisional=False)

    def _count(self, start: date, end: date, calendar: WorkdayCalendar) -> int:
        if self.rule.calendar == "working":
            return working_days_between(start, end, calendar)
        return (end - start).days

    def _refuse_unless(self, possible: bool) -> None:
        if not possible:
            raise Conflict(
                "时限“{id}”当前状态下不能这样操作。",
                'Clock "{id}" cannot do this in its present state.',
                id=self.rule.id,
            )
