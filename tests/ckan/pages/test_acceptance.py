"""The terms of the open licence stand beside each download, and how often they were taken is on record."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.stack import Stack


@pytest.fixture(scope="module")
def published(stack: Stack) -> dict[str, Any]:
    found = stack.action(None, "package_search", fq="res_format:CSV license_id:cc-by", rows=1)["results"]
    assert found, "the demonstration publishes tables"
    return dict(found[0])


def _file(published: dict[str, Any]) -> str:
    return next(str(r["url"]) for r in published["resources"] if r["format"] == "CSV")


def _counted(client: httpx.Client, published: dict[str, Any]) -> dict[tuple[str, str], int]:
    told = client.get(f"/dataset/{published['name']}/use.json", headers={"Cache-Control": "no-cache"}).json()
    assert all(set(one) == {"release", "licence", "version", "downloads"} for one in told["accepted"])
    newest = max((one["release"] for one in told["accepted"]), default=0)
    lines = [one for one in told["accepted"] if one["release"] == newest]
    return {(one["licence"], one["version"]): one["downloads"] for one in lines}


def test_each_download_names_its_terms_and_is_counted_under_them(
    stack: Stack, published: dict[str, Any]
) -> None:
    licence = (published["license_id"], "4.0")
    with stack.client("sysadmin") as client:
        before = _counted(client, published).get(licence, 0)
        whole = client.get(_file(published))
        assert whole.headers["Link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
        assert client.head(_file(published)).headers["Link"] == whole.headers["Link"]
        client.get(_file(published), headers={"Range": "bytes=5-"})
        client.get(_file(published), headers={"If-None-Match": whole.headers["ETag"]})
        assert (
            client.get(f"/dataset/{published['name']}/package.zip").headers["Link"] == whole.headers["Link"]
        )
        assert _counted(client, published)[licence] == before + 2, (
            "one file and one archive, from their start"
        )


def test_what_is_counted_says_nothing_of_who_it_was(stack: Stack, published: dict[str, Any]) -> None:
    with stack.client("developer") as client:
        client.get(_file(published), headers={"User-Agent": "a-reader-with-a-name"})
        told = client.get(f"/dataset/{published['name']}/use.json").json()
    text = json.dumps(told)
    assert stack.account("developer").name not in text
    assert "a-reader-with-a-name" not in text


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_terms_stand_beside_every_download_with_a_link(
    stack: Stack, published: dict[str, Any], language: str
) -> None:
    words = "accept the terms" if language else "使用条款"
    resource = published["resources"][0]
    pages = (
        f"/dataset/{published['name']}",
        f"/dataset/{published['name']}/resource/{resource['id']}",
        f"/dataset/{published['name']}/table",
    )
    with stack.client() as client:
        for page in pages:
            html = client.get(language + page).text
            assert words in html, page
            assert "#licence" in html, page
