"""The layer in front of an application of a few lines: who is answered from the cache, and with what."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
import redis

from ckanext.govdata.cache import invalidation, recording
from ckanext.govdata.cache.layer import CacheLayer
from ckanext.govdata.cache.versions import Versions
from ckanext.govdata.cache.wire import Wire


class App:
    """Counts its calls and shows what of the reader it was given."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.extra: list[tuple[str, str]] = []
        self.body = b"page"
        self.status = "200 OK"
        self.endpoint = "govdata_home.index"
        self.scope = "catalogue"
        self.gate: threading.Event | None = None
        self.during: Any = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.calls.append(environ)
        if self.gate is not None:
            assert self.gate.wait(10)
        recording.depends(self.scope)
        recording.answered_by(self.endpoint)
        if self.during is not None:
            self.during()
        start_response(self.status, [("Content-Type", "text/html"), *self.extra])
        return [self.body]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def layer(app: App, versions: Versions, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> CacheLayer:
    monkeypatch.setattr(invalidation, "store", lambda: versions)
    return make(app, versions, valkey_url)


def make(app: App, versions: Versions, url: str, **options: Any) -> CacheLayer:
    return CacheLayer(
        app, versions, Wire(url), site_url="https://data.example.gov.cn", build="b",
        locales=("en", "zh_Hans_CN"), zone="Asia/Shanghai", token_header="Authorization", **options,
    )  # fmt: skip


def get(
    layer: CacheLayer, path: str = "/", query: str = "", **environ: str
) -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, **environ}
    body = b"".join(layer(asked, lambda *start: told.append(start)))
    status, headers = told[0][:2]
    return status, dict(headers), body


def test_the_second_reader_is_answered_without_the_application(layer: CacheLayer, app: App) -> None:
    first, second = get(layer), get(layer)
    assert first == second
    assert len(app.calls) == 1
    assert first[1]["Cache-Control"] == "public, no-cache"
    assert first[1]["X-Accel-Expires"] == "@1"


def test_another_process_finds_the_page_in_valkey(
    layer: CacheLayer, app: App, versions: Versions, valkey_url: str
) -> None:
    get(layer)
    assert get(make(app, versions, valkey_url))[2] == b"page"
    assert len(app.calls) == 1


def test_a_page_with_its_etag_is_answered_304_without_a_body(layer: CacheLayer) -> None:
    etag = get(layer)[1]["ETag"]
    status, headers, body = get(layer, HTTP_IF_NONE_MATCH=f'W/{etag}, "other"')
    assert (status, body) == ("304 NOT MODIFIED", b"")
    assert headers["ETag"] == etag
    assert "Content-Type" not in headers


def test_head_has_the_headers_and_no_body(layer: CacheLayer) -> None:
    status, headers, body = get(layer, REQUEST_METHOD="HEAD")
    assert (status, headers["Content-Length"], body) == ("200 OK", "4", b"")


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "ckan=abc"},
        {"HTTP_COOKIE": "anything=1"},
        {"HTTP_AUTHORIZATION": "token"},
        {"HTTP_X_CKAN_API_KEY": "token"},
        {"HTTP_ORIGIN": "https://other.example"},
        {"REMOTE_USER": "officer"},
        {"HTTP_ACCEPT": "text/turtle"},
        {"REQUEST_METHOD": "POST"},
    ],
)
def test_whoever_might_be_somebody_is_answered_by_the_application(
    layer: CacheLayer, app: App, environ: dict[str, str]
) -> None:
    get(layer)
    get(layer, **environ)
    get(layer, **environ)
    assert len(app.calls) == 3


def test_a_page_is_made_without_anything_of_the_reader(app: App, versions: Versions, valkey_url: str) -> None:
    layer = make(app, versions, valkey_url, ignored_cookies=frozenset({"waf"}))
    get(
        layer, HTTP_COOKIE="waf=1", HTTP_HOST="evil.example", HTTP_USER_AGENT="me", REMOTE_ADDR="1.2.3.4",
        HTTP_X_FORWARDED_FOR="1.2.3.4", HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="fr",
    )  # fmt: skip
    (seen,) = app.calls
    assert {name for name in seen if name.startswith("HTTP_")} == {"HTTP_HOST"}
    assert seen["HTTP_HOST"] == "data.example.gov.cn"
    assert "1.2.3.4" not in str(seen)


@pytest.mark.parametrize(
    "path", ["/user/login", "/dashboard", "/dataset/x/edit", "/release", "/api/3/action/user_show"]
)
def test_an_address_that_is_not_listed_is_never_kept(layer: CacheLayer, app: App, path: str) -> None:
    get(layer, path)
    get(layer, path)
    assert len(app.calls) == 2


def test_a_listed_address_that_another_view_answers_is_not_kept(layer: CacheLayer, app: App) -> None:
    app.endpoint = "dataset.new"
    get(layer, "/dataset/new")
    get(layer, "/dataset/new")
    assert len(app.calls) == 2


@pytest.mark.parametrize(
    ("status", "extra", "body"),
    [
        ("404 NOT FOUND", [], b""),
        ("302 FOUND", [("Location", "/")], b""),
        ("200 OK", [("Set-Cookie", "ckan=1")], b""),
        ("200 OK", [("Cache-Control", "no-store")], b""),
        ("200 OK", [], b'<input name="_csrf_token" value="x">'),
    ],
)
def test_what_is_no_plain_public_page_is_given_and_not_kept(
    layer: CacheLayer, app: App, status: str, extra: list[tuple[str, str]], body: bytes
) -> None:
    app.status, app.extra, app.body = status, extra, body
    found = get(layer)
    assert (found[0], found[2]) == (status, body)
    assert "X-Accel-Expires" not in found[1]
    get(layer)
    assert len(app.calls) == 2


def test_a_page_beyond_the_limit_is_given_and_not_kept(app: App, versions: Versions, valkey_url: str) -> None:
    layer = make(app, versions, valkey_url, page_bytes=3)
    assert get(layer)[2] == b"page"
    get(layer)
    assert len(app.calls) == 2


def test_languages_and_questions_are_pages_of_their_own(layer: CacheLayer, app: App) -> None:
    for path, query in (("/", ""), ("/en/", ""), ("/", "q=1"), ("/", "q=2")):
        get(layer, path, query)
        get(layer, path, query)
    assert len(app.calls) == 4


def test_a_change_makes_the_page_new(layer: CacheLayer, app: App, versions: Versions) -> None:
    get(layer)
    app.body = b"new"
    versions.mark("1", ["catalogue"])
    assert get(layer)[2] == b"new"
    versions.settle("1")
    assert get(layer)[2] == b"new"
    assert get(layer)[2] == b"new"
    assert len(app.calls) == 3


def test_a_page_whose_scope_changes_while_it_is_made_is_given_once(
    layer: CacheLayer, app: App, versions: Versions
) -> None:
    def change() -> None:
        versions.mark("1", ["catalogue"])
        versions.settle("1")

    app.during = change
    get(layer)
    app.during = None
    get(layer)
    get(layer)
    assert len(app.calls) == 2


def test_twenty_readers_of_a_missing_page_make_it_once(layer: CacheLayer, app: App) -> None:
    app.gate = threading.Event()
    answers: list[bytes] = []
    readers = [threading.Thread(target=lambda: answers.append(get(layer)[2])) for _ in range(20)]
    for reader in readers:
        reader.start()
    app.gate.set()
    for reader in readers:
        reader.join(20)
    assert answers == [b"page"] * 20
    assert len(app.calls) == 1


def test_without_valkey_pages_are_made_anew_and_right(app: App, tmp_path: Any) -> None:
    url = f"unix://{tmp_path}/nothing.sock"
    layer = make(app, Versions(redis.Redis.from_url(url)), url)
    for body in (b"one", b"two", b"three"):
        app.body = body
        assert get(layer)[2] == body


def test_memory_stays_within_its_limit(app: App, versions: Versions, valkey_url: str) -> None:
    layer = make(app, versions, valkey_url, memory_bytes=10_000)
    for number in range(50):
        get(layer, "/", f"page={number}")
    assert layer.memory.size <= 10_000
    get(layer, "/", "page=49")
    assert len(app.calls) == 50


def test_a_document_with_an_address_of_its_own_keeps_its_etag_and_varies_by_no_reader(
    layer: CacheLayer, app: App
) -> None:
    app.endpoint, app.extra = "govdata_catalogue_documents.data_json_document", [("ETag", 'W/"abc"')]
    headers = get(layer, "/data.json", HTTP_ACCEPT="text/turtle")[1]
    assert (headers["ETag"], headers["Vary"]) == ('W/"abc"', "Accept-Encoding")
    assert get(layer, "/data.json", HTTP_IF_NONE_MATCH='W/"abc"')[0] == "304 NOT MODIFIED"
    app.endpoint = "govdata_home.index"
    assert "Cookie" in get(layer, "/")[1]["Vary"]
    assert len(app.calls) == 2


def test_the_packed_form_has_other_bytes_and_another_etag(layer: CacheLayer, app: App) -> None:
    app.body = b"page " * 1000
    plain = get(layer)
    packed = get(layer, HTTP_ACCEPT_ENCODING="gzip, br")
    assert gzip.decompress(packed[2]) == plain[2]
    assert packed[1]["Content-Encoding"] == "gzip"
    assert packed[1]["ETag"] != plain[1]["ETag"]
    for told, encoding in ((plain, ""), (packed, "gzip")):
        again = get(layer, HTTP_IF_NONE_MATCH=told[1]["ETag"], HTTP_ACCEPT_ENCODING=encoding)
        assert (again[0], again[1]["ETag"], again[2]) == ("304 NOT MODIFIED", told[1]["ETag"], b"")
    assert len(app.calls) == 1


def test_a_page_ends_at_midnight_here(layer: CacheLayer, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    get(layer)
    now = time.time()
    monkeypatch.setattr(
        "ckanext.govdata.cache.layer.time",
        SimpleNamespace(
            time=lambda: now + 86_400, monotonic=time.monotonic, time_ns=time.time_ns, sleep=time.sleep
        ),
    )
    app.body = b"tomorrow"
    assert get(layer)[2] == b"tomorrow"
