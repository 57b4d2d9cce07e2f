"""Whoever must know of a clock that ran out: its reviewers and the administrator, once for each last day.

Article: HB-26 (overdue cases go to the administrator), JS-32.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.govdata.model import BoardClock, Notice
from ckanext.govdata.model.columns import new_id
from ckanext.govdata.notices import audience
from ckanext.govdata.notices.words import OVERDUE
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, REVIEWER, SUPERVISOR
from licensing.core.clock import Lamp

MOST: Final = 500
"""Clocks of one round, so that the first round of an old platform does not hold the scheduler."""


def tell(session: Any, now: datetime) -> int:
    """Notices of clocks that turned red and of which nobody was told; how many clocks. Never commits."""
    red = list(
        session.scalars(
            sa.select(BoardClock)
            .where(
                BoardClock.stopped_at.is_(None), BoardClock.lamp == Lamp.RED.value,
                BoardClock.escalated_at.is_(None),
            )
            .order_by(BoardClock.due_day, BoardClock.key)
            .limit(MOST)
        )
    )  # fmt: skip
    people: dict[str, list[str]] = {}
    for clock in red:
        if clock.department not in people:
            people[clock.department] = sorted(_told(clock.department))
        rows = [
            {
                "id": new_id(), "event_id": f"late:{clock.key}:{clock.due_day}", "user_id": who, "at": now,
                "kind": clock.kind, "subject_id": clock.subject_id, "action": OVERDUE, "state": clock.rule,
                "mine": False,
            }
            for who in people[clock.department]
        ]  # fmt: skip
        if rows:
            session.execute(insert(Notice).values(rows).on_conflict_do_nothing())
        clock.escalated_at = now
    session.flush()
    return len(red)


def _told(department: str) -> frozenset[str]:
    reviewers = audience.holding({REVIEWER}, department) if department else frozenset[str]()
    return reviewers | audience.holding({ADMINISTRATOR, SUPERVISOR}, None)
