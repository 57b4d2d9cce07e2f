"""Fetching: verified, resumed, refused when it is another file."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest

from ckanext.govdata.embedded import jars
from ckanext.govdata.embedded.errors import JarError
from ckanext.govdata.embedded.jarlock import Jar

CONTENT = bytes(range(256)) * 1024


class Repository:
    """A Maven repository on a free port that may break off in the middle of an answer."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.ranges: list[str | None] = []
        self.break_off_once_after: int | None = None
        self.knows_ranges = True
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        self.ranges.append(wanted)
        body = self.files.get(request.path.lstrip("/"))
        if body is None:
            request.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.knows_ranges else 0
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(body) - start))
        request.end_headers()
        end = len(body)
        if self.break_off_once_after is not None:
            end, self.break_off_once_after = start + self.break_off_once_after, None
            request.close_connection = True
        request.wfile.write(body[start:end])


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    served = Repository()
    monkeypatch.setenv("GOVDATA_MAVEN_REPOSITORY", served.url)
    monkeypatch.setenv("GOVDATA_JAR_CACHE", str(tmp_path / "cache"))
    yield served
    served.server.shutdown()
    served.server.server_close()


def jar_of(content: bytes, **changes: object) -> Jar:
    fields = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), **changes}
    return Jar("org.example", "thing", "1.0", "", **fields)  # type: ignore[arg-type]


def test_an_archive_is_fetched_and_counted_to_its_last_byte(repository: Repository) -> None:
    jar = jar_of(CONTENT)
    repository.files[jar.path] = CONTENT
    counted: list[int] = []
    jars.fetch_all([jar, jar], counted.append)
    assert jars.cached(jar).read_bytes() == CONTENT
    assert sum(counted) == len(CONTENT)
    assert jars.missing([jar]) == []


def test_a_download_that_breaks_off_goes_on_where_it_stopped(repository: Repository) -> None:
    jar = jar_of(CONTENT)
    repository.files[jar.path] = CONTENT
    repository.break_off_once_after = 100_000
    counted: list[int] = []
    jars.fetch_all([jar], counted.append)
    assert repository.ranges[0] is None
    assert repository.ranges[1] is not None
    assert 0 < int(repository.ranges[1].removeprefix("bytes=").rstrip("-")) <= 100_000
    assert jars.cached(jar).read_bytes() == CONTENT
    assert sum(counted) == len(CONTENT)


def test_a_part_left_by_an_earlier_run_is_used(repository: Repository) -> None:
    jar = jar_of(CONTENT)
    repository.files[jar.path] = CONTENT
    partial = jars.cached(jar).with_name(jar.filename + ".part")
    partial.parent.mkdir(parents=True)
    partial.write_bytes(CONTENT[:5000])
    jars.fetch_all([jar], lambda _count: None)
    assert repository.ranges == ["bytes=5000-"]
    assert jars.cached(jar).read_bytes() == CONTENT


def test_a_server_without_ranges_gives_a_whole_file_all_the_same(repository: Repository) -> None:
    jar = jar_of(CONTENT)
    repository.files[jar.path] = CONTENT
    repository.knows_ranges = False
    repository.break_off_once_after = 5000
    jars.fetch_all([jar], lambda _count: None)
    assert jars.cached(jar).read_bytes() == CONTENT


def test_another_file_than_the_locked_one_is_thrown_away(repository: Repository) -> None:
    jar = jar_of(CONTENT)
    repository.files[jar.path] = CONTENT[:-1] + b"!"
    with pytest.raises(JarError):
        jars.fetch_all([jar], lambda _count: None)
    assert not jars.cached(jar).exists()
    assert not list(jars.cache().rglob("*.part"))


def test_an_archive_that_is_not_there_says_so_in_both_languages(repository: Repository) -> None:
    with pytest.raises(JarError) as refused:
        jars.fetch_all([jar_of(CONTENT)], lambda _count: None)
    assert "HTTP 404" in refused.value.message.zh
    assert "HTTP 404" in refused.value.message.en


def test_a_damaged_archive_in_the_cache_is_fetched_again(repository: Repository) -> None:
    jar = jar_of(CONTENT)
    repository.files[jar.path] = CONTENT
    jars.fetch_all([jar], lambda _count: None)
    jars.cached(jar).write_bytes(b"damaged")
    assert jars.missing([jar]) == [jar]
    jars.fetch_all([jar], lambda _count: None)
    assert jars.cached(jar).read_bytes() == CONTENT


def test_an_archive_without_a_hash_is_refused(repository: Repository) -> None:
    with pytest.raises(JarError):
        jars.fetch_all([jar_of(CONTENT, sha256="")], lambda _count: None)
    assert repository.ranges == []


def web_archive(names: list[str]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return stream.getvalue()


def test_static_files_of_a_web_archive_are_unpacked_and_nothing_else(
    repository: Repository, tmp_path: Path
) -> None:
    content = web_archive(["META-INF/resources/webjars/htmx.org/2.0/dist/htmx.js", "META-INF/MANIFEST.MF"])
    jar = jar_of(content)
    repository.files[jar.path] = content
    jars.fetch_all([jar], lambda _count: None)
    target = tmp_path / "webjars"
    target.mkdir()
    jars.unpack_webjars([jar], target)
    files = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert files == {"htmx.org/2.0/dist/htmx.js", ".unpacked"}


def test_a_web_archive_that_leaves_its_folder_is_refused(repository: Repository, tmp_path: Path) -> None:
    content = web_archive(["META-INF/resources/webjars/../../../escaped.js"])
    jar = jar_of(content)
    repository.files[jar.path] = content
    jars.fetch_all([jar], lambda _count: None)
    target = tmp_path / "webjars"
    target.mkdir()
    with pytest.raises(JarError):
        jars.unpack_webjars([jar], target)
    assert not (tmp_path / "escaped.js").exists()
