"""Values of the right name and the wrong kind are refused with words, never with a server error."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.factories import tables

PLAIN = tables.statistics(Random(5), 40).csv()


@pytest.fixture(scope="module")
def scanned(site: Any) -> str:
    return str(site.scanned(site.entry("odd"), "统计.csv", PLAIN))


@pytest.mark.parametrize("k", ["²", "x", "", "9" * 5000, 10**400, -1, 1.5, True, [], {}])
def test_a_k_that_is_no_number_is_refused_with_words(site: Any, scanned: str, k: Any) -> None:
    answer = site.call("compiler", "govdata_release_plan", id=scanned, k=k)
    assert answer.status == 409
    assert answer.body["zh"]
    assert answer.body["en"]


def test_a_list_from_beyond_its_end_is_empty(site: Any) -> None:
    assert site.call("compiler", "govdata_release_list", offset=10**30).ok() == []
