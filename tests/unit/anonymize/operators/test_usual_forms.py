"""What is done at once to cells in the usual form is what is done carefully to any cell."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.iso_days import iso_days
from anonymize.operators import OperatorContext, gazetteer, generalise, get_operator, mask

CONTEXT = OperatorContext(bytes(32), "c")

HAN = st.sampled_from("湖北省武汉市洪山区黄石下陆新疆维吾尔自治区伊犁哈萨克州奎屯辖县北京朝阳海淀路1号 ")
HEADS = st.sampled_from(
    [
        "湖北省武汉市洪山区珞喻路1号",
        "北京市市辖区朝阳区建国路88号",
        "新疆维吾尔自治区伊犁哈萨克自治州奎屯市团结路3号",
        "湖北省洪湖市市辖区",
        "洪山区珞喻路",
        "上海路5号",
        " 湖北省 武汉市",
        "内蒙古自治区呼伦贝尔市鄂伦春自治旗阿里河镇",
    ]
)
ADDRESS = st.one_of(HEADS, st.text(HAN, max_size=16), st.tuples(HEADS, st.text(HAN, max_size=4)).map("".join))


@pytest.mark.parametrize("level", ["province", "city", "county"])
@given(cells=st.lists(ADDRESS))
def test_the_first_characters_of_an_address_say_what_the_whole_says(
    level: gazetteer.Level, cells: list[str]
) -> None:
    column = pl.Series("c", cells, dtype=pl.String)
    careful = gazetteer.generalise_address(column, level)
    for quick in (
        gazetteer.generalise_heads(column, level),
        gazetteer.generalise_common_heads(column, level),
    ):
        assert quick is not None
        assert all(a is None or a == b for a, b in zip(quick, careful, strict=True))


def test_a_head_that_the_first_cells_do_not_have_is_left_for_later() -> None:
    cells = ["湖北省武汉市洪山区珞喻路1号"] * 2_500 + ["湖北省黄石市下陆区文化路9号", "无", ""]
    column = pl.Series("c", cells, dtype=pl.String)
    quick = gazetteer.generalise_common_heads(column, "county")
    assert quick is not None
    assert quick.unique(maintain_order=True).to_list() == ["湖北省武汉市洪山区", None]
    done = generalise._carefully(column, "county", generalise.GeneraliseParams("county"))
    made = get_operator("generalise")(column, generalise.GeneraliseParams("county"), CONTEXT)
    assert made is not None
    assert made.to_list() == done.to_list()


DAYS = st.one_of(
    st.dates().map(str),
    st.sampled_from(["", "1990-02-30", "1990-1-5", "1990/01/05", "0990-01-05", " 1990-01-05"]),
)


@pytest.mark.parametrize("to", ["year", "month"])
@given(cells=st.lists(DAYS))
def test_days_in_iso_form_have_the_class_that_reading_them_gives(
    to: generalise.Target, cells: list[str]
) -> None:
    column = pl.Series("c", cells, dtype=pl.String)
    careful = generalise._carefully(column, to, generalise.GeneraliseParams(to=to))
    for quick in (generalise._at_once(column, to), generalise._by_bytes(column, to)):
        assert quick is not None
        assert all(a is None or a == b for a, b in zip(quick, careful, strict=True))


@given(st.lists(st.one_of(DAYS, st.from_regex(r"[0-9:/]{4}-[0-9:]{2}-[0-9:]{2}", fullmatch=True))))
def test_days_are_told_by_their_bytes_as_by_the_calendar(cells: list[str]) -> None:
    column = pl.Series("c", cells, dtype=pl.String)
    days = (
        column.str.to_date("%Y-%m-%d", strict=False).dt.year().is_between(1850, 2099).fill_null(value=False)
    )
    assert iso_days(column, 1850, 2099).tolist() == (days & (column.str.len_bytes() == 10)).to_list()


NAMES = ["张三", "欧阳", "欧阳修", "司马相如", "王", "张三、李四", "张 三", "阿依古丽·买买提", "张三（科长）"]
NUMBERS = [
    "110105194912310021",
    "4539148803436468",
    "1380013800X",
    "张三李四光阿",  # 18 bytes
    "11010519491231002X",
    "11010519491231002x",
    "110105491231002",
    "13800138000",
    "138 0013 8000",
    "6222021234567890128",
    "１３８００１３８０００",
]


@pytest.mark.parametrize("pattern", ["person", "resident_id", "mobile", "bank_card"])
@pytest.mark.parametrize("keep_start", [None, 0, 3, 32])
@given(cells=st.lists(st.sampled_from([*NAMES, *NUMBERS, "", "abc", "***", " "])))
def test_a_usual_cell_is_masked_like_any_other(
    pattern: mask.Pattern, keep_start: int | None, cells: list[str]
) -> None:
    column = pl.Series("c", cells, dtype=pl.String)
    params = mask.MaskParams(pattern, keep_start)
    careful = mask._carefully(column, pattern, params)
    for way in (mask._at_once, mask._by_bytes):
        quick = way(column, pattern, params)
        assert quick is not None or not cells
        assert quick is None or all(a is None or a == b for a, b in zip(quick, careful, strict=True))
    made = get_operator("mask")(column, params, CONTEXT)
    assert made is not None
    assert made.to_list() == careful.to_list()


@pytest.mark.parametrize("level", ["province", "city", "county"])
def test_single_heads_are_looked_up_as_many_are(
    level: gazetteer.Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = sorted(gazetteer._prefixes())
    tails = ["", "某某路1号", "区", "市"]
    cells = [head + tails[n % 4] for n, head in enumerate(known[::7])] + ["", "上海路5号", "县"]
    heads = pl.Series(cells, dtype=pl.String)
    by_join = gazetteer._by_table(heads, level)
    monkeypatch.setattr(gazetteer, "_FEW", len(cells))
    assert gazetteer._by_table(heads, level).to_list() == by_join.to_list()
    assert by_join.null_count() < len(cells) / 2


MAIL = st.one_of(
    st.emails(),
    st.tuples(
        st.text("aB1._+ @ａé\u200b", max_size=6), st.sampled_from(["@qq.com", "@QQ.com", "@163.com", "@a.cn"])
    ).map("".join),
)


@given(st.lists(MAIL))
def test_an_address_of_mail_in_the_usual_form_is_masked_as_any_other(cells: list[str]) -> None:
    column = pl.Series("c", cells, dtype=pl.String)
    careful = mask._carefully(column, "email", mask.MaskParams())
    for way in (mask._at_once, mask._by_bytes):
        quick = way(column, "email", mask.MaskParams())
        assert quick is not None or not cells
        assert quick is None or all(a is None or a == b for a, b in zip(quick, careful, strict=True))


@pytest.mark.parametrize(
    ("pattern", "cells", "known"),
    [
        ("person", ["张三", "李四光"], True),
        ("person", ["欧阳修", "Smith", "王·五", "㐀三", "张"], False),
        ("resident_id", ["11010519491231002X", "110105194912310021"], True),
        ("resident_id", ["11010519491231002x", "１１０１０５"], False),
        ("mobile", ["13800138000"], True),
        ("bank_card", ["6222021234567890128"], True),
        ("email", ["ab@qq.com", "c.d@outlook.com.cn", "e@yeah.net"], True),
        ("email", ["@qq.com", "a@firm.cn", "a@@qq.com"], False),
    ],
)
def test_the_bytes_tell_the_forms_that_most_cells_have(
    pattern: mask.Pattern, cells: list[str], known: bool
) -> None:
    made = mask._by_bytes(pl.Series("c", cells), pattern, mask.MaskParams())
    assert made is not None
    assert made.is_not_null().to_list() == [known] * len(cells)
