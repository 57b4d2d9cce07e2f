"""Leases: how a worker holds a release, how its progress is seen, how its death is noticed.

A worker claims queued work with the token it was given, renews its lease from a thread of its own and
writes the outcome only while the token is still the one on record. Time is the database's, so that
clocks of machines need not agree.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from ckanext.govdata import config
from ckanext.govdata.model import Release, ReleaseWork
from ckanext.govdata.model.columns import new_id, utc_now
from ckanext.govdata.release.errors import LeaseLost

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]

PROGRESS_INTERVAL = 0.5
"""Seconds between two writes of progress: pages poll about once a second."""
RENEWALS_PER_LEASE = 5
LOCK_MILLISECONDS = 400

_table = ReleaseWork.__table__


@dataclass(frozen=True, slots=True)
class Claim:
    """Work in hand: which release, under which token, of which kind (scan, run, publish)."""

    release_id: str
    token: str
    kind: str


def queue(session: Any, release: Release, kind: str, stage: str) -> None:
    """Record that ``release`` waits for a worker; :func:`dispatch` after the commit hands it over."""
    held = session.get(ReleaseWork, release.id)
    if held is None:
        held = ReleaseWork(release_id=release.id)
        session.add(held)
    held.token, held.kind, held.stage = new_id(), kind, stage
    held.lost, held.done, held.total, held.rows_per_second = 0, 0, 0, None
    held.job_id, held.lease_until = None, None
    held.queued_at = held.updated_at = utc_now()


def requeue(held: ReleaseWork) -> None:
    """Give lost work a new token, so that the worker that lost it can write nothing any more."""
    held.token, held.lost = new_id(), held.lost + 1
    held.job_id, held.lease_until = None, None
    held.queued_at = held.updated_at = utc_now()


def dispatch(session: Any, release_id: str) -> None:
    """Hand queued work to the workers; call after the commit that queued it.

    When this fails or the process dies first, the scheduler finds work without a job and calls it again.
    """
    held = session.get(ReleaseWork, release_id, populate_existing=True)
    if held is None or held.lease_until is not None:
        return
    from ckanext.govdata.release.jobs import perform

    title = f"{held.kind} {release_id}"
    try:
        # No time limit of the queue's own: the lease is what tells a dead worker from a slow one.
        job = tk.enqueue_job(perform, [release_id, held.token], title=title, rq_kwargs={"timeout": -1})
    except RedisError as error:
        # The step itself is committed and stays so; the scheduler tries again.
        log.warning("release %s: the queue does not answer: %s", release_id, type(error).__name__)
        return
    held.job_id = job.id
    session.commit()


def claim(release_id: str, token: str) -> Claim | None:
    """Take queued work; None when it was taken, finished or cancelled meanwhile."""
    until = sa.func.now() + config.lease()
    with _begin() as connection:
        kind = connection.execute(
            sa.update(_table)
            .where(_table.c.release_id == release_id, _table.c.token == token, _table.c.lease_until.is_(None))
            .values(lease_until=until, updated_at=sa.func.now())
            .returning(_table.c.kind)
        ).scalar()
    return Claim(release_id, token, kind) if kind else None


def settle(session: Any, held: Claim) -> Release:
    """Lock the release for the outcome of ``held`` and let go of the work.

    Raises:
        LeaseLost: the work was given to another worker or taken away.
    """
    release = session.get(Release, held.release_id, with_for_update=True, populate_existing=True)
    gone = session.execute(
        sa.delete(_table).where(_table.c.release_id == held.release_id, _table.c.token == held.token)
    )
    if release is None or gone.rowcount != 1:
        session.rollback()
        raise LeaseLost
    return release


def ensure_held(session: Any, held: Claim) -> None:
    """Lock the work row for the caller's transaction. Raises LeaseLost when it is no longer ours."""
    mine = session.execute(
        sa.select(_table.c.release_id)
        .where(_table.c.release_id == held.release_id, _table.c.token == held.token)
        .with_for_update()
    ).scalar()
    if mine is None:
        session.rollback()
        raise LeaseLost


def drop(session: Any, release_id: str) -> None:
    """Take the work away from whoever holds it: the worker finds out at its next sign of progress."""
    session.execute(sa.delete(_table).where(_table.c.release_id == release_id))


def _begin() -> Any:
    engine = model.meta.engine
    if engine is None:
        raise RuntimeError("CKAN's database engine is not configured")
    return engine.begin()


class Heartbeat:
    """Renews the lease and writes progress from its own thread and connection, twice a second at most."""

    def __init__(self, held: Claim, lease: timedelta | None = None) -> None:
        self.held = held
        self._lease = lease if lease is not None else config.lease()
        self._renew_every = self._lease.total_seconds() / RENEWALS_PER_LEASE
        self._stop, self._lost = threading.Event(), threading.Event()
        self._state: tuple[str, int, int] | None = None
        self._written: tuple[str, int, int] | None = None
        self._stage_began = time.monotonic()
        self._thread = threading.Thread(target=self._loop, name=f"lease-{held.release_id[:8]}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Note where the work stands, in rows. Raises LeaseLost when the work is no longer ours."""
        if self._lost.is_set():
            raise LeaseLost
        if self._state is None or self._state[0] != stage:
            self._stage_began = time.monotonic()
        self._state = (stage, done, total)

    def check(self) -> None:
        """Raises LeaseLost when the work is no longer ours; call before anything that leaves a trace."""
        if self._lost.is_set() or not self._renew():
            raise LeaseLost

    def _loop(self) -> None:
        renewed = 0.0
        while not self._stop.wait(PROGRESS_INTERVAL):
            if self._state == self._written and time.monotonic() - renewed < self._renew_every:
                continue
            try:
                if not self._renew():
                    return
            except SQLAlchemyError as error:
                # The database may be back before the lease ends; if not, the scheduler takes over.
                log.info("release %s: lease not renewed: %s", self.held.release_id, type(error).__name__)
                continue
            renewed = time.monotonic()

    def _renew(self) -> bool:
        state = self._state
        values: dict[str, Any] = {"lease_until": sa.func.now() + self._lease, "updated_at": sa.func.now()}
        if state is not None:
            stage, done, total = state
            elapsed = time.monotonic() - self._stage_began
            values |= {
                "stage": stage,
                "done": done,
                "total": total,
                "rows_per_second": done / elapsed if done and elapsed > 0 else None,
            }
        with _begin() as connection:
            # The outcome's transaction may hold the row: wait for it a moment only, or leaving the block
            # while that transaction is still open would wait for ever.
            connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS}ms'"))
            kept = connection.execute(
                sa.update(_table)
                .where(_table.c.release_id == self.held.release_id, _table.c.token == self.held.token)
                .values(**values)
            )
        if kept.rowcount != 1:
            self._lost.set()
            return False
        self._written = state
        return True
