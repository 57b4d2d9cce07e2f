"""Turns steps of the licensing library into notices, each once for each person.

The two databases share no transaction: a step is told after it is committed, and one that a crash left
untold is told in the next round, because what was told is on record in the same transaction as the notices.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.govdata.licensing_ports.setup import PortalSetup
from ckanext.govdata.model import Notice, NoticedEvent
from ckanext.govdata.model.columns import new_id, utc_now
from ckanext.govdata.notices import audience, words
from licensing.core.store.events import StepEvent
from licensing.http.registry import subjects
from licensing.ports import APPLICANT

OVERLAP: Final = timedelta(minutes=15)
"""A step's time is taken before it is committed: one that took this long is still told."""
REMEMBERED: Final = timedelta(days=2)
MOST: Final = 500
"""Steps of one round, so that the scheduler's other work does not wait long."""
DRAFT: Final = "draft"
"""What nobody but its maker knows of."""


def run(setup: PortalSetup) -> int:
    """Tell what has not been told; how many notices were made. Commits."""
    with setup.session() as session:
        events = _untold(session)
        made = sum(_tell(session, event) for event in events)
    horizon = utc_now() - REMEMBERED
    model.Session.execute(sa.delete(NoticedEvent).where(NoticedEvent.at < horizon))
    model.Session.commit()
    return made


def _untold(session: Any) -> list[StepEvent]:
    """Steps since the last round, oldest first. An installation without any begins with those of today."""
    last = model.Session.scalar(sa.select(sa.func.max(NoticedEvent.at)))
    since = (last - OVERLAP) if last is not None else utc_now() - REMEMBERED
    query = (
        sa.select(StepEvent.id, StepEvent.at)
        .where(StepEvent.at >= since)
        .order_by(StepEvent.at, StepEvent.id)
    )
    rows = session.execute(query).all()
    told = set(model.Session.scalars(sa.select(NoticedEvent.event_id).where(NoticedEvent.at >= since)))
    wanted = [row.id for row in rows if row.id not in told][:MOST]
    found = session.scalars(sa.select(StepEvent).where(StepEvent.id.in_(wanted))) if wanted else ()
    return sorted(found, key=lambda event: (event.at, event.id))


def _tell(session: Any, event: StepEvent) -> int:
    told = insert(NoticedEvent).values(event_id=event.id, at=event.at).on_conflict_do_nothing()
    if model.Session.execute(told).rowcount == 0:
        return 0
    kind = subjects().get(event.kind)
    if kind is None or event.kind not in words.KINDS or event.target == DRAFT:
        return 0
    if event.source == event.target and event.number > 1:
        return 0
    subject = session.get(kind.model, event.subject_id)
    if subject is None:
        return 0
    turn = audience.turn_of(event.kind, event.target)
    if getattr(subject, "platform", None):
        turn &= {APPLICANT}  # another platform holds the data and decides: nobody here is waited for
    people = audience.of(session, subject.involved(), turn)
    rows = [
        {
            "id": new_id(), "event_id": event.id, "user_id": user, "at": event.at, "kind": event.kind,
            "subject_id": event.subject_id, "action": event.action, "state": event.target,
            "mine": mine and subject.status == event.target,
        }
        for user, mine in people.items()
        if user != event.actor
    ]  # fmt: skip
    if rows:
        model.Session.execute(insert(Notice).values(rows).on_conflict_do_nothing())
    return len(rows)
