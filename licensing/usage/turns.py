"""One after another: whoever judges and records against a quota does both before the next one looks.

A lock of the system on a file, so that it holds between the threads and the processes of a machine, and ends
with the process that holds it. Grants share a fixed number of files by their id.
"""

from __future__ import annotations

import fcntl
import os
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FOLDER: Final = "turns"
_FILES: Final = 256


class Turns:
    """The turns of a meter's folder; one object a process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handles: dict[int, int] = {}
        # The system's lock belongs to the opening, which the threads of a process share.
        self._threads = [threading.Lock() for _ in range(_FILES)]

    @contextmanager
    def of(self, grant_id: str) -> Iterator[None]:
        """The turn of a grant; no other of it begins before this one is over."""
        number = zlib.crc32(grant_id.encode()) % _FILES
        with self._threads[number]:
            handle = self._handles.get(number)
            if handle is None:
                handle = self._handles[number] = os.open(
                    self._folder / f"{number:03d}", os.O_RDWR | os.O_CREAT, 0o600
                )
            fcntl.flock(handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the files."""
        while self._handles:
            os.close(self._handles.popitem()[1])
