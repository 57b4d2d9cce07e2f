"""How much of a time each department's ways were there, out of the probes alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from ckanext.govdata.model import Outage, Probe, ProbeDay
from licensing.core.clock import CHINA, china_day


@dataclass(frozen=True, slots=True)
class Share:
    """``organization_id`` is empty for the platform's own ways; ``dataset`` an id, None for such a way.

    ``seconds_out`` is the time in which at least one of its ways was out, each moment counted once.
    """

    organization_id: str
    dataset: str | None
    probes: int
    failures: int
    seconds_out: float

    @property
    def available(self) -> float | None:
        """The share of probes that were answered, from 0 to 1; None without a probe."""
        return 1 - self.failures / self.probes if self.probes else None


def shares(session: Any, since: datetime, until: datetime) -> list[Share]:
    """Probes at or after ``since`` and before ``until``, in the order of departments and datasets.

    Older probes are known by whole days in China: of them count the days that begin in the time asked for.
    """
    probes: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    names = (Probe.organization_id, Probe.dataset_id)
    single = (
        sa.select(*names, sa.func.count(), sa.func.count().filter(Probe.ok.is_(False)))
        .where(Probe.at >= since, Probe.at < until)
        .group_by(*names)
    )
    names = (ProbeDay.organization_id, ProbeDay.dataset_id)
    first = china_day(since)
    if midnight(first) < since:
        first += timedelta(days=1)
    summed = (
        sa.select(*names, sa.func.sum(ProbeDay.probes), sa.func.sum(ProbeDay.failures))
        .where(ProbeDay.day >= first, ProbeDay.day <= china_day(until - timedelta(microseconds=1)))
        .group_by(*names)
    )
    for query in (single, summed):
        for organization, dataset, count, failed in session.execute(query):
            probes[organization, dataset][0] += int(count)
            probes[organization, dataset][1] += int(failed)
    out = _out(session, since, until)
    return [
        Share(organization, dataset or None, *probes[organization, dataset], out[organization, dataset])
        for organization, dataset in sorted({*probes, *out})
    ]


def midnight(day: date) -> datetime:
    """When a day begins in China."""
    return datetime.combine(day, time(0), CHINA)


def _out(session: Any, since: datetime, until: datetime) -> dict[tuple[str, str], float]:
    ended = sa.func.coalesce(Outage.ended_at, Outage.last_at)
    rows = session.execute(
        sa.select(Outage.organization_id, Outage.dataset_id, Outage.began_at, ended)
        .where(Outage.began_at < until, ended >= since)
        .order_by(Outage.organization_id, Outage.dataset_id, Outage.began_at)
    )
    seconds: dict[tuple[str, str], float] = defaultdict(float)
    last: dict[tuple[str, str], datetime] = {}
    for organization, dataset, began, end in rows:
        key = (organization, dataset)
        start, stop = max(began, since, last.get(key, since)), min(end, until)
        seconds[key] += max(0.0, (stop - start).total_seconds())
        last[key] = max(last.get(key, stop), stop)
    return seconds
