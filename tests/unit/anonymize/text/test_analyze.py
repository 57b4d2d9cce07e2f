"""``analyze``: offsets, order, overlaps, and what a tagger has no part in."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.entities import Entity
from anonymize.tagger import Tagger
from anonymize.text import FOUND, SURE, analyze, redact


def found(text: str, tagger: Tagger | None = None, least: float = 0.0) -> list[tuple[str, str]]:
    return [
        (text[start:end], entity)
        for _, start, end, entity, _ in analyze(pl.Series([text]), tagger=tagger, least=least).iter_rows()
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("联系人：王芳，电话略", "王芳"),
        ("申请人欧阳明月到场", "欧阳明月"),
        ("市民阿依古丽·买买提反映噪音", "阿依古丽·买买提"),
        ("法定代表人乌云其木格变更", "乌云其木格"),
        ("其母林高峰均已去世", "林高峰"),
        ("出席人员：张伟、笪志刚、仝小林。", "笪志刚"),
        ("（文：刘子墨）", "刘子墨"),
        ("收款户名马静。", "马静"),
        ("来电：群众禚超反映", "禚超"),
        ("转发@流泪的小毛毛 的微博", "流泪的小毛毛"),
        ("江主席发表讲话", "江"),
    ],
)
def test_a_name_that_its_sentence_gives_away_needs_no_tagger(text: str, name: str) -> None:
    assert (name, "PERSON") in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "中山路与解放路交叉口信号灯故障",
        "金银花、黄芪、石斛价格上涨",
        "毕业于某师范大学",
        "水利、农业、林业、财政等部门",
        "由市政府三楼会议室转到新闻发布厅",
        "方便群众，安全有序，常态管理",
        "中国·武汉开发区",
        "发送至office@example.gov.cn",
        "@某某市发布",
        "第十二条第三款，5月3号前提交12号文件",
    ],
)
def test_words_that_look_like_names_and_addresses_are_left_alone(text: str, tagger: Tagger) -> None:
    for engine in (None, tagger):
        assert [f for f in found(text, engine) if f[1] in ("PERSON", "ADDRESS")] == []


@pytest.mark.parametrize(
    "text",
    [
        "《李娜传》", "张小泉剪刀、王老吉凉茶均合格", "中山陵景区", "黄山区政府", "鲁迅故居修缮", "逸夫小学扩建", "曼联vs切尔西",  # noqa: E501
    ],
)  # fmt: skip
def test_places_works_and_makes_called_after_persons_are_none(text: str, tagger: Tagger) -> None:
    assert [f for f in found(text, tagger) if f[1] == "PERSON"] == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("家住湖北省武汉市洪山区珞喻路1037号华中科技大学紫菘公寓5栋402室，", "湖北省武汉市洪山区珞喻路1037号华中科技大学紫菘公寓5栋402室"),  # noqa: E501
        ("称住处大王庄村四组已停水", "大王庄村四组"),
        ("在阿克苏市依干其镇双井村居住", "阿克苏市依干其镇双井村"),
        ("送到保利心语6-2-202。", "保利心语6-2-202"),
        ("和平路１２号楼道堆物", "和平路１２号"),
        ("朝阳区望京西园三区312号楼5单元1203", "朝阳区望京西园三区312号楼5单元1203"),
        ("杨浦区国权路579弄3号602室漏水", "杨浦区国权路579弄3号602室"),
        ("坐落：友谊胡同328号附4号。", "友谊胡同328号附4号"),
        ("高新南一道9号", "高新南一道9号"),
    ],
)  # fmt: skip
def test_an_address_is_taken_from_its_first_division_to_the_room(text: str, address: str) -> None:
    assert (address, "ADDRESS") in found(text)


def test_a_division_or_a_street_alone_is_no_address() -> None:
    assert found("武汉市、洪山区、朝阳区、珞喻路、解放大道") == []


def test_disguised_names_are_named_but_do_not_bar_a_text() -> None:
    text = "户主李某之妻王某"
    assert found(text) == [("李某", "PERSON"), ("王某", "PERSON")]
    assert found(text, least=SURE) == []
    assert redact(pl.Series([text]), None).to_list() == [text]


def test_what_follows_from_a_name_is_found(tagger: Tagger) -> None:
    text = "罗恩·康维(Ron Conway)称，康维投资公司与他无关。罗恩·康维说。"
    names = [piece for piece, kind in found(text, tagger) if kind == "PERSON"]
    assert names.count("罗恩·康维") == 2
    assert "Ron Conway" in names


def test_equal_texts_are_answered_alike_and_order_is_kept(tagger: Tagger) -> None:
    texts = pl.Series(["张伟来电", "无事", "张伟来电", "联系人：王芳"])
    rows = analyze(texts, tagger=tagger).rows()
    assert [r[0] for r in rows] == [0, 2, 3]
    assert rows[0][1:] == rows[1][1:]


def test_only_the_wanted_kinds_are_looked_for(tagger: Tagger) -> None:
    text = pl.Series(["张伟，电话13800138000，住和平路12号3栋501室"])
    assert analyze(text, {Entity.MOBILE}, tagger)["entity"].to_list() == ["CN_MOBILE"]
    assert analyze(text, {Entity.PERSON}, tagger)["entity"].to_list() == ["PERSON"]


def test_invisible_characters_do_not_hide_a_name_and_offsets_are_those_of_the_text() -> None:
    text = "联系人：王\u200b芳，家住和平路\ufeff12号3栋501室"
    assert found(text) == [("王\u200b芳", "PERSON"), ("和平路\ufeff12号3栋501室", "ADDRESS")]


def test_nothing_in_means_nothing_out() -> None:
    empty = analyze(pl.Series([], dtype=pl.String), tagger=None)
    assert empty.schema == FOUND
    assert empty.height == 0
    assert analyze(pl.Series([None, "", " "], dtype=pl.String), tagger=None).height == 0


def test_redacted_texts_keep_everything_else(tagger: Tagger) -> None:
    texts = pl.Series(
        "内容", ["张伟来电，电话13800138000，住和平路12号3栋501室。", None, "无事"], dtype=pl.String
    )
    assert redact(texts, tagger).to_list() == ["[姓名]来电，电话[手机号]，住[地址]。", "", "无事"]
    assert redact(texts, tagger).name == "内容"


_ANY = st.text(
    alphabet=st.sampled_from(
        list("张伟王芳李某某·住在和平路12号栋室、，。：@武汉市洪山区户主 联系人138001\u200b１２ＡaB()《》\n")
    ),
    max_size=60,
)


@given(st.lists(_ANY, max_size=6))
def test_spans_lie_inside_their_texts_sorted_and_without_overlap(texts: list[str]) -> None:
    rows = analyze(pl.Series(texts, dtype=pl.String), tagger=None).rows()
    assert rows == sorted(rows)
    for row, start, end, entity, score in rows:
        assert 0 <= start < end <= len(texts[row])
        assert Entity(entity)
        assert 0 < score <= 1
    for (r1, _, e1, *_), (r2, s2, *_) in pairwise(rows):
        assert r1 != r2 or e1 <= s2


@given(_ANY)
def test_a_text_is_answered_the_same_in_any_company(text: str) -> None:
    alone = analyze(pl.Series([text]), tagger=None).drop("row").rows()
    among = analyze(pl.Series(["联系人：王芳", text, "家住和平路12号"]), tagger=None)
    assert among.filter(pl.col("row") == 1).drop("row").rows() == alone
