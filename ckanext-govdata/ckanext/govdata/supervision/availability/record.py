"""The one writer of probes, their sums and outages. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.govdata.model import Outage, Probe, ProbeDay
from ckanext.govdata.supervision.availability.probing import Answer
from ckanext.govdata.supervision.availability.shares import midnight
from licensing.core.clock import china_day

KEPT: Final = timedelta(days=14)
"""Single probes are summed by day after this time."""


def write(session: Any, answers: Iterable[Answer], at: datetime) -> None:
    """The probes of one round, and what they begin, go on with or end."""
    open_now = {
        (row.way, row.organization_id, row.dataset_id): row
        for row in session.scalars(sa.select(Outage).where(Outage.ended_at.is_(None)))
    }
    for each in answers:
        way, organization, dataset = each.target.key
        session.add(
            Probe(
                at=at, way=way, organization_id=organization, dataset_id=dataset, ok=each.ok,
                status=each.status, milliseconds=each.milliseconds,
            )
        )  # fmt: skip
        running = open_now.pop(each.target.key, None)
        if each.ok:
            if running is not None:
                running.ended_at = at
        elif running is None:
            session.add(
                Outage(
                    way=way, organization_id=organization, dataset_id=dataset, began_at=at, last_at=at,
                    failures=1,
                )
            )  # fmt: skip
        else:
            running.last_at, running.failures = at, running.failures + 1
    for gone in open_now.values():
        # Not asked any more, as after a new release or a withdrawal: it was out until it was last seen so.
        gone.ended_at = gone.last_at
    session.flush()


def roll_up(session: Any, now: datetime) -> int:
    """Sum whole days of probes that are older than :data:`KEPT` and remove them; how many."""
    before = midnight(china_day(now - KEPT))
    day = sa.cast(sa.func.timezone("Asia/Shanghai", Probe.at), sa.Date)
    names = ["day", "way", "organization_id", "dataset_id"]
    columns = (day, Probe.way, Probe.organization_id, Probe.dataset_id)
    sums = sa.select(
        *columns, sa.func.count(), sa.func.count().filter(Probe.ok.is_(False)),
        sa.func.sum(Probe.milliseconds),
    ).where(Probe.at < before).group_by(*columns)  # fmt: skip
    new = insert(ProbeDay).from_select([*names, "probes", "failures", "milliseconds"], sums)
    session.execute(
        new.on_conflict_do_update(
            index_elements=names,
            set_={
                name: getattr(ProbeDay, name) + new.excluded[name]
                for name in ("probes", "failures", "milliseconds")
            },
        )
    )
    return int(session.execute(sa.delete(Probe).where(Probe.at < before)).rowcount)
