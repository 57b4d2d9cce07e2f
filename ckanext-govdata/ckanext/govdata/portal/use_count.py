"""How much the site is used: numbers a day, nothing about who it was.

Downloads are counted by file (``storage/download_count.py``) and by day; calls of the API by day. A cache
that answers calls itself hands its counts on by :func:`count_calls`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date

from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

from ckanext.govdata.cache import recording
from ckanext.govdata.portal import days

log = logging.getLogger(__name__)

KEPT_DAYS = 400
_CALLS = "govdata:calls:"
_DOWNLOADS = "govdata:downloads:day:"
_KEPT_SECONDS = KEPT_DAYS * 86_400
SHOWN_SECONDS = 30
"""How long a page that shows one of these numbers may be given as it is."""


def count_call() -> None:
    """Count one call of the API; without Valkey it goes uncounted."""
    count_calls(days.today().isoformat(), 1)


def count_calls(day: str, number: int) -> bool:
    """Count ``number`` calls of ``day`` (``2026-03-01``); False when Valkey does not answer."""
    name = _CALLS + day
    try:
        with connect_to_redis().pipeline(transaction=False) as pipe:
            pipe.incrby(name, number)
            pipe.expire(name, _KEPT_SECONDS)
            pipe.execute()
    except RedisError as error:
        log.warning("%d calls were not counted: %s", number, type(error).__name__)
        return False
    return True


def count_download(file_key: str) -> None:
    """Count one download of a published file under today."""
    name = _DOWNLOADS + days.today().isoformat()
    try:
        with connect_to_redis().pipeline(transaction=False) as pipe:
            pipe.zincrby(name, 1, file_key)
            pipe.expire(name, _KEPT_SECONDS)
            pipe.execute()
    except RedisError as error:
        log.warning("a download was not counted: %s", type(error).__name__)


def calls(wanted: Sequence[date]) -> list[int]:
    """Calls on each of these days; zeros while Valkey does not answer."""
    recording.lasts(SHOWN_SECONDS)
    if not wanted:
        return []
    try:
        found = connect_to_redis().mget([_CALLS + day.isoformat() for day in wanted])
    except RedisError as error:
        log.warning("calls could not be read: %s", type(error).__name__)
        return [0] * len(wanted)
    return [int(number or 0) for number in found]


def downloads(wanted: Sequence[date]) -> list[dict[str, int]]:
    """For each of these days: file key → downloads; empty while Valkey does not answer."""
    recording.lasts(SHOWN_SECONDS)
    try:
        with connect_to_redis().pipeline(transaction=False) as pipe:
            for day in wanted:
                pipe.zrange(_DOWNLOADS + day.isoformat(), 0, -1, withscores=True)
            found = pipe.execute()
    except RedisError as error:
        log.warning("downloads could not be read: %s", type(error).__name__)
        return [{} for _ in wanted]
    return [{key.decode(): int(number) for key, number in members} for members in found]
