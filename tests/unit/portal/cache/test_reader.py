"""Who is anonymous, read from a request's own bytes and from WSGI alike."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.cache.reader import Reader, Readers, takes_gzip

readers = Readers("X-Token", frozenset({"waf"}))


def block(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in ("Host: data.example", *lines, "")).encode()


def environ(*lines: str) -> dict[str, Any]:
    pairs = (line.split(": ", 1) for line in lines)
    return {"REQUEST_METHOD": "GET", **{f"HTTP_{n.upper().replace('-', '_')}": v for n, v in pairs}}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], Reader()),
        (["Accept: text/html", "Accept-Encoding: gzip, br"], Reader(packed=True)),
        (["Accept: text/turtle"], Reader(usual=False)),
        (['If-None-Match: "a", W/"b"'], Reader(known='"a", W/"b"')),
        (["If-Modified-Since: Mon, 23 Nov 2026 00:00:00 GMT"], Reader(since=True)),
        (["If-Modified-Since: x", "If-None-Match: *"], Reader(known="*")),
        (["Cookie: waf=1"], Reader()),
        (["Cookie: waf=1; ckan=2"], None),
        (["Cookie: ckan"], None),
        (["Authorization: x"], None),
        (["x-ToKeN: x"], None),
        (["X-CKAN-API-Key: x"], None),
        (["Origin: https://a.example"], None),
        (["Range: bytes=0-1"], None),
    ],
)
def test_the_loop_and_the_threads_read_a_request_alike(lines: list[str], expected: Reader | None) -> None:
    assert readers.of_block(block(*lines)) == expected
    assert readers.of_environ(environ(*lines)) == expected


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_who_wants_to_change_something_is_no_reader(method: str) -> None:
    assert readers.of_environ({"REQUEST_METHOD": method}) is None


def test_an_account_that_the_web_server_names_is_no_reader() -> None:
    assert readers.of_environ({"REQUEST_METHOD": "GET", "REMOTE_USER": "officer"}) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"Accept: a\r\n\r\n",
        b"Host: a\r\nHost: b\r\n\r\n",
        b"Host: a\r\n",
        b"Host: a\n\n",
        b"Host: a\r\n folded\r\n\r\n",
        b"Host: a\r\nX: \0\r\n\r\n",
        b"Host: a\r\nX: a\rb\r\n\r\n",
        b"Host : a\r\n\r\n",
        b"Host: a\r\nX_Y: 1\r\n\r\n",
        b"Host: a\r\nContent-Length: 0\r\n\r\n",
        b"Host: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"Host: a\r\nExpect: 100-continue\r\n\r\n",
        b"Host: a\r\nConnection: Upgrade\r\n\r\n",
        b"Host: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"Host: a\r\n\r\nbody",
        b"Host: a\r\nX: " + b"a" * 5000 + b"\r\n\r\n",
    ],
)
def test_lines_that_are_not_plain_are_left_to_the_web_server(raw: bytes) -> None:
    assert readers.of_block(raw) is None


@given(st.binary(max_size=200))
def test_no_bytes_make_a_reader_unless_they_are_whole_header_lines(raw: bytes) -> None:
    found = readers.of_block(raw)
    assert found is None or (raw.endswith(b"\r\n\r\n") and b"host" in raw.lower())


def test_lines_of_somebody_are_not_remembered() -> None:
    own = Readers()
    own.of_block(block("Authorization: secret"))
    own.of_block(block("Cookie: ckan=secret"))
    assert not own._blocks
    own.of_block(block())
    assert len(own._blocks) == 1


@pytest.mark.parametrize(
    ("given_", "takes"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("x-gzip", False),
    ],
)
def test_gzip_is_taken_when_it_is_named_and_not_refused(given_: str, takes: bool) -> None:
    assert takes_gzip(given_) is takes
