"""Chinese search on the running stack, measured against judged queries (judged.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.ckan.search import metrics
from tests.stack import Stack

JUDGED = yaml.safe_load(Path(__file__).with_name("judged.yaml").read_text(encoding="utf-8"))
LEAST_NDCG = 0.95
LEAST_TOP3 = 0.98


def _search(client: httpx.Client, query: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get("/api/3/action/package_search", params={"q": query, "rows": 10, **parameters})
    answer.raise_for_status()
    return dict(answer.json()["result"])


def _names(found: dict[str, Any]) -> list[str]:
    return [entry["name"] for entry in found["results"]]


@pytest.fixture(scope="module")
def rankings(stack: Stack) -> dict[str, list[str]]:
    with stack.client() as client:
        return {str(case["q"]): _names(_search(client, str(case["q"]))) for case in JUDGED}


def test_the_judged_queries_are_many_and_distinct() -> None:
    queries = [str(case["q"]) for case in JUDGED]
    assert len(set(queries)) == len(queries) >= 60


def test_the_ranking_is_good_on_the_whole(rankings: dict[str, list[str]]) -> None:
    values = {str(case["q"]): metrics.ndcg(rankings[str(case["q"])], case["relevant"]) for case in JUDGED}
    weak = {query: round(value, 2) for query, value in values.items() if value < 0.6}
    assert sum(values.values()) / len(values) >= LEAST_NDCG, weak


def test_a_right_entry_stands_among_the_first_three(rankings: dict[str, list[str]]) -> None:
    missed = [
        str(case["q"]) for case in JUDGED if not metrics.in_first(rankings[str(case["q"])], case["relevant"])
    ]
    assert 1 - len(missed) / len(JUDGED) >= LEAST_TOP3, missed


@pytest.mark.parametrize(
    ("written", "same"), [("停車場", "停车场"), ("ＧＤＰ", "gdp"), ("ｐｍ２．５", "PM2.5")]
)
def test_script_and_width_do_not_matter(stack: Stack, written: str, same: str) -> None:
    with stack.client() as client:
        first, second = _names(_search(client, written)), _names(_search(client, same))
    assert first
    assert first[0] == second[0]


def test_a_column_name_finds_its_entry(stack: Stack) -> None:
    with stack.client() as client:
        assert "parking-lots" in _names(_search(client, "充电泊位数"))[:3]


def test_a_fielded_query_keeps_ckans_behaviour(stack: Stack) -> None:
    with stack.client() as client:
        found = _search(client, "organization:minzheng AND title:养老")
        assert _names(found)[0] == "eldercare-homes"
        everything = _search(client, "*:*", fq="organization:minzheng")
    assert everything["count"] >= 14
    assert all(entry["organization"]["name"] == "minzheng" for entry in everything["results"])


@pytest.mark.parametrize("query", ["（）？！", '"', "a && || b", "停车 AND", "-", "NOT", "停车 OR"])
def test_no_punctuation_breaks_the_search(stack: Stack, query: str) -> None:
    with stack.client() as client:
        answer = client.get("/api/3/action/package_search", params={"q": query})
    assert answer.status_code == 200


@pytest.mark.parametrize("given", [{"q": "{!func}popularity"}, {"q": "停车", "fq": "{!func}sum(1,2)"}])
def test_a_query_parser_of_the_callers_own_is_refused(stack: Stack, given: dict[str, str]) -> None:
    with stack.client() as client:
        answer = client.get("/api/3/action/package_search", params=given)
    assert answer.status_code == 409
    assert not answer.json()["success"]


def test_shared_elements_are_facets(stack: Stack) -> None:
    with stack.client() as client:
        found = _search(
            client,
            "停车",
            **{"facet.field": '["theme", "open_type", "vocab_provision_mode", "organization"]'},
        )
    assert {item["name"] for item in found["search_facets"]["vocab_provision_mode"]["items"]} >= {"download"}
    assert found["search_facets"]["theme"]["items"]
