"""Where the third set of held-back tables hid persons, and what stands there in tables without any."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from random import Random

import pytest

import anonymize
from anonymize.entities import Entity
from anonymize.errors import SourceUnreadable
from anonymize.findings import ColumnFinding
from tests.factories.people import Person, person

PEOPLE: list[Person] = [person(Random(f"hidden {n}")) for n in range(60)]
NAMES = [p.name for p in PEOPLE if "·" not in p.name]
GIVEN = [name[1:] for name in NAMES]


def scanned(**columns: Sequence[str]) -> dict[str, ColumnFinding]:
    """Findings by column; shorter columns begin again."""
    rows = [[cells[n % len(cells)] for cells in columns.values()] for n in range(60)]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(columns), *rows])
    found = anonymize.scan(anonymize.open_table(io.BytesIO(text.getvalue().encode()), name="t.csv"))
    return {column.name: column for column in found.columns}


def operator(header: str, cells: Sequence[str], **beside: Sequence[str]) -> str:
    return scanned(**{header: cells}, **beside)[header].proposed.name


BODIES = [
    f"{place}{trade}有限公司"
    for place in ("启东", "滕州", "武昌")
    for trade in ("宏达建材", "瑞丰物流", "百川商贸")
]


@pytest.mark.article("SX-15")
def test_persons_between_companies_are_hidden() -> None:
    mixed = [name if n % 3 else BODIES[n % len(BODIES)] for n, name in enumerate(NAMES)]
    assert operator("收款单位", mixed, 金额=["12.50", "800.00"]) == "mask"


def test_a_column_of_companies_alone_stays() -> None:
    assert operator("收款单位", [*BODIES, "太原钢铁", "杏花村", "长城"], 金额=["12.50", "800.00"]) == "keep"


@pytest.mark.parametrize("header", ["Full name", "full_name", "Applicant", "Claimant", "Name"])
def test_names_in_latin_letters_are_hidden_under_any_word_for_names(header: str) -> None:
    latin = ["SMITH JOHN EDWARD", "Kim Soo-hyun", "O’Brien Sean", "Müller Hans", "Dvořák Jiří"]
    assert operator(header, latin, id=[p.resident_id for p in PEOPLE]) == "mask"


def test_products_in_latin_letters_stay_where_nobody_is_spoken_of() -> None:
    assert operator("Name", ["Acer Laptop", "Canon Printer", "Dell Monitor"], price=["1.5", "2.5"]) == "keep"


@pytest.mark.parametrize("header", ["年龄", "岁数", "现龄", "甲"])
@pytest.mark.parametrize("form", ["{}岁", "{} 岁", "{}岁半", "虚岁{}岁"])
def test_an_age_is_made_coarse_however_it_is_written(header: str, form: str) -> None:
    ages = [form.format(20 + n) for n in range(50)]
    found = scanned(**{"姓名": NAMES, header: ages})[header]
    assert (found.entity, found.proposed.name) == (Entity.AGE, "generalise")


@pytest.mark.parametrize("cells", [["0-14岁", "60岁以上"], ["12", "7", "30"]])
def test_bands_and_years_of_service_are_no_ages(cells: list[str]) -> None:
    assert operator("工龄", cells, 姓名=NAMES) == "keep"


@pytest.mark.parametrize("header", ["户", "甲"])
@pytest.mark.parametrize("form", ["{}户", "{}夫妇", "3-201{}", "{}（3栋）"])
def test_a_name_with_its_household_or_door_is_a_name(header: str, form: str) -> None:
    assert operator(header, [form.format(name) for name in NAMES], 金额=["500", "800"]) == "mask"


@pytest.mark.article("SX-15")
@pytest.mark.parametrize(
    ("family", "given"), [("姓", "名"), ("姓氏", "名"), ("surname", "given_name"), ("x1", "x2")]
)
def test_a_name_cut_into_two_columns_is_hidden_in_both(family: str, given: str) -> None:
    found = scanned(**{family: [name[0] for name in NAMES], given: GIVEN, "手机": [p.mobile for p in PEOPLE]})
    assert [found[family].proposed.name, found[given].proposed.name] == ["redact", "redact"]


def test_single_characters_that_are_no_names_stay_beside_persons() -> None:
    found = scanned(
        姓名=NAMES,
        省=["晋", "冀", "鲁", "豫", "苏", "浙", "皖"],
        等=["甲", "乙", "丙", "丁"],
        班=["一", "二", "三", "四", "五", "六", "七"],
    )
    assert [found[name].proposed.name for name in ("省", "等", "班")] == ["keep"] * 3


def test_a_column_of_q_beside_persons_is_of_chat_accounts() -> None:
    numbers = [str(10**8 + 7_654_321 * n) for n in range(1, 60)]
    assert operator("Q", numbers, 姓名=NAMES) != "keep"
    assert operator("Q", numbers, 站名=["上游站", "下游站"]) == "keep"


@pytest.mark.parametrize("form", ["授予{}“先进个人”称号", "由{}主持全面工作", "同意{}同志退休"])
def test_short_sentences_that_name_persons_are_hidden_in_a_table_about_nothing_else(form: str) -> None:
    assert operator("文字", [form.format(name) for name in NAMES], 年度=["2022", "2023"]) == "redact"


def test_a_few_short_sentences_that_name_persons_are_hidden_too() -> None:
    rows = [["文字"], *([f"授予{name}“先进个人”称号"] for name in NAMES[:7])]
    text = "\n".join(row[0] for row in rows)
    found = anonymize.scan(anonymize.open_table(io.BytesIO(text.encode()), name="t.csv"))
    assert found.columns[0].proposed.name == "redact"


def test_short_sentences_that_name_nobody_stay() -> None:
    places = ["文源巷", "坞城路", "兴隆街", "人民中路", "善国北路", "学院南路"]
    cells = [f"{place}第{n}标段沥青罩面工程" for n in range(10) for place in places]
    assert operator("文字", cells, 年度=["2022", "2023"]) == "keep"


def _spread(low: int, high: int) -> list[str]:
    dice = Random("amounts")
    return [str(dice.randrange(low, high)) for _ in range(60)]


@pytest.mark.parametrize("header", ["资产合计（分）", "总额", "amount"])
def test_amounts_of_eleven_digits_from_13_to_19_stay(header: str) -> None:
    assert operator(header, _spread(13 * 10**9, 20 * 10**9), 科目=["现金", "存货"]) == "keep"


@pytest.mark.parametrize("header", ["数量", "总额", "手机费"])
def test_mobile_numbers_under_a_word_for_amounts_are_hidden(header: str) -> None:
    assert operator(header, [p.mobile for p in PEOPLE], 科目=["现金", "存货"]) == "mask"


def test_a_header_with_blank_cells_is_refused_and_says_which() -> None:
    rows = [["", " ", "镇街", "备注"], *([p.name, p.resident_id, "城关镇", p.mobile] for p in PEOPLE)]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    with pytest.raises(SourceUnreadable) as refused:
        anonymize.open_table(io.BytesIO(text.getvalue().encode()), name="t.csv")
    assert refused.value.en.startswith("Columns 1, 2 have no name")
