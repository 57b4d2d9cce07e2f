"""The WSGI layer in front of Flask: anonymous readers are answered from the cache, everybody else by CKAN.

A page is made with an environment of its own that holds the address of the page and nothing of the reader: no
cookie, no token, no host name, no header. So whatever is kept is what everybody may see, by construction.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from redis.exceptions import RedisError

from ckanext.govdata.cache import invalidation, pages, recording
from ckanext.govdata.cache.memory import Memory, Page
from ckanext.govdata.cache.versions import Begun, Kept, Versions, question, right_answer
from ckanext.govdata.cache.wire import Wire

log = logging.getLogger(__name__)

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

CACHE_CONTROL = "public, no-cache"
"""May be kept by anybody who asks each time whether it still holds."""
LOCK_MILLISECONDS = 15_000
WAIT = 5.0
"""Seconds to wait for a page that somebody else is making."""
POLL = 0.02
REST = 1.0
"""Seconds without the cache after it did not answer."""
PERSONAL = ("HTTP_AUTHORIZATION", "HTTP_X_CKAN_API_KEY", "HTTP_ORIGIN", "HTTP_RANGE", "REMOTE_USER")
_DROPPED = frozenset({"content-length", "cache-control", "vary", "etag", "date", "connection", "expires"})


class CacheLayer:
    """``app`` behind the cache; ``build`` names code and settings, ``locales`` stand first in addresses."""

    def __init__(
        self,
        app: Wsgi,
        versions: Versions,
        wire: Wire,
        *,
        site_url: str,
        build: str,
        locales: Iterable[str],
        zone: str,
        token_header: str = "",
        ignored_cookies: frozenset[str] = frozenset(),
        memory_bytes: int = 64_000_000,
        page_bytes: int = 1_000_000,
        page_seconds: int = 86_400,
    ) -> None:
        self.app, self.versions, self.wire = app, versions, wire
        self.memory = Memory(memory_bytes)
        self._build, self._locales, self._zone = build, tuple(locales), ZoneInfo(zone)
        self._personal = (*PERSONAL, f"HTTP_{token_header.upper().replace('-', '_')}")
        self._ignored, self._page_bytes, self._page_seconds = ignored_cookies, page_bytes, page_seconds
        site = urlsplit(site_url)
        self._site = {
            "HTTP_HOST": site.netloc,
            "SERVER_NAME": site.hostname or "localhost",
            "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
            "wsgi.url_scheme": site.scheme or "http",
        }
        self._rest_until = 0.0
        self._making: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self._day, self._day_until = "", 0.0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not self._is_anonymous_reading(environ) or time.monotonic() < self._rest_until:
            return self._pass(environ, start_response)
        key = f"{self._today()} {environ.get('PATH_INFO', '')}?{environ.get('QUERY_STRING', '')}"
        try:
            page = self._current(key)
            if page is None:
                endpoints = pages.listed(environ.get("PATH_INFO") or "/", self._locales)
                if endpoints is None or len(environ.get("QUERY_STRING", "")) > pages.QUERY_LIMIT:
                    return self._pass(environ, start_response)
                page = self._make_or_wait(key, environ, endpoints)
        except (RedisError, OSError) as error:
            self._rest_until = time.monotonic() + REST
            log.warning("the cache does not answer: pages are made anew (%s)", type(error).__name__)
            return self._pass(environ, start_response)
        return _answer(page, environ, start_response)

    # -- who may be answered from the cache ------------------------------------------------------------

    def _is_anonymous_reading(self, environ: dict[str, Any]) -> bool:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return False
        for name in self._personal:
            if name in environ:
                return False
        cookies = environ.get("HTTP_COOKIE")
        if cookies and not self._are_ignored(cookies):
            return False
        accept = environ.get("HTTP_ACCEPT")
        return not accept or pages.takes_the_usual(accept)

    def _are_ignored(self, cookies: str) -> bool:
        names = {part.partition("=")[0].strip() for part in cookies.split(";")}
        return names - {""} <= self._ignored

    def _today(self) -> str:
        """The day on the wall: citations and clocks on pages name it."""
        now = time.time()
        if now >= self._day_until:
            self._day = datetime.now(self._zone).date().isoformat()
            self._day_until = now // 1 + 1
        return self._day

    # -- pages -----------------------------------------------------------------------------------------

    def _current(self, key: str) -> Page | None:
        """The page, if it is kept and nothing it depends on has changed."""
        page = self.memory.get(key)
        if page is not None:
            if self.wire.says(page.question, page.answer):
                return page
            self.memory.drop(key)
        kept = self.versions.find(self._name(key))
        if kept is None:
            return None
        page = _unpacked(kept)
        if not self.wire.says(page.question, page.answer):
            return None
        self.memory.put(key, page)
        return page

    def _name(self, key: str) -> str:
        return hashlib.sha256(f"{self._build} {key}".encode("utf-8", "surrogateescape")).hexdigest()

    def _make_or_wait(self, key: str, environ: dict[str, Any], endpoints: frozenset[str]) -> Page:
        """The page made here, or the one that somebody else makes meanwhile, if it is current then."""
        with self._lock:
            event = self._making.get(key)
            first = event is None
            if event is None:
                event = self._making[key] = threading.Event()
        if not first:
            event.wait(WAIT)
            return self._current(key) or self._make(key, environ, endpoints)
        owner, name = f"{id(event)}-{time.time_ns()}", self._name(key)
        held = False
        try:
            until = time.monotonic() + WAIT
            while not (held := self.versions.lock(name, owner, LOCK_MILLISECONDS)):
                time.sleep(POLL)
                page = self._current(key)
                if page is not None:
                    return page
                if time.monotonic() > until:
                    break
            return self._current(key) or self._make(key, environ, endpoints)
        finally:
            with self._lock:
                self._making.pop(key, None)
            event.set()
            if held:
                self.versions.unlock(name, owner)

    def _make(self, key: str, environ: dict[str, Any], endpoints: frozenset[str]) -> Page:
        """Make the page, and keep it if it may be kept."""
        begun = self.versions.begin()
        recorded = recording.start()
        try:
            status, headers, body = self._render(environ)
        finally:
            recording.stop()
            invalidation.settle()
        if not _may_be_kept(status, headers, body) or recorded.endpoint not in endpoints:
            return Page(b"", b"", status, tuple(headers), "", body)
        page = _packed(status, headers, body)
        if len(body) > self._page_bytes:
            return page
        unwatched = recorded.unwatched()
        if unwatched:
            recording.warn_unwatched(str(recorded.endpoint), unwatched)
            return page
        return self._keep(key, begun, recorded.depends_on(), page)

    def _keep(self, key: str, begun: Begun, scopes: tuple[str, ...], page: Page) -> Page:
        head = json.dumps({"scopes": scopes, "status": page.status, "headers": page.headers}).encode()
        content = head + b"\n" + page.body
        kept = self.versions.keep(self._name(key), begun, scopes, content, self._page_seconds)
        if kept is not None:
            page = _unpacked(kept)
            self.memory.put(key, page)
        return page

    def _render(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        own = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": environ.get("PATH_INFO", "/"),
            "QUERY_STRING": environ.get("QUERY_STRING", ""),
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": environ.get("wsgi.errors", sys.stderr),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **self._site,
        }
        told: list[Any] = []
        chunks = self.app(own, lambda *start: told.append(start[:2]))
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        status, headers = told[-1]
        return status, headers, body

    def _pass(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """CKAN's own answer; what it changed is settled before the first byte of it goes out."""
        told: list[Any] = []

        def hold(status: str, headers: Any, exc_info: Any = None) -> None:
            told[:] = [(status, headers, exc_info) if exc_info else (status, headers)]

        try:
            chunks = self.app(environ, hold)
        finally:
            if invalidation.pending():
                invalidation.settle()
        start_response(*told[0])
        return chunks


def _may_be_kept(status: str, headers: list[tuple[str, str]], body: bytes) -> bool:
    if not status.startswith("200"):
        return False
    for name, value in headers:
        lower = name.lower()
        # "private" is what CKAN says of every page unless told otherwise: this one was made for nobody.
        if lower == "set-cookie" or (lower == "cache-control" and "no-store" in value):
            return False
    return b'name="_csrf_token"' not in body


def _packed(status: str, headers: list[tuple[str, str]], body: bytes) -> Page:
    """The page with its own caching headers, not yet known to be current."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    kept = [(name, value) for name, value in headers if name.lower() not in _DROPPED]
    kept += [
        ("ETag", etag),
        ("Cache-Control", CACHE_CONTROL),
        ("Vary", "Cookie, Authorization"),
        # Older than anything: nginx keeps it and asks again each time.
        ("X-Accel-Expires", "@1"),
        ("Content-Length", str(len(body))),
    ]
    return Page(b"", b"", status, tuple(kept), etag, body)


def _unpacked(kept: Kept) -> Page:
    head, _, body = kept.content.partition(b"\n")
    told = json.loads(head)
    headers = tuple((name, value) for name, value in told["headers"])
    etag = next(value for name, value in headers if name == "ETag")
    return Page(question(told["scopes"]), right_answer(kept), told["status"], headers, etag, body)


def _answer(page: Page, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and page.etag and (page.etag in asked or asked.strip() == "*"):
        start_response(
            "304 NOT MODIFIED", [pair for pair in page.headers if not pair[0].startswith("Content-")]
        )
        return []
    start_response(page.status, list(page.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]
