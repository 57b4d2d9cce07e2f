"""Two harmless tables that are not harmless together, and pairs that stay harmless."""

from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.risk.mosaic import Earlier, linking_columns, mosaic

QUASI = ["年龄段", "性别"]


def aid(rows: int = 40) -> pl.DataFrame:
    """Four groups of ten by age and sex; the amount tells the rows apart."""
    return pl.DataFrame(
        {
            "序号": [str(n + 1) for n in range(rows)],
            "年龄段": [["20～29", "30～39"][n % 2] for n in range(rows)],
            "性别": ["男女"[n // 2 % 2] for n in range(rows)],
            "金额": [f"{500 + n}.00" for n in range(rows)],
        }
    )


def housing(rows: int = 40) -> pl.DataFrame:
    """The same people in another order, by street."""
    return pl.DataFrame(
        {
            "序号": [str(n + 1) for n in range(rows)],
            "街道": [f"街道{n % 4}" for n in range(rows)],
            "金额": [f"{500 + rows - 1 - n}.00" for n in range(rows)],
        }
    )


def test_a_column_in_common_joins_what_each_table_kept_apart() -> None:
    (found,) = mosaic(aid(), QUASI, 5, [Earlier("住房补贴.csv", housing(), ("街道",))])
    assert found.shared == ("金额",)
    assert found.added == ("街道",)
    assert found.linked_rows == 40
    # Age, sex and street go by the row number modulo 4: ten rows share each joined combination.
    assert found.k == 10
    assert found.within_bound


def test_the_joined_combination_is_held_against_the_bound() -> None:
    finer = housing().with_columns(pl.Series("街道", [f"社区{n % 20}" for n in range(40)]))
    (found,) = mosaic(aid(), QUASI, 5, [Earlier("住房补贴.csv", finer, ("街道",))])
    assert found.k == 2
    assert found.exposed_rows == 40
    assert found.unique_rows == 0
    assert not found.within_bound
    assert "40" in found.sentence.zh
    assert "500" not in found.sentence.zh + found.sentence.en


def test_row_numbers_link_nothing() -> None:
    other = housing().drop("金额")
    (found,) = mosaic(aid(), QUASI, 5, [Earlier("b", other)])
    assert found.shared == ()
    assert found.k is None
    assert found.within_bound


def test_a_later_release_of_the_same_columns_adds_nothing() -> None:
    (found,) = mosaic(aid(), QUASI, 5, [Earlier("上月", aid(), tuple(QUASI))])
    assert found.added == ()
    assert found.k is None


def test_the_same_column_in_a_finer_form_is_something_new() -> None:
    finer = aid().with_columns(pl.Series("年龄段", [str(20 + n * 7 % 40) for n in range(40)]))
    (found,) = mosaic(aid(), QUASI, 5, [Earlier("上月", finer, tuple(QUASI))])
    assert found.added == ("年龄段",)
    assert found.k == 1
    assert found.unique_rows == 40


def test_names_are_compared_without_width_and_case() -> None:
    other = housing().rename({"金额": " 金额 ", "街道": "Ｓtreet"})
    (found,) = mosaic(aid(), QUASI, 5, [Earlier("b", other)])
    assert found.shared == ("金额",)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 5))
def test_who_can_only_guess_among_m_rows_is_no_better_off(ours: int, theirs: int, k: int) -> None:
    a = pl.DataFrame({"q": ["甲"] * ours, "link": ["x"] * ours})
    b = pl.DataFrame({"link": ["x"] * theirs, "r": [f"r{n}" for n in range(theirs)]})
    (found,) = mosaic(a, ["q"], k, [Earlier("b", b, ("r",))])
    if max(ours, theirs) >= k:
        assert found.linked_rows == 0
        assert found.within_bound
    else:
        assert found.k == max(ours, theirs)
        assert found.exposed_rows == ours


def test_empty_cells_link_nothing() -> None:
    a = pl.DataFrame({"q": ["甲", "乙"], "link": ["", "x"]})
    b = pl.DataFrame({"link": ["", "x"], "r": ["1", "2"]})
    (found,) = mosaic(a, ["q"], 5, [Earlier("b", b, ("r",))])
    assert found.linked_rows == 1


def persons(seed: int, rows: int = 300) -> pl.DataFrame:
    """A register of made-up people with masked names, by streets and years of birth."""
    random_ = Random(seed)
    return pl.DataFrame(
        {
            "姓名": [random_.choice("王李张刘陈杨赵黄周吴") + "*" for _ in range(rows)],
            "街道": [f"街道{random_.randrange(12)}" for _ in range(rows)],
            "补贴月份": [f"2024-{random_.randrange(1, 13):02}" for _ in range(rows)],
            "出生年份": [str(random_.randrange(1940, 2005)) for _ in range(rows)],
        }
    )


def test_tables_about_different_people_are_linked_by_chance_only() -> None:
    mine = persons(1).drop("出生年份")
    (found,) = mosaic(mine, ["街道"], 5, [Earlier("另一批人", persons(2), ("出生年份",))])
    assert found.linked_rows > 0
    assert found.k is None
    assert found.within_bound
    assert "巧合" in found.sentence.zh


def test_tables_about_the_same_people_are_linked_beyond_chance() -> None:
    both = persons(1)
    other = both.sample(fraction=1.0, shuffle=True, seed=3)
    (found,) = mosaic(both.drop("出生年份"), ["街道"], 5, [Earlier("同一批人", other, ("出生年份",))])
    assert found.linked_rows > 2 * found.chance_rows
    assert found.exposed_rows > 0


def test_a_few_links_are_told_and_do_not_stop_a_table() -> None:
    mine = persons(1).drop("出生年份")
    mixed = pl.concat([persons(1).head(9), persons(4).slice(9)])
    mine = mine.with_columns(pl.Series("编号", [f"A{n:04}" for n in range(300)]))
    theirs = [f"A{n:04}" if n < 9 or n > 150 else f"B{n:04}" for n in range(300)]
    mixed = mixed.with_columns(pl.Series("编号", theirs))
    (found,) = mosaic(mine, ["街道"], 5, [Earlier("少数人相同", mixed, ("出生年份",))])
    assert 0 < found.linked_rows < 15
    assert found.exposed_rows > 0
    assert found.within_bound
    assert str(found.linked_rows) in found.sentence.zh


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("2024-{m:02}-{d:02}", "2024/{m}/{d}"),
        ("2024-{m:02}-{d:02}", "2024年{m}月{d}日"),
        ("2024{m:02}{d:02}", "2024-{m:02}-{d:02}"),
        ("{n}", "{n}.00"),
        ("{n}", "{n:,}"),
        ("{n:06}", "{n}"),
        ("2024-{m:02}-{d:02} 0{h}:00:00", "2024-{m:02}-{d:02} 0{h}:00:00"),
    ],
)
def test_days_and_numbers_link_however_they_are_written(ours: str, theirs: str) -> None:
    dice = Random("written")
    rows = [
        {"n": 1000 + 7 * i, "m": dice.randint(1, 12), "d": dice.randint(1, 28), "h": i % 10}
        for i in range(200)
    ]
    frame = pl.DataFrame({"值": [ours.format(**row) for row in rows], "性别": ["男", "女"] * 100})
    other = pl.DataFrame(
        {"值": [theirs.format(**row) for row in rows], "病种": [str(i % 50) for i in range(200)]}
    )
    found = mosaic(frame, ["性别"], 5, [Earlier("e", other)])[0]
    assert found.shared == ("值",)
    assert found.linked_rows > 150
    assert not found.within_bound


def registers(birth: str, sex: str, county: str) -> Earlier:
    """The persons of ``cases``, under headers of another department."""
    return Earlier(
        "体检.csv",
        pl.DataFrame(
            {
                birth: [f"19{50 + n % 40}/{1 + n % 12}/{1 + n % 28}" for n in range(80)],
                sex: ["男女"[n % 2] for n in range(80)],
                county: [["武昌区", "洪山区", "汉阳区"][n % 3] for n in range(80)],
                "结果": [f"第{n % 16}类" for n in range(80)],
            }
        ),
    )


def cases() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "出生日期": [f"19{50 + n % 40}-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in range(80)],
            "性别": ["男女"[n % 2] for n in range(80)],
            "区县": [["武昌区", "洪山区", "汉阳区"][n % 3] for n in range(80)],
            "金额": [str(900 + n // 40) for n in range(80)],
        }
    )


@pytest.mark.parametrize(
    ("birth", "sex", "county"),
    [
        ("出生日期", "性别", "区县"),
        ("生日", "男女", "所属区"),
        ("csrq", "xb", "县（市、区）"),
        ("DOB", "Gender", "District"),
    ],
)
def test_columns_about_one_thing_link_whatever_they_are_called(birth: str, sex: str, county: str) -> None:
    (found,) = mosaic(cases(), ["出生日期", "性别", "区县"], 5, [registers(birth, sex, county)])
    assert found.shared == ("出生日期", "性别", "区县")
    assert found.added == ("结果",)
    assert found.linked_rows > 0
    assert not found.within_bound


def test_columns_about_one_thing_that_share_no_cells_do_not_link() -> None:
    other = registers("生日", "男女", "所属区").frame.with_columns(
        pl.col("生日").str.replace("19", "18"),
        pl.lit("未说明").alias("男女"),
        pl.lit("江夏区").alias("所属区"),
    )
    (found,) = mosaic(cases(), ["出生日期", "性别", "区县"], 5, [Earlier("旧档.csv", other)])
    assert (found.shared, found.linked_rows) == ((), 0)


def test_of_several_columns_about_one_thing_the_one_whose_cells_agree_links() -> None:
    table = registers("生日", "男女", "现住区县")
    frame = table.frame.with_columns(pl.lit("江夏区").alias("户籍区县")).select(
        "户籍区县", *table.frame.columns
    )
    (found,) = mosaic(cases(), ["出生日期", "性别", "区县"], 5, [Earlier("体检.csv", frame)])
    assert "区县" in found.shared
    assert found.added == ("户籍区县", "结果")


def test_a_column_links_once() -> None:
    frame = registers("出生日期", "性别", "区县").frame.with_columns(pl.col("区县").alias("所属区"))
    pairs = linking_columns(cases().columns, frame.columns)
    assert [a for a, _ in pairs] == ["出生日期", "性别", "区县"]
    (found,) = mosaic(cases(), ["性别"], 5, [Earlier("体检.csv", frame)])
    assert "所属区" in found.added


def test_masked_names_under_different_headers_link_nobody() -> None:
    assert linking_columns(["车主", "身份证明号码", "初次登记日期"], ["姓名", "身份证号", "出生年月"]) == []
    assert linking_columns(["姓名"], ["姓名"]) == [("姓名", "姓名")]
    assert linking_columns(["生日"], ["出生日期"]) == [("生日", "出生日期")]
