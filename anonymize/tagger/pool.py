"""Several processes that share the texts; each has a tagger of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from anonymize.tagger.errors import TaggerStopped
from anonymize.tagger.protocol import Span, Tagger

PART = 80_000
"""Characters that are handed over together, half a second of work. Sequences are read beside others of their
length: the more texts are sorted together, the fuller the batches."""
LEAST = 4_000
"""Characters that are handed over at the end, so that no process waits long for the last one."""
TEXTS = 4_000
"""Texts that are handed over together at most."""

Plain = tuple[int, int, str]

_tagger: Tagger | None = None


class TaggerPool:
    """A tagger that hands its texts to ``processes`` others; they are started with the first texts.

    Texts travel through pipes; nothing is written to a disk.
    """

    def __init__(self, name: str, load: Callable[[], Tagger], processes: int) -> None:
        """``load`` makes the tagger of a process; it is sent there, so it must be a function of a module."""
        self.name, self._processes = name, processes
        # "spawn": the parent has threads (polars), and a fork would copy their locks
        self._pool = ProcessPoolExecutor(
            processes, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(load,)
        )

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """Names in every text; see `protocol.Tagger.tag`. Raises `TaggerStopped` when a process has died."""
        distinct = list(dict.fromkeys(texts))
        parts = _parts(distinct, self._processes)
        found: dict[str, list[Span]] = {}
        try:
            for part, spans in zip(parts, self._pool.map(_work, parts), strict=True):
                found.update(zip(part, ([Span(*plain) for plain in spans_] for spans_ in spans), strict=True))
        except BrokenProcessPool:
            raise TaggerStopped(
                "识别姓名的进程意外结束（可能内存不足），文本未处理。请减少进程数后重试。",
                "A process that finds names has ended unexpectedly (memory?); no text was processed. "
                "Try again with fewer processes.",
            ) from None
        return [found[text] for text in texts]

    def close(self) -> None:
        """End the processes; what they are working at is finished first."""
        self._pool.shutdown()


def _parts(texts: Sequence[str], processes: int) -> list[list[str]]:
    """``texts`` in order, in parts of about `PART` characters, smaller ones towards the end."""
    parts: list[list[str]] = []
    left = sum(map(len, texts))
    size = wanted = 0
    for text in texts:
        if size >= wanted or len(parts[-1]) == TEXTS:
            parts.append([])
            size = 0
            wanted = PART if processes == 1 else max(LEAST, min(PART, left // (2 * processes)))
        parts[-1].append(text)
        size += len(text)
        left -= len(text)
    return parts


def _begin(load: Callable[[], Tagger]) -> None:
    """Make the tagger of this process."""
    global _tagger  # noqa: PLW0603 (a process of the pool has no other place for what it keeps)
    _tagger = load()


def _work(texts: Sequence[str]) -> list[list[Plain]]:
    """Names in ``texts``, as plain tuples, which travel faster."""
    if _tagger is None:
        raise RuntimeError("the process was not made ready")
    return [[(span.start, span.end, span.label) for span in spans] for spans in _tagger.tag(texts)]
