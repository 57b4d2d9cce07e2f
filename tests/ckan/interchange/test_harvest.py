"""Others read our catalogue without loss: a stock CKAN by harvest, a platform like ours by element."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ckanext.dcat.processors import RDFParser

from ckanext.govdata.interchange.dcat import PROFILES
from ckanext.govdata.interchange.entry import ELEMENTS, ITEM_PARTS, LISTS
from tests.factories.round_trip import losses
from tests.factories.stock_portal import stock_portal
from tests.stack import Stack


def of_theme(stack: Stack, theme: str) -> list[dict[str, Any]]:
    return stack.entries(f"theme:{theme}")


@pytest.mark.article("HB-12")
@pytest.mark.article("QD-12")
def test_a_stock_ckan_harvests_a_theme_without_loss(stack: Stack, tmp_path: Path) -> None:
    theme = next(d for d in stack.datasets if d.get("state") == "published")["name"]
    theme = stack.action(None, "package_show", id=theme)["theme"]
    with stock_portal(tmp_path) as peer:
        came = peer.harvest(f"{stack.base_url}/catalog.ttl?theme={theme}")
    ours = of_theme(stack, theme)
    assert came["errors"] == []
    assert len(came["packages"]) == len(ours) > 3
    assert any(entry["resources"] for entry in ours)
    lost = {field: lines for field, lines in losses(ours, came["packages"], stack.base_url).items() if lines}
    assert lost == {}


@pytest.mark.article("HB-12")
@pytest.mark.usefixtures("ckan_app")
def test_a_platform_with_our_profile_reads_every_statutory_element(stack: Stack, ckan_app: Any) -> None:
    address, read = "/catalog.jsonld", {}
    with stack.client() as reader, ckan_app.test_request_context():
        while address:
            parser = RDFParser(profiles=PROFILES)
            parser.parse(reader.get(address).text, _format="json-ld")
            read |= {dataset["name"]: dataset for dataset in parser.datasets()}
            address = parser.next_page()
    ours = stack.entries()
    assert set(read) == {entry["name"] for entry in ours}
    for entry in ours:
        other = read[entry["name"]]
        for element in ELEMENTS:
            assert (entry.get(element) or "") == (other.get(element) or ""), (entry["name"], element)
        for element in LISTS:
            assert sorted(entry.get(element) or []) == sorted(other.get(element) or []), (
                entry["name"],
                element,
            )
        assert plain(entry.get("information_items")) == plain(other.get("information_items")), entry["name"]


@pytest.mark.article("HB-12")
@pytest.mark.article("QD-12")
def test_a_platform_like_ours_harvests_into_its_own_catalogue(stack: Stack, tmp_path: Path) -> None:
    theme = "weather"
    with stock_portal(tmp_path, ours=True) as peer:
        came = peer.harvest(f"{stack.base_url}/catalog.ttl?theme={theme}")
    ours = {entry["name"]: entry for entry in of_theme(stack, theme)}
    assert came["errors"] == []
    assert {package["name"] for package in came["packages"]} == set(ours)
    for package in came["packages"]:
        entry = ours[package["name"]]
        for element in set(ELEMENTS) - {"language"}:
            assert (entry.get(element) or "") == (package.get(element) or ""), (entry["name"], element)
        assert plain(entry["information_items"]) == plain(package["information_items"])
    # Search documents made in a batch name the source of what was harvested, and only of that.
    harvested = {package["id"] for package in came["packages"]}
    assert {id for id, source in came["batch"].items() if source == "ours"} == harvested
    assert len(came["batch"]) == len(harvested) + 1


def plain(items: list[dict[str, Any]] | None) -> list[dict[str, str]]:
    """Rows of the data dictionary without what is empty."""
    return [{part: str(row[part]) for part in ITEM_PARTS if row.get(part)} for row in items or []]
