"""Identifiers inside texts: found where they stand, taken out whole, nothing else touched."""

from __future__ import annotations

import itertools
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.entities import Entity
from anonymize.text.patterns import LABEL, count_in_text, find_in_text, redact_text

PHRASES: list[tuple[str, str, Entity]] = [
    ("来电138 0013 8000，请回", "138 0013 8000", Entity.MOBILE),
    ("打13800138000找他", "13800138000", Entity.MOBILE),
    ("电话：１３８００１３８０００。", "１３８００１３８０００", Entity.MOBILE),
    ("手机138\u200b0013\u200b8000可用", "138\u200b0013\u200b8000", Entity.MOBILE),
    ("tel13800138000", "13800138000", Entity.MOBILE),
    ("身份证:11010519491231002x的人", "11010519491231002x", Entity.RESIDENT_ID),
    ("学籍G11010519491231002X", "G11010519491231002X", Entity.STUDENT_NUMBER),
    ("号码110105 19491231 002X有误", "110105 19491231 002X", Entity.RESIDENT_ID),
    ("打错一位的110105194912310021也算", "110105194912310021", Entity.RESIDENT_ID),
    ("办公室010-12345678转801", "010-12345678转801", Entity.LANDLINE),
    ("邮箱zs@163.com，谢谢", "zs@163.com", Entity.EMAIL),
    ("卡号6222 0212 3456 7890 128", "6222 0212 3456 7890 128", Entity.BANK_CARD),
    ("车京A12345违停", "京A12345", Entity.PLATE),
    ("护照E12345678", "E12345678", Entity.PASSPORT),
    ("市民张建国反映噪音", "张建国", Entity.PERSON),
    ("联系人：欧阳修文，男", "欧阳修文", Entity.PERSON),
    ("王丽女士投诉", "王丽", Entity.PERSON),
    ("李强涉嫌无证驾驶", "李强", Entity.PERSON),
    ("当事人:阿卜杜拉·买买提", "阿卜杜拉·买买提", Entity.PERSON),
    ("李建军13800138000", "李建军", Entity.PERSON),
]

OFFICIAL = [
    "指对各种农作物的种植",
    "本门类包括01～05大类，不包括人工林地进行的抚育和管理",
    "以玉米、小麦等为主要原料，经加工制成的食品",
    "订单号2024031512345678，金额13800.00元，面积138平方米",
    "依据《中华人民共和国统计法》第三十一条",
    "初步核算，同比增长5.2%，见2024-03-15公告",
    "居民收入与市民广场、村民代表会议、学生公寓、业主委员会",
    "",
]


@pytest.mark.parametrize(("text", "piece", "entity"), PHRASES)
def test_an_identifier_is_found_where_it_stands(text: str, piece: str, entity: Entity) -> None:
    spans = find_in_text(pl.Series(["", text, "无"]))
    found = [(text[a:b], e) for row, a, b, e in spans.rows() if row == 1]
    assert (piece, entity.value) in found
    assert set(spans["row"]) == {1}


@pytest.mark.parametrize(("text", "piece", "entity"), PHRASES)
def test_redacting_takes_the_identifier_out(text: str, piece: str, entity: Entity) -> None:
    cleaned = redact_text(pl.Series("列", [text]))
    assert piece not in cleaned[0]
    assert LABEL[entity] in cleaned[0]
    assert cleaned.name == "列"


@pytest.mark.parametrize("text", OFFICIAL)
def test_official_prose_holds_nothing_personal(text: str) -> None:
    assert count_in_text(pl.Series([text])) == {}


def test_counts_are_of_texts_and_not_of_matches() -> None:
    values = pl.Series(["13800138000和13900139000", "13800138000", "无"])
    assert count_in_text(values) == {Entity.MOBILE: 2}


def test_nulls_are_empty_texts() -> None:
    assert redact_text(pl.Series([None, "电话13800138000"], dtype=pl.String)).to_list() == [
        "",
        "电话[手机号]",
    ]


def test_only_the_wanted_kinds_are_looked_for() -> None:
    assert count_in_text(pl.Series(["王丽女士13800138000"]), [Entity.MOBILE]) == {Entity.MOBILE: 1}


@cache
def _alone(text: str) -> list[tuple[int, int, str]]:
    """What is found in a text without any neighbour; most examples are drawn from the same phrases."""
    return [(a, b, e) for _, a, b, e in find_in_text(pl.Series([text])).rows()]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([p[0] for p in PHRASES] + OFFICIAL) | st.text(max_size=20), max_size=12))
def test_spans_are_in_order_and_never_overlap_and_rows_do_not_influence_each_other(texts: list[str]) -> None:
    values = pl.Series(texts, dtype=pl.String)
    spans = find_in_text(values).rows()
    for (row, start, end, _), (next_row, next_start, _, _) in itertools.pairwise(spans):
        assert (row, end) <= (next_row, next_start) or row < next_row
        assert start < end <= len(texts[row])
    alone = [(i, a, b, e) for i, text in enumerate(texts) for a, b, e in _alone(text)]
    assert spans == alone


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(categories=("Lo",), max_codepoint=0x9FA5), max_size=8))
def test_a_number_glued_to_words_is_still_found(words: str) -> None:
    text = f"{words}13800138000{words}"
    assert "13800138000" not in redact_text(pl.Series([text]))[0]
