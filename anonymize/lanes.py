"""Consumers of one stream of frames, each in its own thread.

Writers and the re-scan spend their time in polars, pyarrow and zlib, which let go of Python's lock, so
that they overlap with reading and transforming.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Generic, TypeVar

from anonymize.allocator import bound_heaps

T = TypeVar("T")
F = TypeVar("F")
_DEPTH = 1
"""Frames that may wait for one consumer: the slowest sets the pace, memory stays bounded."""


class Abandoned(Exception):
    """Raised inside a consumer when the producer failed: there will be no end of the stream."""


class Lane(threading.Thread, Generic[F, T]):
    """Runs ``consume(frames)`` in a thread; its result or its error is there after ``join``."""

    def __init__(self, name: str, consume: Callable[[Iterator[F]], T]) -> None:
        super().__init__(name=name, daemon=True)
        self._consume = consume
        self._queue: Queue[F | None] = Queue(_DEPTH)
        self._abandoned = False
        self._failure: BaseException | None = None
        self._result: list[T] = []
        self._drained = False

    def run(self) -> None:
        try:
            self._result.append(self._consume(self._frames()))
        except Abandoned:
            pass
        except BaseException as error:  # noqa: BLE001  carried into the producer's thread by ``check``
            self._failure = error
        while not self._drained:
            # Frames are taken off after a failure too, or the producer would wait for ever.
            self._drained = self._queue.get() is None

    def _frames(self) -> Iterator[F]:
        while (frame := self._queue.get()) is not None:
            yield frame
        self._drained = True
        if self._abandoned:
            raise Abandoned

    def put(self, frame: F) -> None:
        """Hand over a frame; waits while the consumer is behind, raises what it failed with."""
        self.check()
        self._queue.put(frame)

    def end(self, *, abandoned: bool) -> None:
        """No more frames."""
        self._abandoned = abandoned
        self._queue.put(None)

    def check(self) -> None:
        """Raise the consumer's error here, if it had one."""
        if self._failure is not None:
            raise self._failure

    @property
    def result(self) -> T:
        """What ``consume`` returned."""
        self.check()
        return self._result[0]


class Lanes(Generic[F]):
    """``with Lanes(lanes) as out: out.put(frame)``: on leaving, all have ended and errors are raised."""

    def __init__(self, lanes: Sequence[Lane[F, Any]]) -> None:
        self._lanes = tuple(lanes)

    def __enter__(self) -> Lanes[F]:
        bound_heaps()
        for lane in self._lanes:
            lane.start()
        return self

    def put(self, frame: F) -> None:
        for lane in self._lanes:
            lane.put(frame)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in self._lanes:
            lane.end(abandoned=kind is not None)
        for lane in self._lanes:
            lane.join()
        if kind is None:
            for lane in self._lanes:
                lane.check()


def ahead(frames: Iterator[F]) -> Generator[F, None, None]:
    """The same frames, each made while the one before it is in use.

    The iterator runs in a thread of its own; leaving early ends it, and its errors are raised here.
    """
    bound_heaps()
    waiting: Queue[F | BaseException | None] = Queue(1)
    left = threading.Event()

    def produce() -> None:
        try:
            for frame in frames:
                waiting.put(frame)
                if left.is_set():
                    break
        except BaseException as error:  # noqa: BLE001  raised in the consumer's thread
            waiting.put(error)
        else:
            waiting.put(None)

    producer = threading.Thread(target=produce, name="ahead", daemon=True)
    producer.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        left.set()
        while producer.is_alive():
            with suppress(Empty):
                waiting.get(timeout=0.05)
        producer.join()
