"""What is said to a reader about a kept page: status, headers, body or none."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence

from ckanext.govdata.cache.memory import Page
from ckanext.govdata.cache.reader import Reader

CACHE_CONTROL = "public, no-cache"
"""May be kept by anybody who asks each time whether it still holds."""
WORTH_PACKING = 1024
PACKED_TYPES = ("text/", "application/json", "application/xml", "application/ld+json", "application/rdf+xml",
                "application/atom+xml", "application/geo+json")  # fmt: skip
_DROPPED = frozenset(
    {"content-length", "content-encoding", "cache-control", "vary", "etag", "date", "connection", "expires"}
    | {"server", "transfer-encoding"}
)
_OK, _KNOWN = "200 OK", "304 NOT MODIFIED"


def words(page: Page, reader: Reader, *, head: bool) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status, headers and body for ``reader``, as WSGI has them."""
    if not page.etag:
        return page.status, list(page.headers), b"" if head else page.body
    packed = reader.packed and bool(page.packed)
    if is_known(page, reader, packed=packed):
        return _KNOWN, headers(page, packed=packed, known=True), b""
    body = page.packed if packed else page.body
    return _OK, headers(page, packed=packed, known=False), b"" if head else body


def wire(page: Page, reader: Reader, *, head: bool) -> tuple[bool, bytes, bytes]:
    """(known, header lines with the empty line, body) for the socket; made once for each form of a page."""
    packed = reader.packed and bool(page.packed)
    known = is_known(page, reader, packed=packed)
    form = f"{known:d}{packed:d}"
    made = page.wires.get(form)
    if made is None:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers(page, packed=packed, known=known))
        body = b"" if known else page.packed if packed else page.body
        made = page.wires[form] = ((lines + "\r\n").encode("latin-1"), body)
    return known, made[0], b"" if head else made[1]


def is_known(page: Page, reader: Reader, *, packed: bool) -> bool:
    """Whether the reader has this page already, in the form of its bytes that they would get now."""
    given = reader.known
    if not given or not page.etag:
        return False
    etag = page.packed_etag if packed else page.etag
    return given == "*" or etag.removeprefix("W/") in given


def headers(page: Page, *, packed: bool, known: bool) -> list[tuple[str, str]]:
    """The headers of the page in one of its forms; those of its content only with content."""
    found = [pair for pair in page.headers if not (known and pair[0].lower().startswith("content-"))]
    found.append(("ETag", page.packed_etag if packed else page.etag))
    found.append(("Cache-Control", CACHE_CONTROL))
    # Older than anything: nginx keeps it and asks again each time.
    found.append(("X-Accel-Expires", "@1"))
    if not known:
        if packed:
            found.append(("Content-Encoding", "gzip"))
        found.append(("Content-Length", str(len(page.packed if packed else page.body))))
    return found


def page_of(status: str, given: Sequence[tuple[str, str]], body: bytes, *, negotiated: bool = True) -> Page:
    """A page as CKAN made it, with its own caching headers, not yet known to be current.

    A view's own ETag stays: it says the same to those whom CKAN answers itself. A document with an address of
    its own that says nothing of cookies is the same for everybody.
    """
    told = {name.lower(): value for name, value in given}
    kept = [(name, value) for name, value in given if name.lower() not in _DROPPED]
    about_who = "cookie" in told.get("vary", "cookie" if negotiated else "").lower()
    vary = "Accept-Encoding, Cookie, Authorization" if about_who else "Accept-Encoding"
    etag = told.get("etag") or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Page(status, (*kept, ("Vary", vary)), etag, body, negotiated=negotiated)


def pack(page: Page) -> None:
    """Compress the body where that saves anything; alike for alike bodies."""
    kind = next((value for name, value in page.headers if name.lower() == "content-type"), "")
    if len(page.body) >= WORTH_PACKING and kind.startswith(PACKED_TYPES):
        packed = gzip.compress(page.body, 6, mtime=0)
        if len(packed) < len(page.body):
            page.packed = packed
