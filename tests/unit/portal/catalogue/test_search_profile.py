"""Which queries are a reader's words, and what becomes of them; Solr itself is asked in tests/ckan/search."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.govdata.catalogue import search


@pytest.mark.parametrize(
    "params",
    [
        {"q": "*:*"},
        {"q": "organization:minzheng"},
        {"q": ""},
        {},
        {"q": "停车", "defType": "lucene"},
        {"q": "停车", "qf": "title"},
        {"q": "{!func}x"},
        {"q": "title_ngram*"},
    ],
)
def test_a_query_of_another_kind_goes_through_unchanged(params: dict[str, Any]) -> None:
    assert search.profile(dict(params)) == params


def test_punctuation_is_no_operator() -> None:
    assert search.plain_words("停车（免费）？") == "停车 免费"
    assert search.plain_words("a && b || !c") == "a b c"
    assert search.plain_words("ＰＭ２．５，臭氧") == "PM2.5 臭氧"
    assert search.plain_words("- +") == ""


def test_quotation_marks_stay_in_pairs_only() -> None:
    assert search.plain_words("“公共停车场”") == '"公共停车场"'
    assert search.plain_words('公共"停车') == "公共 停车"


def test_nothing_but_punctuation_is_an_empty_query() -> None:
    assert search.profile({"q": "？！", "rows": 5}) == {"q": "", "rows": 5}


def test_an_empty_search_box_lists_entries_with_data_first() -> None:
    assert search.ordered({"q": "", "sort": None})["sort"] == search.DATA_FIRST
    assert search.ordered(search.profile({"q": "？！"}))["sort"] == search.DATA_FIRST


@pytest.mark.parametrize(
    "params", [{}, {"q": "*:*"}, {"q": "停车"}, {"q": "", "sort": "title_string asc"}], ids=str
)
def test_a_query_or_a_chosen_order_keeps_its_order(params: dict[str, Any]) -> None:
    assert search.ordered(dict(params)) == params
