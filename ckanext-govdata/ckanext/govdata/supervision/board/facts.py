"""What a source says of one clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol

from licensing.core.clock import Clock, Lamp
from licensing.core.workdays import WorkdayCalendar

OFFICE: Final = ""
"""The department of a clock that nobody but the platform's office answers for."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One clock: its place, who answers for it, who is waited for, and its days.

    ``department`` is an organisation's id or :data:`OFFICE`; ``holder`` a role. ``late`` is None while the
    clock is open; ``due_day`` and ``warn_day`` are None while it stands.
    """

    key: str
    source: str
    kind: str
    subject_id: str
    rule: str
    department: str
    holder: str
    started_at: datetime
    warn_day: date | None
    due_day: date | None
    provisional: bool
    stopped_at: datetime | None
    late: bool | None

    def lamp(self, today: date) -> Lamp:
        """The lamp on a day: a stopped clock keeps its answer for ever (JS-32)."""
        if self.stopped_at is not None:
            return Lamp.RED if self.late else Lamp.DONE
        if self.due_day is None:
            return Lamp.PAUSED
        if self.due_day < today:
            return Lamp.RED
        return Lamp.YELLOW if self.warn_day is not None and self.warn_day <= today else Lamp.GREEN


def of_clock(
    clock: Clock, calendar: WorkdayCalendar, *, key: str, source: str, kind: str, subject_id: str,
    department: str, holder: str,
) -> Facts:  # fmt: skip
    """The facts of a clock that its source computes."""
    due = clock.due(calendar)
    return Facts(
        key, source, kind, subject_id, clock.rule.id, department, holder, clock.started,
        clock.warns_from(calendar), due.day if due else None, bool(due and due.provisional), clock.stopped,
        None if clock.stopped is None else clock.overdue(clock.stopped, calendar),
    )  # fmt: skip


class Source(Protocol):
    """Where clocks come from."""

    name: str

    def changed(self, session: Any, since: datetime | None) -> Iterator[list[Facts]]:
        """The clocks of every subject to which something happened since then, in batches; None: all of them.

        ``session`` is the portal's.
        """
        ...
