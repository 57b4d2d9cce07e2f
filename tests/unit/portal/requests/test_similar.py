"""Likeness of requests: an algebra, and a list that was judged by a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.requests.similar import ALIKE, likeness, nearest, parts

TEXTS = st.text(alphabet="停车场泊位公交学校abc 123，", max_size=20)


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_between_nothing_and_one(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0


@given(TEXTS)
def test_a_text_is_like_itself_unless_it_says_nothing(text: str) -> None:
    assert likeness(text, text) == (1.0 if parts(text) else 0.0)


@given(TEXTS, TEXTS)
def test_more_words_around_it_make_a_text_no_less_found(one: str, more: str) -> None:
    if parts(one) and parts(one) <= parts(f"{one} {more}"):
        assert likeness(one, f"{one} {more}") == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("公共停车场实时空余泊位", "希望开放停车场泊位数据"),
        ("全市幼儿园名单", "幼儿园名单和地址"),
        ("公交车实时到站", "公交实时到站信息"),
        ("PM2.5逐小时监测值", "pm2.5 监测值"),
        ("医院床位使用情况", "各医院床位数"),
    ],
)
def test_what_a_person_calls_the_same_wish_is_shown(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("公共停车场实时空余泊位", "幼儿园名单"),
        ("希望开放空气质量数据", "希望开放公交线路数据"),
        ("医院床位使用情况", "养老院收费标准"),
        ("地铁客流", "出租车轨迹"),
    ],
)
def test_what_only_sounds_like_a_request_is_not(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE


def test_the_nearest_comes_first_and_nothing_far_at_all() -> None:
    known = [("幼儿园名单", 1), ("停车场泊位", 2), ("公共停车场实时泊位", 3)]
    assert nearest("公共停车场实时空余泊位", known) in ([2, 3], [3, 2])
    assert nearest("", known) == []
