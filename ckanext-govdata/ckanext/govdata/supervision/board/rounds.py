"""What the portal's scheduler does for the board in each round.

The first round of a day reads every source whole: a new calendar, another rule set, and whatever a round
missed come in then. The rounds between read only what has happened since the one before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from ckanext.govdata.model import BoardState
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.pace import Every
from ckanext.govdata.supervision.board import escalation, projection
from ckanext.govdata.supervision.board.facts import Source
from ckanext.govdata.supervision.board.sources import SOURCES
from licensing.core.clock import china_day

SECONDS: Final = 3.0
"""Between two rounds: so much later than its step does a lamp change."""
OVERLAP: Final = timedelta(minutes=2)
"""A step's time is taken before it is committed: one that took this long is still read."""
_PACE: Final = Every(SECONDS)


def run(session: Any) -> int:
    """Bring the board up to date when it is time; how many clocks changed."""
    if not _PACE.due():
        return 0
    return refresh(session)


def refresh(session: Any, now: datetime | None = None, *, whole: bool = False) -> int:
    """One round; commits. 0 when another process is at it. ``whole`` reads everything, as each day begins."""
    moment = now or utc_now()
    today = china_day(moment)
    if not projection.lock(session):
        session.rollback()
        return 0
    state = session.get(BoardState, 1, populate_existing=True)
    new_day = state is None or state.day != today
    since = None if whole or new_day or state is None else state.read_until - OVERLAP
    changed = sum(_read(session, source, since, today) for source in SOURCES)
    if new_day:
        projection.turn_day(session, today)
    if state is None:
        state = BoardState(id=1)
        session.add(state)
    state.day, state.read_until = today, moment
    changed += escalation.tell(session, moment)
    session.commit()
    return changed


def _read(session: Any, source: Source, since: datetime | None, today: Any) -> int:
    changed, seen = 0, set()
    for batch in source.changed(session, since):
        changed += projection.put(session, batch, today)
        seen |= {facts.key for facts in batch}
    if since is None:
        changed += projection.forget(session, source.name, seen)
    return changed
