"""Pages in this process: their bytes need not cross a socket again, only their versions are asked for.

Looking up is done by the event loop of the worker for every request and takes no lock; putting and dropping,
which threads do, take one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Page:
    """A page ready to be sent.

    ``scopes``, ``boot`` and ``versions`` say when it is current; a page without ``boot`` is given once and
    never kept. ``packed`` is the body in gzip, empty where that is not worth it. ``until`` is when it ends by
    the clock, in seconds of 1970. ``negotiated``: the same address has other forms for who asks otherwise.
    ``counted``: it is a call of the API.
    """

    status: str
    headers: Headers
    etag: str
    body: bytes
    packed: bytes = b""
    scopes: tuple[str, ...] = ()
    boot: bytes = b""
    versions: tuple[bytes, ...] = ()
    until: float = 0.0
    negotiated: bool = True
    counted: bool = False
    moment: Sequence[bytes] = ()
    """Life and number of the latest change of Valkey when the page was last found to be current: while they
    stay, nothing at all has changed and its versions need not be asked for."""
    used: bool = False
    wires: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    """Head and body as they cross the socket, made by :mod:`ckanext.govdata.cache.wording` once."""

    @property
    def size(self) -> int:
        """Bytes that it takes here, nearly."""
        return len(self.body) + len(self.packed) + 2048

    @property
    def packed_etag(self) -> str:
        """The ETag of the packed form: other bytes, so another one, unless it is weak."""
        if not self.packed or not self.etag or self.etag.startswith("W/"):
            return self.etag
        return f'{self.etag[:-1]}-gz"'

    @property
    def has_date(self) -> bool:
        """Whether a reader may ask whether it is newer than a day (``If-Modified-Since``)."""
        return any(name.lower() == "last-modified" for name, _ in self.headers)


class Memory:
    """The pages used last, within ``limit`` bytes; ``lines``: what the first line of a request asks for."""

    LINES = 50_000
    """First lines that are remembered; beyond that all are forgotten and learnt again."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.lines: dict[bytes, tuple[str, bool, str]] = {}
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Page | None:
        """The page, whether or not it is current."""
        page = self._pages.get(key)
        if page is not None:
            page.used = True
        return page

    def put(self, key: str, page: Page) -> None:
        """Hold a page; when there is no room, those go that were not used since they were last looked at."""
        if page.size > self.limit // 4:
            return
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self.size += page.size
            while self.size > self.limit and self._pages:
                oldest, gone = self._pages.popitem(last=False)
                if gone.used:
                    gone.used = False
                    self._pages[oldest] = gone
                else:
                    self.size -= gone.size

    def learn(self, target: bytes, key: str, path: str) -> None:
        """``GET`` and ``HEAD`` of ``target``, byte for byte, ask for ``key``; ``path`` is for the log."""
        if len(self.lines) >= self.LINES:
            self.lines.clear()
        self.lines[b"GET " + target + b" HTTP/1.1"] = (key, False, path)
        self.lines[b"HEAD " + target + b" HTTP/1.1"] = (key, True, path)

    def drop(self, key: str) -> None:
        """Let go of a page that is no longer current."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: str) -> None:
        gone = self._pages.pop(key, None)
        if gone is not None:
            self.size -= gone.size
