"""Pages in this process: their bytes need not cross a socket again, only their versions are asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A page ready to be sent, with the question whose right answer makes it current."""

    question: bytes
    answer: bytes
    status: str
    headers: tuple[tuple[str, str], ...]
    etag: str
    body: bytes

    @property
    def size(self) -> int:
        """Bytes that it takes here, nearly."""
        return len(self.body) + 1024


class Memory:
    """The pages used last, within ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Page | None:
        """The page, whether or not it is current."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: Page) -> None:
        """Hold a page; the ones not used for longest go when there is no room."""
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self.size += page.size
            while self.size > self.limit and self._pages:
                _key, gone = self._pages.popitem(last=False)
                self.size -= gone.size

    def drop(self, key: str) -> None:
        """Let go of a page that is no longer current."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: str) -> None:
        gone = self._pages.pop(key, None)
        if gone is not None:
            self.size -= gone.size
