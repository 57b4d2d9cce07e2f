"""Periods for reporting incidents, and the yearly drill (HBP-14, QD-19)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.model import CaseEvent, Drill, Incident, IncidentPlan
from ckanext.govdata.supervision.board.facts import OFFICE, Facts
from licensing.core.clock import china_day
from licensing.ports import ADMINISTRATOR, PROVIDER

REPORT: Final = "incident.report"
DRILL: Final = "drill.yearly"
WARNED: Final = timedelta(days=30)
YEAR: Final = timedelta(days=365)


class IncidentClocks:
    """Subjects are incidents until they are reported, and the platform's drill once there is a plan.

    The board counts by days; whether a report of today was late to the hour, its own page says too.
    """

    name = "incident"

    def changed(self, session: Any, since: datetime | None) -> Iterator[list[Facts]]:
        query = sa.select(Incident)
        if since is not None:
            happened = sa.select(CaseEvent.subject_id).where(
                CaseEvent.kind == "incident", CaseEvent.at >= since
            )
            query = query.where(Incident.id.in_(happened))
        yield [_incident(case) for case in session.scalars(query)]
        yield list(_drills(session))


def _incident(case: Incident) -> Facts:
    done = case.reported_at
    due = china_day(case.report_until)
    return Facts(
        f"incident:{case.id}", IncidentClocks.name, "incident", case.id, REPORT, case.organization_id,
        PROVIDER if case.organization_id else ADMINISTRATOR, case.found_at, due, due, provisional=False,
        stopped_at=done, late=None if done is None else done > case.report_until,
    )  # fmt: skip


def _drills(session: Any) -> Iterator[Facts]:
    """A drill is due a year after the first plan, then a year after each drill; each drill ends its clock."""
    begun = session.scalar(sa.select(sa.func.min(IncidentPlan.made_at)))
    if begun is None:
        return
    held = session.scalars(
        sa.select(Drill).where(Drill.organization_id == OFFICE).order_by(Drill.held_on, Drill.entered_at)
    )
    for number, drill in enumerate([*held, None]):
        due: date = china_day(begun) + YEAR
        stopped = None if drill is None else drill.entered_at
        yield Facts(
            f"drill:{number}", IncidentClocks.name, "drill", "office", DRILL, OFFICE, ADMINISTRATOR, begun,
            due - WARNED, due, provisional=False, stopped_at=stopped,
            late=None if drill is None else drill.held_on > due,
        )  # fmt: skip
        if drill is not None:
            begun = max(begun, drill.entered_at)
