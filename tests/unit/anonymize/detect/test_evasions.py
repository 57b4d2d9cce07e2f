"""Ways of writing, and of laying a table out, in which identifiers hid once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

import anonymize
from anonymize.errors import SourceUnreadable
from tests.factories.people import Person, person

PEOPLE = [person(Random(f"evasion {n}")) for n in range(60)]


def findings(header: list[str], rows: list[list[str]]) -> anonymize.Findings:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return anonymize.scan(anonymize.open_table(io.BytesIO(text.getvalue().encode()), name="t.csv"))


def proposed(header: str, values: list[str]) -> str:
    rows = [[value, "正常"] for value in values]
    return findings([header, "状态"], rows).columns[0].proposed.name


def in_digits(text: str, digits: str) -> str:
    return "".join(digits[int(c)] for c in text)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("号", lambda p: f'="{p.resident_id}"'),
        ("甲", lambda p: f"{p.mobile}.0"),
        ("号", lambda p: in_digits(p.mobile, "٠١٢٣٤٥٦٧٨٩")),
        ("号", lambda p: in_digits(p.mobile, "⓪①②③④⑤⑥⑦⑧⑨")),
        ("号", lambda p: in_digits(p.mobile, "零幺二三四五六七八九")),
        ("号", lambda p: "0" + p.resident_id),
        ("号", lambda p: p.resident_id + "42"),
        ("号", lambda p: p.resident_id[6:]),
        ("身份证后8位", lambda p: p.resident_id[10:]),
        ("参考", lambda p: f"QQ{p.mobile[2:]}"),
        ("學生學號", lambda p: p.mobile[:8]),
        ("接种证号", lambda p: p.resident_id[:14] + "99"),
    ],
)
def test_an_identifier_in_disguise_is_not_kept(header: str, value: Callable[[Person], str]) -> None:
    assert proposed(header, [value(p) for p in PEOPLE]) != "keep"


def test_a_list_of_many_names_in_one_cell_is_masked() -> None:
    cells = ["、".join(p.name for p in PEOPLE[n : n + 8] if "·" not in p.name) for n in range(50)]
    assert proposed("组成", cells) == "mask"


def test_latin_names_under_a_header_for_guests_are_masked() -> None:
    names = ["John Smith", "Maria Garcia", "Ahmed Khan", "Olga Ivanova", "Kim Minsu"]
    assert proposed("guest", names * 8) == "mask"


@pytest.mark.parametrize(
    "header",
    [
        lambda p: [p.name, p.sex, "城关镇"],
        lambda p: [p.name, p.plate],
        lambda p: ["1", p.name, p.address],
    ],
)
def test_a_first_row_that_is_a_person_is_refused_without_naming_anybody(
    header: Callable[[Person], list[str]],
) -> None:
    plain = [p for p in PEOPLE if "·" not in p.name]
    first = replace(plain[0], name="王秀英")
    with pytest.raises(SourceUnreadable) as refused:
        findings(header(first), [header(p) for p in plain[1:]])
    assert first.name not in f"{refused.value!r} {refused.value}"


def test_a_table_turned_on_its_side_is_refused() -> None:
    few = ["王伟", "李秀英", "张建国", "刘志强"]
    ids, phones = ([getattr(p, a) for p in PEOPLE[:4]] for a in ("resident_id", "mobile"))
    with pytest.raises(SourceUnreadable):
        findings(["姓名", *few], [["身份证号", *ids], ["电话", *phones], ["备用电话", *phones]])


def test_project_codes_with_division_and_recent_date_are_no_resident_ids() -> None:
    rng = Random("codes")
    codes = [
        f"140105202{rng.randrange(5)}0{rng.randrange(1, 10)}15{rng.randrange(10**4):04d}" for _ in range(300)
    ]
    assert proposed("内部编码", codes) == "keep"


def test_serial_numbers_with_letters_in_front_are_no_telephones() -> None:
    rng = Random("serial")
    assert proposed("设备", [f"SN{rng.randrange(10**12):012d}" for _ in range(300)]) == "keep"
