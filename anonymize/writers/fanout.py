"""Several writers fed with the same frames at the same time, one thread each.

The writers spend their time in polars, pyarrow and zlib, which let go of Python's lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from queue import Queue
from types import TracebackType

import polars as pl

from anonymize.writers.base import Writer

_DEPTH = 2
"""Frames that may wait for one writer: the slowest sets the pace, memory stays bounded."""


class Fanout:
    """``with Fanout(writers) as out: out.write(frame)``; leaving the block closes every writer.

    The first error of a writer is raised again in the caller's thread, from ``write`` or at the end.
    When the block is left by an error, the writers are not closed: their outputs are worthless.
    """

    def __init__(self, writers: Sequence[Writer]) -> None:
        self._lanes = [_Lane(writer) for writer in writers]

    def __enter__(self) -> Fanout:
        for lane in self._lanes:
            lane.start()
        return self

    def write(self, frame: pl.DataFrame) -> None:
        for lane in self._lanes:
            lane.raise_failure()
            lane.queue.put(frame)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in self._lanes:
            lane.abandoned = kind is not None
            lane.queue.put(None)
        for lane in self._lanes:
            lane.join()
        if kind is None:
            for lane in self._lanes:
                lane.raise_failure()


class _Lane(threading.Thread):
    def __init__(self, writer: Writer) -> None:
        super().__init__(name=f"write-{writer.format}", daemon=True)
        self.writer = writer
        self.queue: Queue[pl.DataFrame | None] = Queue(_DEPTH)
        self.failure: BaseException | None = None
        self.abandoned = False

    def run(self) -> None:
        while (frame := self.queue.get()) is not None:
            # After a failure frames are still taken off, or the producer would wait for ever.
            if self.failure is None and not self.abandoned:
                self._guard(partial(self.writer.write, frame))
        if self.failure is None and not self.abandoned:
            self._guard(self.writer.close)

    def _guard(self, step: Callable[[], None]) -> None:
        try:
            step()
        except BaseException as error:  # noqa: BLE001  carried to the caller's thread, see raise_failure
            self.failure = error

    def raise_failure(self) -> None:
        if self.failure is not None:
            raise self.failure
