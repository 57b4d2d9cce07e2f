"""How often each published file was fetched: one number a file, nothing about who fetched it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

_HASH = "govdata:downloads"


def add(key: str) -> None:
    """Count one download of the object ``key``; without Valkey the download goes on uncounted."""
    try:
        connect_to_redis().hincrby(_HASH, key, 1)
    except RedisError as error:
        log.warning("a download was not counted: %s", type(error).__name__)


def counts(keys: Sequence[str]) -> dict[str, int]:
    """Downloads by object key; 0 for a file that nobody fetched.

    Raises:
        redis.exceptions.RedisError: Valkey does not answer.
    """
    if not keys:
        return {}
    values = connect_to_redis().hmget(_HASH, list(keys))
    return {key: int(value or 0) for key, value in zip(keys, values, strict=True)}
