"""What is done at once to cells in the usual form is what is done carefully to any cell."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.operators import gazetteer, generalise, mask

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
    quick = gazetteer.generalise_heads(column, level)
    careful = gazetteer.generalise_address(column, level)
    assert all(a is None or a == b for a, b in zip(quick, careful, strict=True))


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
    quick = generalise._at_once(column, to)
    careful = generalise._carefully(column, to, generalise.GeneraliseParams(to=to))
    assert quick is not None
    assert all(a is None or a == b for a, b in zip(quick, careful, strict=True))


NAMES = ["张三", "欧阳", "欧阳修", "司马相如", "王", "张三、李四", "张 三", "阿依古丽·买买提", "张三（科长）"]
NUMBERS = [
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
    quick = mask._at_once(column, pattern, params)
    careful = mask._carefully(column, pattern, params)
    assert quick is not None
    assert all(a is None or a == b for a, b in zip(quick, careful, strict=True))


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
    quick = mask._at_once(column, "email", mask.MaskParams())
    careful = mask._carefully(column, "email", mask.MaskParams())
    assert quick is not None
    assert all(a is None or a == b for a, b in zip(quick, careful, strict=True))
