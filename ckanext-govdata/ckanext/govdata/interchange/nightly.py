"""When the dump is due, and the job that makes it: once a night, by one worker, whatever is restarted."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata import config
from ckanext.govdata.interchange import dcat, dump, gather, signing
from ckanext.govdata.interchange.entry import Entry, moment
from ckanext.govdata.release.failures import place_of
from ckanext.govdata.storage import buckets

log = logging.getLogger(__name__)

JOB = "govdata-dump"
_LOCK = 0x676F7664  # "govd": the number of the advisory lock that only one dump holds
BATCH = 100


def is_due(made: datetime | None, now: datetime, hour: int, zone: str) -> bool:
    """Whether the dump of today's night is still to be made: ``hour`` o'clock has passed and it is older."""
    local = now.astimezone(ZoneInfo(zone))
    if local.hour < hour:
        return made is None
    tonight = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return made is None or made < tonight


def hand_over(session: Any) -> int:
    """Queue the dump when it is due and no job stands for it yet; returns 1 when it was queued."""
    index = dump.current(buckets.public())
    # A dump of an empty catalogue says nothing: the first entries get one without waiting for the night.
    made = moment(index["made"]) if index and (index["entries"] or not _any(session)) else None
    zone = str(tk.config.get("ckan.display_timezone") or "UTC")
    if not is_due(made, datetime.now(timezone.utc), config.dump_hour(), "UTC" if zone == "server" else zone):
        return 0
    session.rollback()
    try:
        if tk.job_from_id(JOB).get_status() in {"queued", "started", "deferred", "scheduled"}:
            return 0
    except KeyError:
        pass  # there is none, as on most rounds of the day
    tk.enqueue_job(perform, [], title=JOB, rq_kwargs={"job_id": JOB, "timeout": config.dump_timeout()})
    return 1


def _any(session: Any) -> bool:
    public = sa.select(model.Package.id).where(
        model.Package.state == "active", model.Package.private.is_(False), model.Package.type == "dataset"
    )
    return bool(session.execute(sa.select(public.exists())).scalar())


def perform() -> None:
    """Make the dump; a second worker that comes at the same time leaves at once."""
    session = model.Session
    connection = model.meta.engine.connect()
    try:
        if not connection.execute(sa.text("SELECT pg_try_advisory_lock(:n)"), {"n": _LOCK}).scalar():
            return
        site = gather.site()
        index = dump.make(
            lambda: _batches(session),
            lambda batch: dcat.triples(batch, site),
            site,
            buckets.public(),
            signing.keys()[0],
            datetime.now(timezone.utc),
        )
        log.info("dump: %d entries", index["entries"])
    except Exception as error:
        log.error("dump: failed: %s", place_of(error))
        raise
    finally:
        connection.close()
        session.remove()


def _batches(session: Any) -> Iterator[list[Entry]]:
    """Every public entry by its database row, so that none is missed while the search index is behind."""
    ids = list(
        session.execute(
            sa.select(model.Package.id)
            .where(
                model.Package.state == "active",
                model.Package.private.is_(False),
                model.Package.type == "dataset",
            )
            .order_by(model.Package.metadata_created, model.Package.id)
        ).scalars()
    )
    for batch in dump.in_batches(ids, BATCH):
        found = [entry for each in batch if isinstance(entry := gather.entry(each), Entry)]
        session.rollback()
        if found:
            yield found
