"""The WSGI layer in front of Flask: anonymous readers are answered from the cache, everybody else by CKAN.

A page is made with an environment of its own that holds the address of the page and nothing of the reader: no
cookie, no token, no host name, no header. So whatever is kept is what everybody may see, by construction.

Pages that are kept already are answered before this layer by the worker's event loop
(:mod:`ckanext.govdata.cache.worker`), with the same pages, readers and words.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import logging
import re
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from zoneinfo import ZoneInfo

from redis.exceptions import RedisError

from ckanext.govdata.cache import invalidation, pages, recording, wording
from ckanext.govdata.cache.memory import Memory, Page
from ckanext.govdata.cache.pages import Listed
from ckanext.govdata.cache.reader import Readers
from ckanext.govdata.cache.tally import Tally
from ckanext.govdata.cache.turns import WAIT, Turns
from ckanext.govdata.cache.versions import Begun, Kept, Versions, question, right_answer
from ckanext.govdata.cache.wire import Wire

log = logging.getLogger(__name__)

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

LOCK_MILLISECONDS = 15_000
POLL = 0.02
REST = 1.0
"""Seconds without the cache after it did not answer."""
_DAY = 86_400
_TARGET = re.compile(r"/(?:[!-\"$-.0-~][!-\"$-~]*)?")
"""Targets of requests that are their path and question and nothing else."""


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
        tally: Tally | None = None,
        token_header: str = "",
        ignored_cookies: frozenset[str] = frozenset(),
        memory_bytes: int = 64_000_000,
        page_bytes: int = 8_000_000,
        page_seconds: int = _DAY,
    ) -> None:
        self.app, self.versions, self.wire, self.tally = app, versions, wire, tally
        self.memory = Memory(memory_bytes)
        self.readers = Readers(token_header, ignored_cookies)
        self._build, self._locales, self._zone = build, tuple(locales), ZoneInfo(zone)
        self._page_bytes, self._page_seconds = page_bytes, page_seconds
        site = urlsplit(site_url)
        self._site = {
            "HTTP_HOST": site.netloc,
            "SERVER_NAME": site.hostname or "localhost",
            "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
            "wsgi.url_scheme": site.scheme or "http",
        }
        self._rest_until = 0.0
        self._turns: Turns[Page] = Turns()
        self._day, self._midnight = "", 0.0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        reader = self.readers.of_environ(environ)
        if reader is None or time.monotonic() < self._rest_until:
            return self._pass(environ, start_response)
        path, query = environ.get("PATH_INFO") or "/", environ.get("QUERY_STRING", "")
        key = f"{path}?{query}"
        try:
            page = self._current(key)
            if page is None:
                listed = pages.listed(path, self._locales)
                if listed is None or len(query) > pages.QUERY_LIMIT:
                    return self._pass(environ, start_response)
                if listed.negotiated and not reader.usual:
                    return self._pass(environ, start_response)
                page = self._turns.take(key, partial(self._make_in_turn, key, path, query, listed))
        except (RedisError, OSError) as error:
            self._rest_until = time.monotonic() + REST
            log.warning("the cache does not answer: pages are made anew (%s)", type(error).__name__)
            return self._pass(environ, start_response)
        if (page.negotiated and not reader.usual) or (reader.since and page.has_date):
            return self._pass(environ, start_response)
        self.count(page)
        if page.boot:
            self._learn(environ.get("RAW_URI"), key, path, query)
        status, headers, body = wording.words(page, reader, head=environ["REQUEST_METHOD"] == "HEAD")
        start_response(status, headers)
        return [body] if body else []

    def count(self, page: Page) -> None:
        """Count a call of the API that was answered with ``page``."""
        if page.counted and self.tally is not None:
            self.tally.add(self.today())

    def today(self) -> str:
        """The day on the wall: citations and clocks on pages name it."""
        now = time.time()
        if now >= self._midnight:
            here = datetime.now(self._zone)
            tomorrow = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), self._zone)
            self._day, self._midnight = here.date().isoformat(), tomorrow.timestamp()
        return self._day

    def _learn(self, target: str | None, key: str, path: str, query: str) -> None:
        """Remember the line of the request for the event loop, if it says the address and nothing more."""
        if target is None or not _TARGET.fullmatch(target):
            return
        line = target.encode("ascii")
        if b"GET " + line + b" HTTP/1.1" in self.memory.lines:
            return
        asked, _, words = target.partition("?")
        if unquote_to_bytes(asked).decode("latin-1") == path and words == query:
            self.memory.learn(line, key, asked)

    # -- pages -----------------------------------------------------------------------------------------

    def _current(self, key: str) -> Page | None:
        """The page, if it is kept and nothing it depends on has changed."""
        page = self.memory.get(key)
        if page is not None:
            if self._holds(page):
                return page
            self.memory.drop(key)
        kept = self.versions.find(self._name(key))
        if kept is None:
            return None
        page = _unpacked(kept)
        if not self._holds(page):
            return None
        self.memory.put(key, page)
        return page

    def _holds(self, page: Page) -> bool:
        if time.time() >= page.until:
            return False
        return self.wire.says(question(page.scopes), right_answer(page))

    def _name(self, key: str) -> str:
        return hashlib.sha256(f"{self._build} {key}".encode("utf-8", "surrogateescape")).hexdigest()

    def _make_in_turn(self, key: str, path: str, query: str, listed: Listed) -> Page:
        """The page made here, or by another process meanwhile, if it is current then."""
        owner, name = f"{id(self)}-{time.time_ns()}", self._name(key)
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
            return self._current(key) or self._make(key, path, query, listed)
        finally:
            if held:
                self.versions.unlock(name, owner)

    def _make(self, key: str, path: str, query: str, listed: Listed) -> Page:
        """Make the page, and keep it if it may be kept."""
        begun = self.versions.begin()
        self.today()
        ends = min(self._midnight, (time.time() // _DAY + 1) * _DAY)  # the database counts days in UTC
        recorded = recording.start()
        try:
            status, headers, body = self._render(path, query)
        finally:
            recording.stop()
            invalidation.settle()
        counted = recorded.endpoint == "api.action"
        if not _may_be_kept(status, headers, body) or recorded.endpoint not in listed.endpoints:
            return Page(status, tuple(headers), "", body, counted=counted)
        page = wording.page_of(status, headers, body, negotiated=listed.negotiated)
        page.counted, page.until = counted, min(ends, recorded.until)
        if len(body) > self._page_bytes:
            return page
        unwatched = recorded.unwatched()
        if unwatched:
            recording.warn_unwatched(str(recorded.endpoint), unwatched)
            return page
        wording.pack(page)
        page.scopes = recorded.depends_on()
        return self._keep(key, begun, page)

    def _keep(self, key: str, begun: Begun, page: Page) -> Page:
        seconds = min(self._page_seconds, int(page.until - time.time()))
        if seconds < 1:
            return page
        kept = self.versions.keep(self._name(key), begun, page.scopes, _content(page), seconds)
        if kept is not None:
            page.boot, page.versions = kept.boot, kept.versions
            self.memory.put(key, page)
        return page

    def _render(self, path: str, query: str) -> tuple[str, list[tuple[str, str]], bytes]:
        own = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
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
        if lower in ("set-cookie", "content-encoding") or (lower == "cache-control" and "no-store" in value):
            return False
    return b'name="_csrf_token"' not in body


def _content(page: Page) -> bytes:
    told = {
        "scopes": page.scopes,
        "headers": page.headers,
        "etag": page.etag,
        "until": page.until,
        "negotiated": page.negotiated,
        "counted": page.counted,
        "packed": bool(page.packed),
    }
    return json.dumps(told).encode() + b"\n" + (page.packed or page.body)


def _unpacked(kept: Kept) -> Page:
    head, _, body = kept.content.partition(b"\n")
    told = json.loads(head)
    return Page(
        status="200 OK",
        headers=tuple((name, value) for name, value in told["headers"]),
        etag=told["etag"],
        body=gzip.decompress(body) if told["packed"] else body,
        packed=body if told["packed"] else b"",
        scopes=tuple(told["scopes"]),
        boot=kept.boot,
        versions=kept.versions,
        until=told["until"],
        negotiated=told["negotiated"],
        counted=told["counted"],
    )
