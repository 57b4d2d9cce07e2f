"""Probes ask the platform's own address and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ckanext.govdata.supervision.availability import probing, targets
from ckanext.govdata.supervision.availability.targets import DOWNLOAD, HOME, TABLE, Target


class _Portal(BaseHTTPRequestHandler):
    seen: list[tuple[str, str]] = []  # noqa: RUF012 - one server, one list

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Range", "")))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            return
        code = {"/broken": 500, "/gone": 410}.get(self.path, 200)
        body = b"" if self.path == "/empty" else b"content"
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def portal() -> Iterator[str]:
    _Portal.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_answers_are_judged_by_status_and_content(portal: str) -> None:
    paths = ("/", "/fine", "/broken", "/gone", "/empty", "/away")
    asked = [Target(HOME if path == "/" else TABLE, path, path, "") for path in paths]
    found = {each.target.path: (each.ok, each.status) for each in probing.ask(portal, asked)}
    assert found == {
        "/": (True, 200), "/fine": (True, 200), "/broken": (False, 500), "/gone": (False, 410),
        "/empty": (False, 200), "/away": (False, 302),
    }  # fmt: skip
    assert "/elsewhere" not in {path for path, _ in _Portal.seen}, "no redirect is followed"


def test_of_a_file_one_byte_is_asked_that_counts_for_nobody(portal: str) -> None:
    probing.ask(portal, [Target(DOWNLOAD, "/file.csv", "o", "d"), Target(TABLE, "/table.json", "o", "d")])
    assert sorted(_Portal.seen) == [("/file.csv", "bytes=1-1"), ("/table.json", "")]


def test_where_nobody_listens_nothing_else_is_waited_for() -> None:
    asked = [Target(HOME, "/"), *[Target(TABLE, f"/{number}", "o", "d") for number in range(50)]]
    found = probing.ask("http://127.0.0.1:9", asked)
    assert len(found) == 51
    assert {(each.ok, each.status) for each in found} == {(False, None)}


def test_no_proxy_of_the_environment_is_asked(portal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert probing.ask(portal, [Target(HOME, "/")])[0].ok


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://host/", "http://", "http://user:pw@host/", "http://host/?a=b", "host"],
)
def test_only_a_plain_web_address_is_probed(address: str) -> None:
    with pytest.raises(ValueError, match="plain web address"):
        targets.base_of(address)


def test_a_path_of_the_address_is_not_asked() -> None:
    assert targets.base_of("https://data.example.gov.cn/portal/") == "https://data.example.gov.cn"
