"""One after another: whoever judges and records against a quota does both before the next one looks.

A lock of the system on a file, so that it holds between the threads and the processes of a machine, and ends
with the process that holds it. Grants share a fixed number of files by their id.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FOLDER: Final = "turns"
_FILES: Final = 256


class Turns:
    """The turns of a meter's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def of(self, grant_id: str) -> Iterator[None]:
        """The turn of a grant; no other of it begins before this one is over."""
        path = self._folder / f"{zlib.crc32(grant_id.encode()) % _FILES:03d}"
        # Opened anew each time: the lock belongs to the opening, which threads would share.
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
