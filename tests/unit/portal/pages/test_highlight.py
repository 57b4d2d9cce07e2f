"""Marks and excerpts of results: Chinese without spaces, nothing unescaped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from ckanext.govdata.portal import highlight


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("公共停车场基本信息", "停车", "公共<mark>停车</mark>场基本信息"),
        ("停车场收费标准", "停车收费", "<mark>停车</mark>场<mark>收费</mark>标准"),
        ("停车场收费标准", "停车 标准", "<mark>停车</mark>场收费<mark>标准</mark>"),
        ("CSV 与 csv", "Csv", "<mark>CSV</mark> 与 <mark>csv</mark>"),
        ("机动车", "飞机", "机动车"),
        ("anything", "", "anything"),
        ("anything", "!!! ~ *", "anything"),
    ],
)
def test_what_was_typed_is_marked(text: str, query: str, marked: str) -> None:
    assert highlight.marked(text, query) == marked


def test_one_character_of_a_longer_word_is_not_a_hit() -> None:
    assert highlight.spans("市场主体登记", "停车场") == []


def test_markup_in_a_title_stays_text() -> None:
    assert highlight.marked("<b>停车</b>", "停车") == "&lt;b&gt;<mark>停车</mark>&lt;/b&gt;"


@given(st.text(max_size=60), st.text(max_size=30))
def test_marking_changes_nothing_but_marks(text: str, query: str) -> None:
    out = highlight.marked(text, query)
    assert isinstance(out, Markup)
    assert str(out).replace("<mark>", "").replace("</mark>", "") == str(escape(text))


@given(st.text(max_size=60), st.text(max_size=30))
def test_spans_are_ordered_and_apart(text: str, query: str) -> None:
    last = -1
    for begin, end in highlight.spans(text, query):
        assert last < begin < end <= len(text)
        last = end


def test_an_excerpt_shows_the_first_hit() -> None:
    text = "前言" * 100 + "泊位数量" + "后记" * 100
    cut = highlight.excerpt(text, "泊位", 60)
    assert "泊位数量" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")
    assert len(cut) <= 62


def test_a_short_text_is_not_cut() -> None:
    assert highlight.excerpt("一句  话", "没有", 60) == "一句 话"


def test_matching_columns_come_once_and_in_their_order() -> None:
    names = ["泊位数", "停车场名称", "泊位数", "收费标准", "", "停车类型"]
    assert highlight.matching(names, "停车 泊位") == ["泊位数", "停车场名称", "停车类型"]
    assert highlight.matching(names, "停车 泊位", limit=1) == ["泊位数"]
    assert highlight.matching(names, "") == []
