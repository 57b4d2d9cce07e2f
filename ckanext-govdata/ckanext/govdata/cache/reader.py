"""Who asks, as far as the cache may know: nobody in particular, or somebody whom only CKAN may answer.

The same is read from a WSGI environment and from the header lines of a request, byte for byte. Whatever is
not plainly an anonymous request to read is nobody's here: CKAN answers it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ckanext.govdata.cache import pages

PERSONAL = ("authorization", "x-ckan-api-key", "origin", "range")
"""Whoever sends one of these might be somebody, or asks for something that is not the whole page."""
_BODY = frozenset({"content-length", "transfer-encoding", "expect", "upgrade", "te", "trailer"})
"""Headers of requests that have a body or want another protocol: the web server reads these itself."""
_LINES = re.compile(rb"(?:[A-Za-z0-9-]+:[ \t]*[^\r\n\0]*\r\n)+\r\n")
_LONGEST = 4096
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Reader:
    """An anonymous reader.

    ``known``: the ETags that they have (``If-None-Match``), empty without; ``since``: they name a day and no
    ETag; ``usual``: they want a page or JSON and no other form; ``close``: they want nothing more.
    """

    packed: bool = False
    known: str = ""
    since: bool = False
    usual: bool = True
    close: bool = False


class Readers:
    """Tells readers from requests; ``ignored`` are cookies that say nothing about who is there."""

    def __init__(self, token_header: str = "", ignored: frozenset[str] = frozenset()) -> None:
        self._personal = frozenset({*PERSONAL, token_header.lower()} - {""})
        self._environ = ("REMOTE_USER", *(f"HTTP_{n.upper().replace('-', '_')}" for n in self._personal))
        self._ignored = ignored
        self._blocks: dict[bytes, Reader] = {}

    def of_environ(self, environ: dict[str, Any]) -> Reader | None:
        """The reader of a WSGI request; None when CKAN has to answer it."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        if any(name in environ for name in self._environ):
            return None
        return self._reader(
            environ.get("HTTP_COOKIE", ""),
            environ.get("HTTP_ACCEPT", ""),
            environ.get("HTTP_ACCEPT_ENCODING", ""),
            environ.get("HTTP_IF_NONE_MATCH", ""),
            environ.get("HTTP_IF_MODIFIED_SINCE", ""),
        )

    def of_block(self, block: bytes) -> Reader | None:
        """The reader of header lines with the empty line that ends them; None when CKAN has to answer.

        Clients send the same lines again and again: what was read of them is kept, but never lines that
        might belong to somebody.
        """
        found = self._blocks.get(block)
        if found is None:
            found = self._read(block)
            if found is not None:
                if len(self._blocks) >= _KEPT:
                    self._blocks.clear()
                self._blocks[block] = found
        return found

    def _read(self, block: bytes) -> Reader | None:
        if len(block) > _LONGEST or _LINES.fullmatch(block) is None:
            return None
        told: dict[str, str] = {}
        for line in block[:-4].decode("latin-1").split("\r\n"):
            name, _, value = line.partition(":")
            name, value = name.lower(), value.strip(" \t")
            if name in self._personal or name in _BODY:
                return None
            told[name] = f"{told[name]}, {value}" if name in told else value
        if "host" not in told or "," in told["host"]:
            return None
        connection = told.get("connection", "").lower()
        if connection not in ("", "keep-alive", "close"):
            return None
        return self._reader(
            told.get("cookie", ""),
            told.get("accept", ""),
            told.get("accept-encoding", ""),
            told.get("if-none-match", ""),
            told.get("if-modified-since", ""),
            close=connection == "close",
        )

    def _reader(
        self, cookie: str, accept: str, encoding: str, known: str, since: str, *, close: bool = False
    ) -> Reader | None:
        if cookie and not self._are_ignored(cookie):
            return None
        return Reader(
            packed=takes_gzip(encoding),
            known=known.strip(),
            since=bool(since and not known),
            usual=not accept or pages.takes_the_usual(accept),
            close=close,
        )

    def _are_ignored(self, cookies: str) -> bool:
        names = {part.partition("=")[0].strip() for part in re.split("[;,]", cookies)}
        return names - {""} <= self._ignored


def takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip is named and not refused.

    >>> takes_gzip("gzip, deflate, br"), takes_gzip("br, gzip;q=0"), takes_gzip("")
    (True, False, False)
    """
    if "gzip" not in accept_encoding:
        return False
    for part in accept_encoding.split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() == "gzip":
            return not re.fullmatch(r"\s*q\s*=\s*0(?:\.0*)?\s*", weight)
    return False
