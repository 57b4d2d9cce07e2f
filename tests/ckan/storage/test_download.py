"""Downloads of published files over HTTP: resumable, verifiable, the same for everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

DATASET = "parking-lots"


@pytest.fixture(scope="module")
def artifacts(stack: Any) -> dict[str, dict[str, Any]]:
    """What the demo release of a data set published, by format."""
    release = next(d["release"] for d in stack.datasets if d["name"] == DATASET)
    shown = stack.action("sysadmin", "govdata_release_show", id=release)
    assert shown["state"] == "published"
    return {artifact["format"]: artifact for artifact in shown["artifacts"]}


@pytest.fixture(scope="module")
def anybody(stack: Any) -> Iterator[httpx.Client]:
    with stack.client() as client:
        yield client


@pytest.fixture(scope="module")
def file(artifacts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return artifacts["xlsx"]


@pytest.fixture(scope="module")
def content(anybody: httpx.Client, file: dict[str, Any]) -> bytes:
    return anybody.get(file["url"]).content


@pytest.mark.article("SX-15")
def test_every_format_is_there_for_anybody_with_the_hash_that_was_recorded(
    anybody: httpx.Client, artifacts: dict[str, dict[str, Any]]
) -> None:
    assert set(artifacts) == {"csv", "xlsx", "json", "xml", "parquet", "schema"}
    for artifact in artifacts.values():
        for url in (artifact["url"], artifact["latest_url"]):
            answer = anybody.get(url)
            assert answer.status_code == 200, url
            assert len(answer.content) == artifact["size"]
            assert hashlib.sha256(answer.content).hexdigest() == artifact["sha256"]
            assert answer.headers["ETag"] == f'"{artifact["sha256"]}"'
            assert answer.headers["Content-Length"] == str(artifact["size"])


def test_an_anonymous_download_sets_no_cookie_and_must_be_revalidated(
    anybody: httpx.Client, file: dict[str, Any]
) -> None:
    for url in (file["url"], file["latest_url"]):
        headers = anybody.get(url).headers
        assert "Set-Cookie" not in headers
        assert "Vary" not in headers
        assert headers["Cache-Control"] == "public, no-cache"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Disposition"].startswith("attachment;")


def test_head_tells_the_same_without_the_body(anybody: httpx.Client, file: dict[str, Any]) -> None:
    got, head = anybody.get(file["url"]), anybody.head(file["url"])
    assert head.content == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Accept-Ranges", "Content-Disposition"):
        assert head.headers[name] == got.headers[name]


def test_a_broken_download_goes_on_where_it_stopped(
    anybody: httpx.Client, file: dict[str, Any], content: bytes
) -> None:
    half = len(content) // 2
    first = anybody.get(file["url"], headers={"Range": f"bytes=0-{half - 1}"})
    assert first.status_code == 206
    assert first.headers["Content-Range"] == f"bytes 0-{half - 1}/{len(content)}"
    rest = anybody.get(file["url"], headers={"Range": f"bytes={half}-", "If-Range": first.headers["ETag"]})
    assert rest.status_code == 206
    assert first.content + rest.content == content


def test_another_version_is_sent_from_the_start(
    anybody: httpx.Client, file: dict[str, Any], content: bytes
) -> None:
    answer = anybody.get(file["latest_url"], headers={"Range": "bytes=10-", "If-Range": '"older"'})
    assert (answer.status_code, answer.content) == (200, content)


def test_the_last_bytes_and_a_range_without_bytes(
    anybody: httpx.Client, file: dict[str, Any], content: bytes
) -> None:
    assert anybody.get(file["url"], headers={"Range": "bytes=-7"}).content == content[-7:]
    none = anybody.get(file["url"], headers={"Range": f"bytes={len(content)}-"})
    assert none.status_code == 416
    assert none.headers["Content-Range"] == f"bytes */{len(content)}"


def test_what_the_reader_has_already_is_not_sent_again(anybody: httpx.Client, file: dict[str, Any]) -> None:
    etag = f'"{file["sha256"]}"'
    for url in (file["url"], file["latest_url"]):
        for known in (etag, f'W/{etag}, "x"', "*"):
            answer = anybody.get(url, headers={"If-None-Match": known})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["ETag"] == etag
        assert anybody.get(url, headers={"If-None-Match": '"x"'}).status_code == 200
        assert anybody.get(url, headers={"If-Match": '"x"'}).status_code == 412
        assert anybody.get(url, headers={"If-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/dataset/{name}/releases/1/nothing.csv",
        "/dataset/{name}/releases/99/{name}.csv",
        "/dataset/no-such-dataset/latest/{name}.csv",
        "/dataset/{name}/latest/..%2f{name}.csv",
        "/dataset/{name}/releases/1/..%2f..%2fraw",
    ],
)
def test_what_was_never_published_is_not_found(anybody: httpx.Client, path: str) -> None:
    answer = anybody.get(path.format(name=DATASET), headers={"Accept": "application/json"})
    assert answer.status_code == 404


@pytest.mark.article("SX-22")
def test_an_unapproved_release_has_no_file_for_anybody(stack: Any) -> None:
    waiting = [d for d in stack.datasets if d["state"] not in ("published", "withdrawn")]
    assert waiting
    for role in (None, "developer", "compiler", "compiler2", "sysadmin"):
        with stack.client(role) as client:
            for dataset in waiting:
                for address in ("releases/1", "latest"):
                    path = f"/dataset/{dataset['name']}/{address}/{dataset['name']}.csv"
                    assert client.get(path).status_code == 404, (role, path)


@pytest.mark.article("SX-22")
def test_the_object_store_gives_nothing_past_the_gate(context: None) -> None:
    from ckanext.govdata import config
    from ckanext.govdata.storage import buckets

    keys = [info.key for info in buckets.public().list("releases/")]
    assert keys
    for bucket, key in ((config.public_bucket(), keys[0]), (config.staging_bucket(), "")):
        address = f"{config.s3(bucket).endpoint}/{bucket}/{key}"
        assert httpx.get(address, timeout=10).status_code == 403


def test_downloads_are_counted_once_each_and_nothing_else_is_kept(
    context: None, anybody: httpx.Client, file: dict[str, Any]
) -> None:
    from ckan import model
    from ckan.lib.redis import connect_to_redis

    from ckanext.govdata.release.artifacts import Artifact
    from ckanext.govdata.release.public import published_artifact
    from ckanext.govdata.storage import download_count

    found = published_artifact(model.Session, DATASET, "latest", file["filename"])
    assert isinstance(found, Artifact)
    before = download_count.counts([found.key])[found.key]
    anybody.get(file["url"])
    anybody.get(file["url"], headers={"Range": "bytes=0-9"})
    anybody.get(file["url"], headers={"Range": "bytes=10-"})
    anybody.head(file["url"])
    anybody.get(file["url"], headers={"If-None-Match": "*"})
    assert download_count.counts([found.key, "never"]) == {found.key: before + 2, "never": 0}
    assert found.key.encode() in connect_to_redis().hkeys("govdata:downloads")
