"""One maker of a page at a time; whoever came before it was begun shares what it makes.

A page answers every reader who had come before the first thing that it is made of was read, however many they
are. Whoever comes later needs one that is begun later: they all share the next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

WAIT = 5.0
"""Seconds to wait for what somebody else is making."""


class _Turn(Generic[T]):
    __slots__ = ("begun", "done", "made")

    def __init__(self) -> None:
        self.begun = False
        self.done = threading.Event()
        self.made: T | None = None


class Turns(Generic[T]):
    """The makers of this process, by key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[str, list[_Turn[T]]] = {}

    def take(self, key: str, make: Callable[[], T]) -> T:
        """What ``make`` makes, here or by somebody who begins after this call. Raises what it raises."""
        with self._lock:
            line = self._turns.setdefault(key, [])
            before = line[-1] if line else None
            shares = before is not None and not before.begun
            turn = before if shares and before is not None else _Turn[T]()
            if not shares:
                line.append(turn)
        if shares:
            turn.done.wait(2 * WAIT)
            # Nothing there: whoever made it failed or takes too long.
            return turn.made if turn.made is not None else make()
        try:
            if before is not None:
                before.done.wait(WAIT)
            with self._lock:
                turn.begun = True
            turn.made = make()
            return turn.made
        finally:
            with self._lock:
                turn.begun = True
                line.remove(turn)
                if not line:
                    self._turns.pop(key, None)
            turn.done.set()
