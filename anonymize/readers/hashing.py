"""SHA-256 of a stream beside the reading of it: hashing lets go of Python's lock."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor


class BackgroundDigest:
    """Hashes blocks in their order in a thread of its own; one block may wait, so memory stays bounded.

    ::

        with BackgroundDigest() as digest:
            for block in blocks: digest.add(block)
        digest.size, digest.hexdigest
    """

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._worker = ThreadPoolExecutor(1, "sha256")
        self._last: Future[None] | None = None
        self.size = 0

    def __enter__(self) -> BackgroundDigest:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown(wait=True)

    def add(self, block: bytes) -> None:
        """The next block."""
        self.size += len(block)
        if self._last is not None:
            self._last.result()
        self._last = self._worker.submit(self._sha256.update, block)

    @property
    def hexdigest(self) -> str:
        """The digest of all blocks, in hexadecimal."""
        if self._last is not None:
            self._last.result()
        return self._sha256.hexdigest()
