"""What may be kept, by its address."""

from __future__ import annotations

import pytest

from ckanext.govdata.cache.pages import listed

LOCALES = ("zh_Hans_CN", "en")


@pytest.mark.parametrize(
    "path",
    ["/", "/dataset", "/dataset/lots", "/en/dataset/lots", "/en", "/dataset/lots/table", "/theme/health"],
)
def test_pages_that_are_alike_for_everybody_may_be_kept(path: str) -> None:
    found = listed(path, LOCALES)
    assert found is not None
    assert found.negotiated


@pytest.mark.parametrize(
    "path",
    ["/dataset/lots.ttl", "/en/dataset/lots.jsonld", "/data.json", "/feed/dataset/lots.atom", "/sitemap.xml"],
)
def test_a_form_with_an_address_of_its_own_may_be_kept_whatever_is_accepted(path: str) -> None:
    found = listed(path, LOCALES)
    assert found is not None
    assert not found.negotiated


@pytest.mark.parametrize(
    "path",
    [
        "/dataset/parking-lots.rdf",
        "/dataset/parking-lots/edit",
        "/dataset/parking-lots/package.zip",
        "/dump/index.json",
        "/release/",
        "/user/login",
        "/api/3/action/user_show",
        "/dataset/parking-lots/",
    ],
)
def test_another_form_of_an_entry_and_whatever_is_not_listed_may_not(path: str) -> None:
    assert listed(path, LOCALES) is None
