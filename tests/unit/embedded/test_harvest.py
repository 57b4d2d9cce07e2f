"""A stack that harvests other platforms: which plugins it loads, which processes it has more."""

from __future__ import annotations

import pytest

from ckanext.govdata.embedded import ckan_config, services


def test_a_stack_harvests_only_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOVDATA_HARVEST", raising=False)
    assert ckan_config.plugins() == ckan_config.PLUGINS
    monkeypatch.setenv("GOVDATA_HARVEST", "1")
    loaded = ckan_config.plugins()
    assert loaded[:2] == ("govdata", "govdata_harvest")
    assert set(loaded) == set(ckan_config.PLUGINS) | {
        "govdata_harvest",
        "dcat",
        "harvest",
        "dcat_rdf_harvester",
    }
    assert len(set(loaded)) == len(loaded)


def test_its_queues_have_a_consumer_each() -> None:
    assert [service.name for service in services.HARVEST] == ["gather", "fetch"]
    assert {service.name for service in services.HARVEST}.isdisjoint(s.name for s in services.STORES)


def test_its_addresses_of_rdf_stay_the_portals_own() -> None:
    template = ckan_config.TEMPLATE.read_text(encoding="utf-8")
    assert "ckanext.dcat.enable_rdf_endpoints = false" in template
    assert "ckanext.dcat.rdf.profiles = euro_dcat_ap_3 govdata" in template
