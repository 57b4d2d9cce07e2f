"""Several writers fed with the same frames at the same time, one thread each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from anonymize.lanes import Lane, Lanes
from anonymize.writers.base import Writer


class Fanout(Lanes[pl.DataFrame]):
    """``with Fanout(writers) as out: out.put(frame)``; leaving the block closes every writer.

    The first error of a writer is raised again in the caller's thread, from ``put`` or at the end. When
    the block is left by an error, the writers are not closed: their outputs are worthless.
    """

    def __init__(self, writers: Sequence[Writer]) -> None:
        super().__init__([writer_lane(writer) for writer in writers])


def writer_lane(writer: Writer) -> Lane[pl.DataFrame, object]:
    """A lane that writes every frame and closes the writer at the end of the stream."""

    def consume(frames: Iterator[pl.DataFrame]) -> None:
        for frame in frames:
            writer.write(frame)
        writer.close()

    return Lane(f"write-{writer.format}", consume)
