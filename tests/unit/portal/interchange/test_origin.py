"""Where an entry comes from: no duplicates, no loops, and the way back to the platform that holds it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.dcat.profiles import DCAT
from rdflib import RDF, Graph, URIRef

from ckanext.govdata.interchange import origin
from licensing.core.errors import Conflict

OURS = "https://city.example.gov.cn"
THEIRS = "https://province.example.gov.cn"


@pytest.fixture(autouse=True)
def _site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, "ckan.site_url", OURS)
    monkeypatch.setitem(tk.config, "ckan.root_path", "")


def harvested(uri: str) -> dict[str, Any]:
    return {"extras": [{"key": "uri", "value": uri}, {"key": "guid", "value": uri}]}


@pytest.mark.article("HB-12")
def test_a_harvested_entry_knows_its_platform_and_its_number_there() -> None:
    found = origin.of(harvested(f"{THEIRS}/dataset/42-ab"))
    assert found == origin.Source(THEIRS, "42-ab", f"{THEIRS}/dataset/42-ab")


@pytest.mark.parametrize(
    "package",
    [
        {},
        {"extras": []},
        {"extras": [{"key": "uri", "value": f"{THEIRS}/dataset/42"}]},
        harvested(f"{OURS}/dataset/42"),
    ],
)
def test_an_entry_of_ours_has_no_other_platform(package: dict[str, Any]) -> None:
    assert origin.of(package) is None
    assert origin.address(package) == ""


def test_a_platform_of_another_make_is_known_by_its_host() -> None:
    found = origin.of(harvested("https://other.example/records/7.rdf"))
    assert found is not None
    assert found.platform == "https://other.example"
    assert len(found.entry) == 64


@pytest.mark.article("HB-12")
@pytest.mark.article("QD-12")
def test_what_another_platform_has_from_us_is_not_harvested_back() -> None:
    graph = Graph()
    for address in (f"{OURS}/dataset/1", f"{THEIRS}/dataset/2", f"{OURS}.evil.example/dataset/3"):
        graph.add((URIRef(address), RDF.type, DCAT.Dataset))
    assert origin.leave_out_ours(graph) == 1
    left = {str(each) for each in graph.subjects(RDF.type, DCAT.Dataset)}
    assert left == {f"{THEIRS}/dataset/2", f"{OURS}.evil.example/dataset/3"}


def test_a_short_name_that_is_taken_gets_a_mark_that_stays_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.Package, "get", lambda name: object() if name == "tingche" else None)
    first = {"name": "tingche", **harvested(f"{THEIRS}/dataset/2")}
    second = {"name": "tingche", **harvested(f"{THEIRS}/dataset/2")}
    other = {"name": "gongjiao", **harvested(f"{THEIRS}/dataset/9")}
    for each in (first, second, other):
        origin.free_name(each)
    assert first["name"] == second["name"] != "tingche"
    assert other["name"] == "gongjiao"


def test_an_entry_of_another_platform_is_refused_to_be_changed() -> None:
    extras = {each["key"]: each["value"] for each in harvested(f"{THEIRS}/dataset/2")["extras"]}
    with pytest.raises(Conflict, match=THEIRS):
        origin.refuse_elsewhere(SimpleNamespace(extras=extras))  # type: ignore[arg-type]
