"""Deadlines that notices have set; the notice names the day, no regulation does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.cases import steps
from ckanext.govdata.model import CaseEvent, Rectification
from ckanext.govdata.supervision.board.facts import OFFICE, Facts
from licensing.core.clock import china_day
from licensing.core.workdays import StatutoryCalendar, working_days_between
from licensing.ports import ADMINISTRATOR, PROVIDER

RULE: Final = "rectification.reply"
WARNED: Final = 3
"""Working days before the deadline from which the lamp is yellow."""
_DAY: Final = timedelta(days=1)
_CALENDAR: Final = StatutoryCalendar()
_ANSWERED: Final = frozenset({"replied", "closed", "revoked"})


class RectificationClocks:
    """Subjects are cases whose notice was issued; an answer, late or not, stops the clock."""

    name = "rectification"

    def changed(self, session: Any, since: datetime | None) -> Iterator[list[Facts]]:
        query = sa.select(Rectification).where(Rectification.deadline.is_not(None))
        if since is not None:
            happened = sa.select(CaseEvent.subject_id).where(
                CaseEvent.kind == "rectification", CaseEvent.at >= since
            )
            query = query.where(Rectification.id.in_(happened))
        cases = list(session.scalars(query))
        trails = steps.trails(session, "rectification", [case.id for case in cases])
        yield [_facts(case, trails[case.id]) for case in cases]


def _facts(case: Rectification, trail: list[CaseEvent]) -> Facts:
    answered = None
    if case.status in _ANSWERED:
        answered = max(event.at for event in trail if event.action in ("reply", "revoke", "settle"))
    return Facts(
        f"rectification:{case.id}", RectificationClocks.name, "rectification", case.id, RULE,
        case.organization_id or OFFICE, PROVIDER if answered is None else ADMINISTRATOR, case.issued_at,
        _warned(case.deadline), case.deadline, provisional=False, stopped_at=answered,
        late=None if answered is None else china_day(answered) > case.deadline,
    )  # fmt: skip


def _warned(deadline: date) -> date:
    """The first day from which no more than ``WARNED`` working days are left."""
    day = deadline
    while working_days_between(day - _DAY, deadline, _CALENDAR) <= WARNED:
        day -= _DAY
    return day
