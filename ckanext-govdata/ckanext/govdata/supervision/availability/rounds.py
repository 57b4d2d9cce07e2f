"""The scheduler's part: ask when it is time, tell the administrator of outages that last, sum old probes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.govdata import config
from ckanext.govdata.model import Notice, Outage, Probe
from ckanext.govdata.model.columns import new_id, utc_now
from ckanext.govdata.notices import audience
from ckanext.govdata.notices.words import OVERDUE
from ckanext.govdata.release.lifecycle import ADMINISTRATOR
from ckanext.govdata.release.pace import Every
from ckanext.govdata.supervision.availability import probing, record, targets

RULE: Final = "availability.outage"
_LOCK: Final = 0x60_0C_10_CE
_LOOK: Final = Every(5.0)
_SUMS: Final = Every(3600.0)


def run(session: Any) -> int:
    """When it is time: one round of probes; how many. Commits. 0 while another process is at it."""
    period = config.availability_period()
    if not period or not _LOOK.due():
        return 0
    now = utc_now()
    last = session.scalar(sa.select(sa.func.max(Probe.at)))
    if last is not None and now - last < timedelta(seconds=period):
        session.rollback()
        return 0
    return one_round(session, now)


def one_round(session: Any, now: datetime) -> int:
    """Ask every way, write the answers, tell of what lasts too long. Commits."""
    asked = targets.all_of(session)
    session.rollback()  # no transaction stays open while others are waited for
    answers = probing.ask(targets.base_of(config.availability_address()), asked)
    if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
        session.rollback()
        return 0
    record.write(session, answers, now)
    tell(session, now)
    if _SUMS.due():
        record.roll_up(session, now)
    session.commit()
    return len(answers)


def tell(session: Any, now: datetime) -> int:
    """The administrator's notice of each outage that lasts longer than is configured, once; how many."""
    rows = list(session.scalars(lasting(config.availability_outage()).where(Outage.told_at.is_(None))))
    people = sorted(audience.holding({ADMINISTRATOR}, None)) if rows else []
    for outage in rows:
        values = [
            {
                "id": new_id(), "event_id": f"outage:{outage.id}", "user_id": who, "at": now,
                "kind": "outage", "subject_id": outage.id, "action": OVERDUE, "state": RULE, "mine": False,
            }
            for who in people
        ]  # fmt: skip
        if values:
            session.execute(insert(Notice).values(values).on_conflict_do_nothing())
        outage.told_at = now
    session.flush()
    return len(rows)


def lasting(length: timedelta) -> Any:
    """Outages that lasted at least so long, the newest first."""
    until = sa.func.coalesce(Outage.ended_at, Outage.last_at)
    return sa.select(Outage).where(until - Outage.began_at >= length).order_by(Outage.began_at.desc())
