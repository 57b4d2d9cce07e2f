"""What a change does to the cache: mark before the commit, settle after the search index has followed.

::

    rows change ─ triggers: govdata_cache_change ─ MARK ─ COMMIT ─ Solr ─ SETTLE ─ answer
                                                     │                      └ new versions, empty list
                   from here on nobody is given a page of these scopes, and none is kept

Killed between mark and settle, the marks stay and the pages are made anew for every request: slow,
right. The scheduler (:func:`sweep`) settles what nobody settles, from the list in the database,
which no crash loses.

When Valkey refuses connections it is not running and holds nothing, so nothing can be stale: the
change goes on. When it does not answer in time, somebody else may still reach it: then the change
is refused.
"""

from __future__ import annotations

import atexit
import errno
import logging
import threading
import time
import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any

import redis
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.lib.search.index import PackageSearchIndex
from psycopg2.extensions import TRANSACTION_STATUS_INTRANS
from redis.exceptions import OutOfMemoryError, RedisError

from ckanext.govdata.cache import outbox, scopes, settings
from ckanext.govdata.cache.versions import Versions
from licensing.core.errors import LicensingError

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds for which a change waits for a Valkey that does not answer."""
GRACE = 10
"""Seconds after which a committed change counts as left behind by whoever made it."""
INDEX_GRACE = 60
"""The same for a search index that somebody was writing."""
REMARK_AFTER = 2.0
_NOT_RUNNING = (errno.ECONNREFUSED, errno.ENOENT)


class CacheUnreachable(LicensingError):
    """The cache neither answers nor refuses: pages that others still see could become stale."""

    code, status, exit_code = "cache_unreachable", 503, 5


class _Unit(threading.local):
    """What this thread has marked and not settled: holder → scopes, and when it marked them last."""

    def __init__(self) -> None:
        self.marked: dict[str, set[str]] = {}
        self.index_holder = ""
        self.indexed: dict[str, float] = {}


_unit = _Unit()


@cache
def store() -> Versions | None:
    """The versions in Valkey; None when the cache is switched off."""
    address = settings.url()
    if not address:
        return None
    return Versions(redis.Redis.from_url(address, socket_timeout=2, socket_connect_timeout=2))


def pending() -> bool:
    """Whether this thread has changed something that is not settled."""
    return bool(_unit.marked)


def mark(holder: str, changed: Iterable[str]) -> None:
    """``holder`` is about to change ``changed``. Raises CacheUnreachable when nobody can know of it."""
    versions = store()
    if versions is None:
        return None
    names = sorted(changed)
    _unit.marked.setdefault(holder, set()).update(names)
    until = time.monotonic() + PATIENCE
    pause = 0.02
    while True:
        try:
            return versions.mark(holder, names)
        except OutOfMemoryError:
            versions.clear()
        except RedisError as error:
            if _is_not_running(error):
                log.warning("the cache is not running: a change goes on without it")
                return None
            if time.monotonic() > until:
                raise CacheUnreachable(
                    "缓存服务没有响应，为避免公众看到旧内容，本次修改没有保存。请稍后重试。",
                    "The cache does not answer. The change was not saved, so that nobody sees old "
                    "content; try again in a moment.",
                ) from error
        time.sleep(pause)
        pause = min(0.5, pause * 2)


def _is_not_running(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NOT_RUNNING:
            return True
        error = error.__cause__ or error.__context__
    return False


def settle() -> None:
    """What this thread has changed stands: database and search index have it. Never raises."""
    marked, _unit.marked = _unit.marked, {}
    _unit.index_holder, _unit.indexed = "", {}
    versions = store()
    if versions is None or not marked:
        return
    try:
        for holder, names in marked.items():
            versions.settle(holder, names)
        _forget([int(holder) for holder in marked if holder.isdigit()])
    except (RedisError, sa.exc.SQLAlchemyError) as error:
        # The scheduler does it: until then the pages are made anew for every request.
        log.warning("changes are not settled yet: %s", type(error).__name__)


def sweep() -> int:
    """Settle what nobody settled: killed processes, changes made by hand; returns how many."""
    settle()
    versions = store()
    engine = model.meta.engine
    if versions is None or engine is None:
        return 0
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        if not outbox.exists(cursor):
            return 0
        left = outbox.unsettled(cursor, GRACE)
        try:
            for holder in versions.open_holders(GRACE):
                if holder.isdigit() and not outbox.in_progress(cursor, int(holder)):
                    left.setdefault(int(holder), [])
            for xact, names in left.items():
                versions.settle(str(xact), names)
            strays = [h for h in versions.open_holders(INDEX_GRACE) if not h.isdigit()]
            for holder in strays:
                versions.settle(holder)
        except RedisError as error:
            log.warning("changes are not settled: the cache does not answer (%s)", type(error).__name__)
            return 0
    _forget(list(left))
    return len(left) + len(strays)


def _forget(xacts: list[int]) -> None:
    engine = model.meta.engine
    if xacts and engine is not None:
        with engine.begin() as connection:
            outbox.remove(connection.connection.cursor(), xacts)


# -- the database ----------------------------------------------------------------------------------

_ready = False


def _before_commit(connection: sa.Connection) -> None:
    """Mark what the transaction has changed, in the moment before it commits."""
    global _ready  # noqa: PLW0603 - once the table is there it stays
    if store() is None:
        return
    raw: Any = connection.connection.dbapi_connection
    if raw.get_transaction_status() != TRANSACTION_STATUS_INTRANS:
        return  # nothing was begun, or it failed and the database rolls it back
    with raw.cursor() as cursor:
        _ready = _ready or outbox.exists(cursor)
        changes = outbox.own_changes(cursor) if _ready else None
    if changes is not None:
        xact, names = changes
        mark(str(xact), names)


# -- the search index ------------------------------------------------------------------------------


def reindexing(*changed: str) -> None:
    """The search index is about to change for ``changed``."""
    now = time.monotonic()
    fresh = [scope for scope in changed if now - _unit.indexed.get(scope, -REMARK_AFTER) >= REMARK_AFTER]
    if fresh:
        _unit.index_holder = _unit.index_holder or f"index-{uuid.uuid4()}"
        mark(_unit.index_holder, fresh)
        _unit.indexed.update(dict.fromkeys(fresh, now))


def entry_scopes(entry: dict[str, Any]) -> list[str]:
    """What a search document of ``entry`` is part of."""
    package = None if entry.get("owner_org") else model.Package.get(entry.get("id"))
    owner = entry.get("owner_org") or (package and package.owner_org)
    if not owner:
        # Purged: which lists it stood in is not known any more.
        return [scopes.CATALOGUE, scopes.SITE]
    dataset_id = str(package.id if package else entry["id"])
    return [scopes.CATALOGUE, scopes.dataset(dataset_id), scopes.entries_of(str(owner))]


class WatchedIndex(PackageSearchIndex):
    """CKAN's index of entries; whoever writes it, an action or the command line, marks first."""

    def update_dict(self, pkg_dict: dict[str, Any], defer_commit: bool = False) -> None:
        reindexing(*entry_scopes(pkg_dict))
        super().update_dict(pkg_dict, defer_commit)

    def delete_package(self, pkg_dict: dict[str, Any]) -> None:
        reindexing(*entry_scopes(pkg_dict))
        super().delete_package(pkg_dict)

    def commit(self) -> None:
        reindexing(scopes.CATALOGUE)
        super().commit()

    def clear(self) -> None:
        reindexing(scopes.SITE, scopes.CATALOGUE)
        super().clear()


def install(engine: sa.Engine | None) -> None:
    """Watch the commits of ``engine`` and the search index; installing twice changes nothing."""
    search._INDICES["package"] = WatchedIndex
    if engine is not None and not sa.event.contains(engine, "commit", _before_commit):
        sa.event.listen(engine, "commit", _before_commit)
        atexit.register(settle)
