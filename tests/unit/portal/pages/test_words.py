"""Citations, examples and sizes as the pages print them."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.govdata.portal import citation, examples, webjars

ENTRY = {
    "title": "公共停车场基本信息",
    "organization": {"title": "云州市交通运输局"},
    "publish_date": "2026-03-02",
    "metadata_modified": "2026-05-01T00:00:00",
}


def test_a_citation_follows_gbt7714() -> None:
    text = citation.gbt7714(ENTRY, "https://data.example/dataset/parking", date(2026, 3, 14))
    assert text == (
        "云州市交通运输局. 公共停车场基本信息[DS/OL]. (2026-03-02)[2026-03-14]. "
        "https://data.example/dataset/parking."
    )


def test_a_citation_without_publish_date_takes_the_last_change() -> None:
    text = citation.gbt7714({**ENTRY, "publish_date": ""}, "https://d", date(2026, 3, 14))
    assert "(2026-05-01)" in text


def test_a_citation_without_department_begins_with_the_title() -> None:
    entry = {"title": "表", "metadata_modified": "2026-05-01T00:00:00"}
    assert citation.gbt7714(entry, "https://d", date(2026, 3, 14)).startswith("表[DS/OL].")


HEADERS = ["停车场名称", 'he said "x"', "a'b", "back\\slash", "50%（元）"]


@pytest.mark.parametrize("header", HEADERS)
def test_the_curl_example_survives_every_header(header: str) -> None:
    curl = examples.examples("https://d/api/3/action/", "r-1", header, "甲'\"")[0].code
    arguments = shlex.split(curl.replace("\\\n", " "))
    filters = next(a for a in arguments if a.startswith("filters="))
    assert json.loads(filters.removeprefix("filters=")) == {header: "甲'\""}
    assert "https://d/api/3/action/datastore_search" in arguments


@pytest.mark.parametrize("header", HEADERS)
def test_the_python_example_asks_for_the_filter(header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Answer:
        def __enter__(self) -> Answer:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def read(self) -> str:
            return '{"result": {"total": 1, "records": []}}'

    def urlopen(address: str) -> Answer:
        asked.append(address)
        return Answer()

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    code = examples.examples("https://d/api/3/action", "r-1", header, "乙")[1].code
    exec(compile(code, "example", "exec"), {})  # noqa: S102  the example itself is under test
    query = parse_qs(urlsplit(asked[0]).query)
    assert json.loads(query["filters"][0]) == {header: "乙"}
    assert query["resource_id"] == ["r-1"]


@pytest.mark.parametrize("header", HEADERS)
def test_the_r_example_holds_valid_json(header: str) -> None:
    code = examples.examples("https://d", "r-1", header, "乙")[2].code
    literal = re.search(r"URLencode\('(.*)', reserved", code)
    assert literal is not None
    text = literal[1].replace("\\\\", "\\")  # what R makes of its string
    assert json.loads(text) == {header: "乙"}


def test_there_is_one_example_for_each_language() -> None:
    made = examples.examples("https://d", "r-1", "列", "值")
    assert [e.key for e in made] == ["curl", "python", "r", "js"]
    assert all(re.search("r-1", e.code) for e in made)


def test_versions_of_libraries_are_compared_as_numbers() -> None:
    assert webjars._ordered("5.10.0") > webjars._ordered("5.9.3")
    assert webjars._ordered("5.0.0") > webjars._ordered("5.0.rc1")
