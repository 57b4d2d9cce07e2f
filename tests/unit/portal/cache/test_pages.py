"""What may be kept, by its address."""

from __future__ import annotations

import pytest

from ckanext.govdata.cache.pages import listed

LOCALES = ("zh_Hans_CN", "en")


@pytest.mark.parametrize("path", ["/", "/dataset", "/dataset/parking-lots", "/en/dataset/lots", "/en"])
def test_pages_that_are_alike_for_everybody_may_be_kept(path: str) -> None:
    assert listed(path, LOCALES)


@pytest.mark.parametrize(
    "path",
    [
        "/dataset/parking-lots.ttl",
        "/en/dataset/parking-lots.jsonld",
        "/dataset/parking-lots/table",
        "/user/login",
        "/api/3/action/user_show",
        "/dataset/parking-lots/",
    ],
)
def test_another_form_of_an_entry_and_whatever_is_not_listed_may_not(path: str) -> None:
    assert listed(path, LOCALES) is None
