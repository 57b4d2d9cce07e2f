"""Clocks of requests for data and of privacy complaints, read from their trails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.cases import periods, steps, timeline
from ckanext.govdata.complaints.lifecycle import COMPLAINT
from ckanext.govdata.model import CaseEvent, Complaint, Demand
from ckanext.govdata.requests.lifecycle import DEMAND
from ckanext.govdata.supervision.board.facts import OFFICE, Facts, of_clock
from licensing.core.workdays import StatutoryCalendar
from licensing.ports import ADMINISTRATOR, PROVIDER

KINDS: Final = {"demand": (Demand, DEMAND), "complaint": (Complaint, COMPLAINT)}
OF_THE_OFFICE: Final = frozenset({"demand.moderate", "demand.review", "complaint.review"})
"""Periods of the administrator; the others are the department's."""
NO_DUTY: Final = frozenset({"complaint.window"})
"""How long somebody else may appeal: nobody is late when it ends."""
BATCH: Final = 500


class CaseClocks:
    """Subjects are cases; what happened to them stands in ``govdata_case_event``."""

    name = "case"

    def changed(self, session: Any, since: datetime | None) -> Iterator[list[Facts]]:
        for kind in KINDS:
            query = sa.select(CaseEvent.subject_id).where(CaseEvent.kind == kind).distinct()
            if since is not None:
                query = query.where(CaseEvent.at >= since)
            ids = sorted(session.scalars(query))
            for begin in range(0, len(ids), BATCH):
                yield list(_of(session, kind, ids[begin : begin + BATCH]))


def _of(session: Any, kind: str, ids: list[str]) -> Iterator[Facts]:
    table, lifecycle = KINDS[kind]
    departments = dict(
        session.execute(sa.select(table.id, table.organization_id).where(table.id.in_(ids))).all()
    )
    rules, calendar = periods.rules(), StatutoryCalendar()
    for subject, trail in steps.trails(session, kind, ids).items():
        if subject not in departments:
            continue
        for rule, clock in timeline.clocks(lifecycle, trail, rules).items():
            if rule in NO_DUTY:
                continue
            office = rule in OF_THE_OFFICE or not departments[subject]
            yield of_clock(
                clock, calendar, key=f"case:{subject}:{rule}", source=CaseClocks.name, kind=kind,
                subject_id=subject, department=OFFICE if office else departments[subject],
                holder=ADMINISTRATOR if office else PROVIDER,
            )  # fmt: skip
