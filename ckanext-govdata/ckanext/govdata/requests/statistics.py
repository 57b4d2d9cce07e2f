"""How requests are answered: by department, in time or not, and by which law they are refused.

Article: HB-26 (periodic public statistics).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import periods, steps, timeline
from ckanext.govdata.model import Demand
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.requests.lifecycle import DEMAND, PUBLIC
from licensing.core.clock import Clock, china_day
from licensing.core.workdays import StatutoryCalendar, working_days_between

RULE = "demand.answer"
_CALENDAR = StatutoryCalendar()


@dataclass
class Tally:
    """Sums of one department, or of all: counts, and working days from publication to the answer."""

    asked: int = 0
    answered: int = 0
    in_time: int = 0
    overdue: int = 0
    days: list[int] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """``median_days`` is None while nothing is answered."""
        return {
            "asked": self.asked,
            "answered": self.answered,
            "in_time": self.in_time,
            "overdue": self.overdue,
            "median_days": median(self.days) if self.days else None,
        }

    def add(self, clock: Clock | None) -> None:
        self.asked += 1
        if clock is None:
            return
        late = clock.overdue(utc_now(), _CALENDAR)
        if clock.stopped is None:
            self.overdue += late
            return
        self.answered += 1
        self.in_time += not late
        self.days.append(working_days_between(china_day(clock.started), china_day(clock.stopped), _CALENDAR))


def gather(session: Any) -> dict[str, Any]:
    """``{total, states, refusals, departments: [{name, title, …}]}`` over everything that is public."""
    rows: Sequence[Any] = session.execute(
        sa.select(Demand.id, Demand.status, Demand.organization_id, Demand.basis).where(
            Demand.status.in_(PUBLIC)
        )
    ).all()
    trails = steps.trails(session, DEMAND.name, [row.id for row in rows])
    total, by_department = Tally(), {}
    for row in rows:
        clock = timeline.clocks(DEMAND, trails[row.id], periods.rules()).get(RULE)
        total.add(clock)
        by_department.setdefault(row.organization_id, Tally()).add(clock)
    titles = {
        row.id: (row.name, row.title)
        for row in session.execute(
            sa.select(model.Group.id, model.Group.name, model.Group.title).where(
                model.Group.id.in_(by_department.keys())
            )
        )
    }
    return {
        "total": total.document(),
        "states": dict(Counter(row.status for row in rows)),
        "refusals": dict(Counter(row.basis for row in rows if row.basis)),
        "departments": sorted(
            (
                {"name": titles[key][0], "title": titles[key][1], **tally.document()}
                for key, tally in by_department.items()
                if key in titles
            ),
            key=lambda one: (-one["asked"], one["title"]),
        ),
    }
