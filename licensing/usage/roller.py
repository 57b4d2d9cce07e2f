"""Hands a meter's lines over while few calls come: a segment is closed every so many seconds."""

from __future__ import annotations

import logging
import threading

from licensing.usage.meter import Meter

log = logging.getLogger(__name__)


class Roller:
    """A thread that rolls ``meter`` every ``seconds`` and hands over the rest when it is closed."""

    def __init__(self, meter: Meter, seconds: float) -> None:
        self.meter, self._seconds = meter, seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="licensing-meter", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                self.meter.roll()
            except OSError as error:
                # Whoever waits for these lines is told so; the next round tries again.
                log.error("a segment of the meter could not be handed over: %s", error.strerror)

    def close(self) -> None:
        """Stop the thread and hand over what is left."""
        self._stop.set()
        self._thread.join()
        self.meter.close()
