"""gunicorn with the cache in its event loop, over real sockets: what it answers, and what it leaves alone."""

from __future__ import annotations

import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import redis

from ckanext.govdata.cache.versions import Versions
from ckanext.govdata.embedded.ports import free_block

HERE = Path(__file__).parent
API = "/api/3/action/package_list"
BY_LOOP = re.compile(r"\d+ms$", re.M)
"""How a line of the log ends that the event loop has written, and none of gunicorn's own in this format."""


@dataclass
class Portal:
    """The server and the files through which it is told what to show and tells what it did."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    versions: Versions

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str = "/about", **headers: str) -> httpx.Response:
        return httpx.get(self.base + path, headers=headers, timeout=20)

    def show(self, body: bytes) -> None:
        """Change what the pages show, as a change of the catalogue does it."""
        self.versions.mark("1", ["catalogue"])
        replaced = self.folder / "next"
        replaced.write_bytes(body)
        replaced.replace(self.folder / "shows")
        self.versions.settle("1")

    def made(self) -> int:
        return len((self.folder / "made").read_text().splitlines())

    def calls(self) -> int:
        return sum(int(line.split()[1]) for line in (self.folder / "calls").read_text().splitlines())

    def keep(self, path: str = "/about") -> None:
        """Ask until the event loop answers: its connection to Valkey is made by the by."""
        until = time.monotonic() + 20
        at = len(self.log())
        while not BY_LOOP.search(self.log()[at:]):
            self.get(path)
            assert time.monotonic() < until, self.log()

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def talk(self, *pieces: bytes, answers: int = 1) -> bytes:
        """Send pieces, each when the one before has been taken, and read until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                sock.sendall(piece)
            told = b""
            while more := sock.recv(65536):
                told += more
        assert len(re.findall(rb"HTTP/1\.[01] \d+ ", told)) == answers, told[:500]
        return told


@contextmanager
def served(valkey_url: str, folder: Path) -> Iterator[Portal]:
    for name in ("shows", "made", "calls", "log"):
        (folder / name).write_bytes(b"")
    port = free_block(1)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
        "--threads",
        "4",
    ]
    command += ["--worker-class", "ckanext.govdata.cache.worker.CacheWorker", "--keep-alive", "2"]
    command += ["--access-logfile", str(folder / "log"), "--access-logformat", '"%(m)s %(U)s" %(s)s %(B)s']
    environment = {
        **os.environ,
        "CACHE_URL": valkey_url,
        **{f"CACHE_{name.upper()}": str(folder / name) for name in ("shows", "made", "calls")},
    }
    process = subprocess.Popen(
        [*command, "--no-control-socket", "--log-level", "warning", "served:application"],
        cwd=HERE,
        env=environment,
    )
    found = Portal(port, folder, process, Versions(redis.Redis.from_url(valkey_url)))
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=10), timeout=30) as client:
            client.get(f"{found.base}/robots.txt").raise_for_status()
        yield found
        process.terminate()
        process.wait(20)
    finally:
        process.kill()


@pytest.fixture(scope="module")
def server(valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with served(valkey_url, tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture
def portal(server: Portal, versions: Versions) -> Portal:
    """The server, with nothing kept."""
    versions.client.ping()
    server.show(b"first " * 1000)
    return server


def test_a_kept_page_is_answered_without_the_application(portal: Portal) -> None:
    portal.keep()
    made = portal.made()
    with httpx.Client(base_url=portal.base) as client:
        answers = [client.get("/about") for _ in range(50)]
    assert {answer.text for answer in answers} == {"first " * 1000}
    assert portal.made() == made


def test_the_loop_says_the_same_as_the_threads(portal: Portal) -> None:
    threads = portal.get()
    portal.keep()
    for asked in ({}, {"Accept-Encoding": "identity"}, {"If-None-Match": threads.headers["etag"]}):
        loop = portal.get(**asked)
        # The loop leaves requests with this header to the threads.
        other = portal.get(**asked, TE="trailers")
        assert loop.status_code == other.status_code
        assert loop.content == other.content
        assert {**loop.headers, "date": ""} == {**other.headers, "date": ""}
    assert portal.get().headers["content-encoding"] == "gzip"
    assert portal.get(**{"If-None-Match": threads.headers["etag"]}).status_code == 304


def test_head_and_close_are_understood(portal: Portal) -> None:
    portal.keep()
    told = portal.talk(b"HEAD /about HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert told.endswith(b"\r\n\r\n")
    assert b"Content-Length: 6000\r\n" in told
    assert b"Connection: close\r\n" in told


@pytest.mark.parametrize(
    "pieces",
    [
        [b"GET /ab", b"out HTTP/1.1\r\nHost: x\r\nConn", b"ection: close\r\n\r\n"],
        [b"GET /about HTTP/1.0\r\nHost: x\r\n\r\n"],
        [b"GET /about HTTP/1.1\r\nHost: x\r\nX-Under_score: 1\r\nConnection: close\r\n\r\n"],
        [b"GET /about HTTP/1.1\r\nHost: x\r\nCookie: ckan=1\r\nConnection: close\r\n\r\n"],
        [b"GET /about HTTP/1.1\r\nHost: x\r\nAuthorization: t\r\nConnection: close\r\n\r\n"],
        [b"GET /about HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"],
        [
            b"GET /about HTTP/1.1\r\nHost: x\r\nAccept: "
            + b"text/html," * 500
            + b"\r\nConnection: close\r\n\r\n"
        ],
    ],
)
def test_what_is_no_plain_request_is_answered_by_the_threads(portal: Portal, pieces: list[bytes]) -> None:
    portal.keep()
    assert b"first first" in portal.talk(*pieces)


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /about HTTP/1.1\r\n Host: x\r\n\r\n",
        b"GET /about HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"GET /about HTTP/1.1\r\nHost: x\r\nBad Name: x\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_by_gunicorn(portal: Portal, request_: bytes) -> None:
    portal.keep()
    assert portal.talk(request_).startswith(b"HTTP/1.1 400")


def test_requests_that_come_together_are_answered_one_after_the_other(portal: Portal) -> None:
    portal.keep()
    plain = b"GET /about HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    told = portal.talk(plain + plain + last, answers=3)
    assert told.count(b"first " * 1000) == 3


def test_a_body_reaches_the_application_on_a_connection_that_the_loop_had(portal: Portal) -> None:
    portal.keep()
    with httpx.Client(base_url=portal.base) as client:
        for number in range(20):
            assert client.get("/about").status_code == 200
            assert client.post("/echo", content=b"x" * number * 10_000).content == b"x" * number * 10_000


def test_a_change_is_seen_by_the_next_request_of_every_reader(portal: Portal) -> None:
    portal.keep()
    with httpx.Client(base_url=portal.base) as client:
        for number in range(30):
            client.get("/about")
            portal.show(b"version %d" % number)
            assert client.get("/about").text == f"version {number}"
            made = portal.made()
            assert client.get("/about").text == f"version {number}"
            assert portal.made() == made


def test_no_reader_gets_less_than_was_there_when_they_asked(portal: Portal) -> None:
    portal.show(b"0")
    portal.keep()
    shown, over = [0], threading.Event()
    stale: list[tuple[int, int]] = []
    reads = [0] * 4

    def read(which: int) -> None:
        with httpx.Client(base_url=portal.base, timeout=20) as client:
            while not over.is_set():
                least = shown[0]
                found = int(client.get("/about").text)
                reads[which] += 1
                if found < least:
                    stale.append((found, least))

    readers = [threading.Thread(target=read, args=(which,)) for which in range(4)]
    for reader in readers:
        reader.start()
    number = 0
    # A loaded machine may start a reader late: the page goes on changing until each has read its part.
    while number < 200 or (min(reads) <= 10 and all(reader.is_alive() for reader in readers)):
        number += 1
        portal.show(b"%d" % number)
        shown[0] = number
    over.set()
    for reader in readers:
        reader.join(20)
    assert not stale
    assert min(reads) > 10


def test_a_page_that_ends_by_another_ones_change_stays(portal: Portal) -> None:
    portal.keep()
    made = portal.made()
    portal.versions.mark("2", ["dataset:other"])
    portal.get()
    portal.versions.settle("2")
    portal.get()
    assert portal.made() == made


def test_a_reader_who_takes_a_large_page_slowly_gets_all_of_it_and_holds_nobody_up(portal: Portal) -> None:
    large = os.urandom(6_000_000)
    portal.show(large)
    portal.keep()
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(20)
        slow.connect(("127.0.0.1", portal.port))
        slow.sendall(b"GET /about HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert portal.get().content == large
        assert portal.get("/robots.txt").content == large
        told = b""
        while more := slow.recv(1_000_000):
            told += more
    assert told.partition(b"\r\n\r\n")[2] == large


def test_while_valkey_does_not_answer_pages_are_made_anew_and_right(portal: Portal) -> None:
    portal.keep()
    made = portal.made()
    portal.versions.client.execute_command("CLIENT", "PAUSE", "6000", "ALL")
    (portal.folder / "shows").write_bytes(b"meanwhile")
    assert portal.get().text == "meanwhile"
    assert portal.made() > made
    portal.versions.client.ping()
    portal.show(b"afterwards")
    assert portal.get().text == "afterwards"
    until = time.monotonic() + 20
    while True:  # and then from the cache again
        made = portal.made()
        portal.get()
        if portal.made() == made:
            break
        assert time.monotonic() < until


def test_every_call_of_the_api_is_counted_and_none_is_lost_at_the_end(
    valkey_url: str, versions: Versions, tmp_path: Path
) -> None:
    assert versions.client.dbsize() == 0
    with served(valkey_url, tmp_path) as portal:
        portal.keep(API)
        with httpx.Client(base_url=portal.base) as client:
            for number in range(100):
                headers = {"If-None-Match": "*"} if number % 2 else {}
                assert client.get(API, headers=headers).status_code == (304 if number % 2 else 200)
            client.get("/robots.txt")
        portal.process.send_signal(signal.SIGTERM)
        assert portal.process.wait(20) == 0
        assert portal.calls() == portal.log().count(API)
        assert portal.calls() >= 101


def test_a_silent_connection_is_closed_after_a_while(portal: Portal) -> None:
    portal.keep()
    with socket.create_connection(("127.0.0.1", portal.port), timeout=20) as sock:
        sock.sendall(b"GET /about HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")
        told = b""
        while more := sock.recv(65536):
            told += more
    head, _, body = told.partition(b"\r\n\r\n")
    assert b"Connection: keep-alive" in head
    assert gzip.decompress(body) == b"first " * 1000
