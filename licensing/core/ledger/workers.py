"""Processes that check chunks beside the one that reads them.

They are plain ``python -m`` processes with two pipes: nothing of the server that asks is copied into them
(no connection, no thread, no main module), so that they start in a tenth of a second and share no state.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO

import msgspec

from licensing.core.ledger.check import Checked, Chunk, check

_LENGTH_BYTES = 8
_chunks = msgspec.msgpack.Decoder(Chunk)
_findings = msgspec.msgpack.Decoder(Checked)


class Workers:
    """A fixed number of processes; :meth:`submit` hands each of them one chunk at a time."""

    def __init__(self, pool: ThreadPoolExecutor, count: int) -> None:
        self.count = count
        self._pool = pool
        self._local = threading.local()
        self._processes: list[subprocess.Popen[bytes]] = []

    def submit(self, chunk: Chunk) -> Future[Checked]:
        """Check a chunk in the next process that is free."""
        return self._pool.submit(self._check, chunk)

    def _check(self, chunk: Chunk) -> Checked:
        process = self._own()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a worker has pipes")
        _send(process.stdin, msgspec.msgpack.encode(chunk))
        answer = _receive(process.stdout)
        if answer is None:
            raise RuntimeError("a process that checks the ledger has died")
        return _findings.decode(answer)

    def _own(self) -> subprocess.Popen[bytes]:
        """The process of this thread."""
        process: subprocess.Popen[bytes] | None = getattr(self._local, "process", None)
        if process is None:
            command = [sys.executable, "-m", "licensing.core.ledger.workers"]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self._local.process = process
            self._processes.append(process)
        return process

    def close(self) -> None:
        """End every process; what they had in hand is of no use any more."""
        for process in self._processes:
            process.kill()
            process.communicate()


@contextmanager
def workers(count: int) -> Iterator[Workers]:
    """``count`` processes that end with the block."""
    pool = ThreadPoolExecutor(count)
    made = Workers(pool, count)
    try:
        yield made
    finally:
        # Threads first: one of them may be about to start its process.
        pool.shutdown(wait=True, cancel_futures=True)
        made.close()


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(len(message).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    return pipe.read(int.from_bytes(head, "big"))


def serve(source: IO[bytes], target: IO[bytes]) -> None:
    """Check chunk after chunk until the pipe is closed: the whole life of a worker."""
    while (message := _receive(source)) is not None:
        _send(target, msgspec.msgpack.encode(check(_chunks.decode(message))))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
