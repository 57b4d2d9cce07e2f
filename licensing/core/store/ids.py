"""Ids that sort by the time at which they were made (UUID version 7, RFC 9562)."""

from __future__ import annotations

import secrets
import threading
import time
import uuid

_COUNTER_BITS = 12
_lock = threading.Lock()
_last = 0


def _tick() -> int:
    """Milliseconds and a 12-bit counter in one number, larger at each call of this process."""
    global _last  # noqa: PLW0603  (one counter per process is what makes the order)
    with _lock:
        _last = max(time.time_ns() // 1_000_000 << _COUNTER_BITS, _last + 1)
        return _last


def new_id() -> str:
    """A new id as text of 36 characters.

    62 of its bits are random and nobody can guess them. Two ids of one process sort in the order in
    which they were made, also within a millisecond.
    """
    tick = _tick()
    milliseconds, counter = tick >> _COUNTER_BITS, tick & (1 << _COUNTER_BITS) - 1
    number = milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=number))
