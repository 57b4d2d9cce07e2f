"""How many wrong passwords were given lately, by name and address, and by name alone.

From one address a name has :data:`FROM_ONE_ADDRESS` tries, so that nobody shuts somebody else out from
afar; from all addresses together it has :data:`FROM_ANYWHERE`. Names are kept as hashes.
"""

from __future__ import annotations

import hashlib
import logging

from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

FROM_ONE_ADDRESS = 10
FROM_ANYWHERE = 100
WINDOW_SECONDS = 900


def is_exhausted(name: str, address: str) -> bool:
    """Whether ``name`` has no try left from ``address``."""
    try:
        near, far = connect_to_redis().mget(_keys(name, address))
    except RedisError as error:
        log.warning("wrong passwords are not counted: %s", type(error).__name__)
        return False
    return int(near or 0) >= FROM_ONE_ADDRESS or int(far or 0) >= FROM_ANYWHERE


def count(name: str, address: str) -> None:
    """One more wrong password; the first one opens the window."""
    try:
        redis = connect_to_redis()
        for key in _keys(name, address):
            redis.set(key, 0, ex=WINDOW_SECONDS, nx=True)
            redis.incr(key)
    except RedisError as error:
        log.warning("a wrong password was not counted: %s", type(error).__name__)


def forget(name: str, address: str) -> None:
    """The right password was given: the tries from ``address`` start anew."""
    try:
        connect_to_redis().delete(_keys(name, address)[0])
    except RedisError as error:
        log.warning("wrong passwords were not forgotten: %s", type(error).__name__)


def _keys(name: str, address: str) -> list[str]:
    who = hashlib.sha256(name.strip().lower().encode()).hexdigest()
    where = hashlib.sha256(f"{who} {address}".encode()).hexdigest()
    return [f"govdata:login:{where}", f"govdata:login:{who}"]
