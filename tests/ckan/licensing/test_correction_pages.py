"""Doubt about data: from the table to the department's desk, its answer, and what everybody sees of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.ckan.licensing.test_case_pages import post, version_of
from tests.stack import Stack

DATASET = "parking-lots"
REPORT = f"/dataset/{DATASET}/report"
WORDS = "泊位总数与现场不符，请核对。"


@pytest.fixture(scope="module")
def reader(stack: Stack) -> Iterator[httpx.Client]:
    with closing(stack.browser("developer2")) as session:
        yield session


@pytest.fixture(scope="module")
def provider(stack: Stack) -> Iterator[httpx.Client]:
    """Who answers for the department of the data."""
    with closing(stack.browser("reviewer2")) as session:
        yield session


def reported(reader: httpx.Client) -> str:
    """A report from the page of the table; the address of its case."""
    table = reader.get(f"/dataset/{DATASET}/table").text
    assert 'name="column"' in table
    assert 'name="row"' in table
    form = f"{REPORT}?column=泊位总数&row=12"
    assert 'value="列：泊位总数；行：12"' in reader.get(form).text
    told = {"description": WORDS, "place": "列：泊位总数；行：12", "release": "1"}
    done = post(reader, REPORT, told, form)
    assert done.status_code == 200
    return str(re.findall(r"/corrections/[\w-]{20,}", done.text)[0])


def figures(stack: Stack) -> dict[str, Any]:
    with stack.client() as client:
        return dict(client.get("/corrections.json").json())


@pytest.mark.article("HB-23")
@pytest.mark.article("TZ-15")
@pytest.mark.article("QD-17")
def test_doubt_from_the_table_is_verified_corrected_and_linked_to_the_release(
    stack: Stack, reader: httpx.Client, provider: httpx.Client
) -> None:
    organization = stack.action(None, "package_show", id=DATASET)["owner_org"]

    def mine() -> dict[str, Any]:
        rows = figures(stack)["departments"]
        return next((row for row in rows if row["provider"] == organization), {"received": 0, "corrected": 0})

    before = mine()
    case = reported(reader)
    assert "办事人已提供合法有效证明材料的" in reader.get(case).text, "business goes on meanwhile"
    assert case in provider.get("/corrections/desk").text
    page = provider.get(case).text
    assert WORDS in page
    assert "开始校核" in page
    assert "开始校核" not in reader.get(case).text
    old = version_of(page)
    post(provider, f"{case}/verify", {"version": old}, case)
    overtaken = post(provider, f"{case}/verify", {"version": old}, case)
    assert overtaken.status_code in (409, 412)
    silent = post(provider, f"{case}/correct", {"version": version_of(provider.get(case).text)}, case)
    assert silent.status_code in (409, 422)
    answer = {"reason": "已按现场核对结果更正。", "release": "1"}
    done = post(provider, f"{case}/correct", answer | {"version": version_of(provider.get(case).text)}, case)
    assert "已更正" in done.text
    assert f"/dataset/{DATASET}#releases" in done.text
    assert "已按现场核对结果更正。" in reader.get(REPORT).text
    again = reader.get(case).text
    assert "仍有疑义" in again
    post(reader, f"{case}/close", {"version": version_of(again)}, case)
    after = mine()
    assert (after["received"], after["corrected"]) == (before["received"] + 1, before["corrected"] + 1)
    assert after["in_time"] >= 1


def test_everybody_sees_states_and_figures_and_nobodys_words(
    stack: Stack, reader: httpx.Client, provider: httpx.Client
) -> None:
    case = reported(reader)
    with stack.client() as client:
        for prefix in ("", "/en"):
            page = client.get(f"{prefix}/corrections").text
            assert "公共停车场基本信息" in page
            assert "云州市交通运输局" in page
            for hidden in (WORDS, "行：12", "demo-partner", "柯惠", case.rpartition("/")[2]):
                assert hidden not in page, hidden
        assert client.get(case, headers={"Accept": "text/html"}).status_code == 302
    newest = figures(stack)["newest"][0]
    assert (newest["status"], newest["release"]) == ("reported", 1)
    assert not {"description", "place", "answer", "reporter"} & set(newest)
    with closing(stack.browser("developer")) as other:
        assert other.get(case).status_code == 404
        assert case not in other.get("/corrections/desk?tab=reported").text
    with closing(stack.browser("administrator")) as office:
        assert case in office.get("/corrections/desk?tab=all").text
    post(reader, f"{case}/withdraw", {"version": version_of(reader.get(case).text)}, case)
    assert "已撤回" in reader.get(case).text


def test_a_report_without_an_open_entry_is_not_listed(stack: Stack) -> None:
    known = {each["id"] for each in stack.entries()}
    assert {each["dataset"] for each in figures(stack)["newest"]} <= known
