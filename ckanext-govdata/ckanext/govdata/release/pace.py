"""How often the scheduler does what it does not do in every round."""

from __future__ import annotations

import time


class Every:
    """Whether it is time again, at most once in so many seconds; the first time at once. One process's own.

    >>> hourly = Every(3600)
    >>> hourly.due(), hourly.due()
    (True, False)
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._next = 0.0

    def due(self) -> bool:
        """True when the time has come; the next time is counted from now."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self.seconds
        return True
