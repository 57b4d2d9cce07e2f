"""The worker's part: check a sheet, put a change into effect, tell how far it is. Each can be repeated.

One worker at a time holds a change (an advisory lock of its transaction); a change whose worker has died is
handed over again by the scheduler and goes on from its state: nothing of it was stored, or all of it was.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from redis.exceptions import RedisError

from ckanext.govdata.catalogue import bulk
from ckanext.govdata.catalogue.changes import apply, check, service
from ckanext.govdata.catalogue.changes.lifecycle import WORKING
from ckanext.govdata.catalogue.sheet import reading
from ckanext.govdata.model import CatalogueChange, EntryVersion
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release import failures
from licensing.core.errors import LicensingError

log = logging.getLogger(__name__)

SILENT_AFTER = timedelta(seconds=120)
"""A change in work of which nothing was heard for so long is handed over again."""
TRIES = 3
AT_ONCE = 20
AT_ONCE_BYTES = 60_000
"""So few entries, and so small a workbook, are done at once by whoever sends them, without a worker."""
_EVERY = 0.5
_table = CatalogueChange.__table__


def dispatch(session: Any, change_id: str) -> None:
    """Hand a change to the workers; call after the commit. What fails here is found by the scheduler."""
    change = service.get(session, change_id)
    if change.status not in WORKING:
        return
    if _is_small(change):
        perform(change_id)
        return
    try:
        job = tk.enqueue_job(perform, [change_id], title=f"catalogue {change_id}", rq_kwargs={"timeout": -1})
    except RedisError as error:
        log.warning("catalogue change %s: the queue does not answer: %s", change_id, type(error).__name__)
        return
    change.job_id, change.beat_at = job.id, utc_now()
    session.commit()


def _is_small(change: CatalogueChange) -> bool:
    if change.status == "received":
        return len(change.workbook or b"") <= AT_ONCE_BYTES
    return change.status == "applying" and len(change.proposal or []) <= AT_ONCE


def perform(change_id: str, watch: Callable[[str, int, int], None] | None = None) -> None:
    """Do what the state of the change asks for; ``watch`` is told how far it is, besides the record."""
    session = model.Session
    if not _held(session, change_id):
        log.info("catalogue change %s: another worker has it", change_id)
        session.rollback()
        return
    change = service.get(session, change_id)
    try:
        if change.status == "received":
            _check(session, change, watch)
        elif change.status == "applying":
            _apply(session, change)
        if change.status == "indexing":
            _index(session, change)
    except bulk.BulkIndexError:
        session.rollback()
        log.error("catalogue change %s: the index cannot be written yet", change_id)
    except Exception as error:  # noqa: BLE001 - whatever it was, the change must say so
        session.rollback()
        log.error("catalogue change %s failed: %s", change_id, failures.place_of(error))
        _fail(session, change_id, error)


def resume(session: Any) -> int:
    """Hand over again what nobody works on: the scheduler's part. Returns how many."""
    silent = sa.or_(_table.c.beat_at.is_(None), _table.c.beat_at < utc_now() - SILENT_AFTER)
    rows = session.execute(
        sa.select(_table.c.id, _table.c.failure).where(_table.c.status.in_(WORKING), silent)
    ).all()
    session.rollback()
    for change_id, failure in rows:
        tries = int((failure or {}).get("tries", 0)) + 1
        with _begin() as connection:
            connection.execute(
                sa.update(_table)
                .where(_table.c.id == change_id)
                .values(beat_at=utc_now(), failure={"tries": tries})
            )
        if tries > TRIES and _status(session, change_id) != "indexing":
            _fail(session, change_id, TimeoutError())
        else:
            dispatch(session, change_id)
    return len(rows)


def _status(session: Any, change_id: str) -> str:
    return str(session.execute(sa.select(_table.c.status).where(_table.c.id == change_id)).scalar())


def _check(
    session: Any, change: CatalogueChange, watch: Callable[[str, int, int], None] | None = None
) -> None:
    organization = model.Group.get(change.organization_id)
    compiler = service.officer_of(session, change)
    progress = _Progress(change.id, watch)
    try:
        read = reading.read(bytes(change.workbook or b""), progress)
    except LicensingError as error:
        change.failure = {"code": error.code, "zh": error.zh, "en": error.en}
        service.machine(session, change, "fail", error.code)
        session.commit()
        return
    checked = check.sheet(session, read, organization, compiler.name, progress)
    change.failure = None
    service.settle_check(session, change, checked)
    session.commit()


def _apply(session: Any, change: CatalogueChange) -> None:
    compiler = service.officer_of(session, change)
    done = apply.store(session, change, compiler, _Progress(change.id))
    change.workbook, change.failure = None, None
    service.machine(session, change, "stored")
    session.commit()
    apply.announce(done, compiler.name)


def _index(session: Any, change: CatalogueChange) -> None:
    ids = session.execute(
        sa.select(EntryVersion.dataset_id).where(EntryVersion.change_id == change.id)
    ).scalars()
    bulk.index(list(ids), _Progress(change.id))
    change = service.lock(session, change.id)
    if change.status == "indexing":
        service.machine(session, change, "indexed")
    session.commit()


def _fail(session: Any, change_id: str, error: BaseException) -> None:
    change = service.lock(session, change_id)
    if change.status not in ("received", "applying"):
        session.rollback()
        return
    if isinstance(error, bulk.BulkError):
        said = "；".join(f"{name}: {_first(about)}" for name, about in list(error.errors.items())[:5])
        change.failure = {
            "code": "refused",
            "zh": f"有 {len(error.errors)} 条目录不再符合要求：{said}",
            "en": f"{len(error.errors)} entries are no longer acceptable: {said}",
        }
    elif isinstance(error, LicensingError):
        change.failure = {"code": error.code, "zh": error.zh, "en": error.en}
    else:
        change.failure = {
            "code": "internal",
            "zh": "系统出错，没有导入任何内容。请稍后重试；若持续出现请联系平台管理员。",
            "en": "An internal error; nothing was imported. Try again, then tell the administrator.",
        }
    change.workbook = None
    service.machine(session, change, "fail", change.failure["code"])
    session.commit()


def _first(about: Any) -> str:
    messages = next(iter(about.values())) if isinstance(about, dict) and about else about
    return str(messages[0] if isinstance(messages, list) and messages else messages)


def _held(session: Any, change_id: str) -> bool:
    key = sa.func.hashtextextended("catalogue-change " + change_id, 0)
    return bool(session.execute(sa.select(sa.func.pg_try_advisory_xact_lock(key))).scalar())


def _begin() -> Any:
    return model.meta.engine.begin()


class _Progress:
    """Writes how far the work is, twice a second at most, on a connection of its own."""

    def __init__(self, change_id: str, watch: Callable[[str, int, int], None] | None = None) -> None:
        self._id, self._written, self._watch = change_id, 0.0, watch

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._watch is not None:
            self._watch(stage, done, total)
        if time.monotonic() - self._written < _EVERY and done != total:
            return
        self._written = time.monotonic()
        with _begin() as connection:
            connection.execute(
                sa.update(_table)
                .where(_table.c.id == self._id)
                .values(stage=stage, done=done, total=total, beat_at=utc_now())
            )
