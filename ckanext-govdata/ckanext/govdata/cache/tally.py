"""Calls of the API that the cache has answered itself: counted here, handed on together every second.

What cannot be handed on stays for the next time; what is left goes at a normal end of the process.
"""

from __future__ import annotations

import atexit
import threading
from collections import Counter
from collections.abc import Callable

HandOn = Callable[[str, int], bool]
"""Count this many calls for a day (``2026-03-01``); False when they were not counted."""


class Tally:
    """Numbers a day."""

    def __init__(self, hand_on: HandOn) -> None:
        self._hand_on = hand_on
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._handing = threading.Lock()
        atexit.register(self.flush)

    def add(self, day: str, calls: int = 1) -> None:
        """Count calls."""
        with self._lock:
            self._counts[day] += calls

    @property
    def pending(self) -> bool:
        """Whether something was counted and not handed on."""
        return bool(self._counts)

    def flush(self) -> None:
        """Hand on what was counted."""
        with self._handing:
            with self._lock:
                counts, self._counts = self._counts, Counter()
            for day, calls in counts.items():
                if not self._hand_on(day, calls):
                    self.add(day, calls)
