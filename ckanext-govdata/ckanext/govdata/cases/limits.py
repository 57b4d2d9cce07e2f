"""How often somebody may do something, counted in the shared store; who it was is kept as a hash.

Without the store nothing is counted and a warning is logged: a limit protects the portal from a flood, and a
portal whose store is down has another one already.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from redis.exceptions import RedisError

from licensing.core.errors import Conflict

log = logging.getLogger(__name__)

HOUR, DAY = 3600, 86_400


@dataclass(frozen=True, slots=True)
class Limit:
    """``times`` within ``seconds``, counted from the first time."""

    times: int
    seconds: int


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "demand": Limit(5, DAY),
        "vote": Limit(60, HOUR),
        "complaint": Limit(5, HOUR),
        "receipt": Limit(30, HOUR),
        "recover_name": Limit(3, HOUR),
        "recover_address": Limit(20, HOUR),
        "secret": Limit(20, HOUR),
        "invite": Limit(20, DAY),
        "subscribe": Limit(20, HOUR),
        "reuse": Limit(10, DAY),
        "verify": Limit(60, HOUR),
        "sandbox": Limit(60, HOUR),
    }
)
"""What is limited: requests and votes by account, complaints and codes by address, mails by both."""


class TooOften(Conflict):
    """Wait, then try again."""

    code, status = "too_often", 429


def count(kind: str, who: str) -> None:
    """One more of ``kind`` by ``who``. Raises TooOften when there are too many."""
    limit = LIMITS[kind]
    key = f"govdata:limit:{kind}:{_hidden(who)}"
    try:
        redis = connect_to_redis()
        redis.set(key, 0, ex=limit.seconds, nx=True)
        times = int(redis.incr(key))
    except RedisError as error:
        log.warning("%s is not counted: %s", kind, type(error).__name__)
        return
    if times > limit.times:
        raise TooOften(
            "操作过于频繁（{hours} 小时内最多 {times} 次），请稍后再试。",
            "Too often (at most {times} times within {hours} hours). Try again later.",
            times=limit.times,
            hours=max(1, limit.seconds // HOUR),
        )


def _hidden(who: str) -> str:
    """A hash that nobody can find an address or a name by without the installation's secret."""
    secret = str(tk.config.get("SECRET_KEY") or "").encode()
    return hmac.new(secret, who.strip().lower().encode(), hashlib.sha256).hexdigest()[:40]
