"""Numbers and names written so that no form fits: each is found all the same; codes like them stay."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from random import Random

import pytest

from anonymize.entities import Entity
from tests.factories.people import REGIONS, Person
from tests.unit.anonymize.detect.test_hidden_persons import NAMES, PEOPLE, operator, scanned

Write = Callable[[Person], str]
THINGS = {"事项": ["补助", "低保"]}


def parts(value: str, mark: str, *cuts: int) -> str:
    bounds = [0, *cuts, len(value)]
    return mark.join(value[a:b] for a, b in itertools.pairwise(bounds))


NUMBERS: list[tuple[str, Write]] = [
    *(("c", lambda p, m=mark: parts(p.resident_id, m, 6, 14)) for mark in "._/"),
    ("c", lambda p: " ".join(p.resident_id)),
    *(("c", lambda p, q=quotes: q[0] + p.resident_id + q[1]) for quotes in ("“”", "[]", "【】", "<>")),
    ("c", lambda p: p.resident_id[:17]),
    ("c", lambda p: p.resident_id[:17] + "*"),
    ("c", lambda p: p.resident_id[:14]),
    *(("c", lambda p, m=mark: parts(p.mobile, m, 3, 7)) for mark in "._/,"),
    ("c", lambda p: f"tel:{p.mobile}"),
    ("手机", lambda p: f"0{p.mobile}"),
    ("c", lambda p: f"86+{p.mobile}"),
    ("手机", lambda p: p.mobile[:10]),
    ("手机", lambda p: p.mobile[1:]),
    ("手机", lambda p: f"{float(p.mobile):.10E}"),
    ("c", lambda p: parts(p.bank_card, ".", 4, 8, 12, 16)),
    ("c", lambda p: f"{int(p.bank_card):,}"),
    ("c", lambda p: p.email.replace("@", "(at)")),
    ("邮箱", lambda p: p.email.replace("@", "#")),
]


@pytest.mark.article("SX-15")
@pytest.mark.parametrize(("header", "write"), NUMBERS)
def test_a_number_in_disguise_is_hidden_in_a_table_about_nothing_else(header: str, write: Write) -> None:
    assert operator(header, [write(p) for p in PEOPLE], **THINGS) == "mask"


@pytest.mark.parametrize("write", [lambda p: f"“{p.resident_id}”", lambda p: f"[{p.mobile}]"])
def test_a_number_in_quotes_is_found_in_one_row_of_sixty(write: Write) -> None:
    assert operator("标签", [write(PEOPLE[0]), *["红", "黄", "绿"] * 20], **THINGS) == "redact"


def _codes(pattern: str, *parts: int) -> list[str]:
    dice = Random(pattern)
    return [pattern.format(*(dice.randrange(10**n // 10, 10**n) for n in parts)) for _ in range(60)]


@pytest.mark.parametrize(
    "cells",
    [
        _codes("13-{}-{}", 4, 5),
        _codes("{}/{}/{}", 6, 4, 8),
        _codes("[{}]", 12),
        _codes("0{}00{}", 2, 7),
        _codes("{},{},{}.50", 2, 3, 3),
        [f"{list(REGIONS)[n % 8]}2024{1 + n % 12:02d}{1 + n % 28:02d}{n:03d}" for n in range(60)],
    ],
)
def test_codes_in_parts_stay(cells: list[str]) -> None:
    assert operator("c", cells, **THINGS) == "keep"


@pytest.mark.parametrize(
    "form",
    ["{0}1", "{0}{1}", "{0}{2}", "{0} {3} {4}", "{0}/{3}", "原告{0}", "患者：{0}", "财政局-{0}"],
)
def test_a_name_with_something_behind_or_before_it_is_hidden(form: str) -> None:
    cells = [
        form.format(p.name, f"{p.born:%Y%m%d}", p.resident_id[-4:], p.sex, 2025 - p.born.year)
        for p in PEOPLE
        if p.name in NAMES
    ]
    assert operator("c", cells, **THINGS) in ("mask", "redact")


LATIN = ["zhang wei", "li na", "wang fang", "zhao lei", "chen jie", "liu yang"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("经办人", LATIN),
        ("经办人", [name.replace(" ", "") for name in LATIN]),
        ("旅客", LATIN),
        ("c", [f"Mr. {name.title()}" for name in LATIN]),
        ("c", [f"Dr {name.title()}" for name in LATIN]),
    ],
)
def test_a_name_in_small_letters_or_after_a_form_of_address_is_hidden(header: str, cells: list[str]) -> None:
    assert operator(header, cells, **THINGS) == "mask"


@pytest.mark.parametrize(
    "write",
    [
        lambda d: str((d - date(1899, 12, 30)).days),
        lambda d: f"{d:%y-%m-%d}",
        lambda d: f"{d:%y.%m.%d}",
        lambda d: f"{d:%m/%d/%Y}",
        lambda d: f"{d:%d-%b-%Y}",
        lambda d: f"{d:%Y-%m-%dT00:00:00Z}",
        lambda d: f"{d.year}年{d.month}月生",
    ],
)
def test_a_birthday_is_found_under_its_header_in_any_writing(write: Callable[[date], str]) -> None:
    found = scanned(生日=[write(p.born) for p in PEOPLE], **THINGS)["生日"]
    assert (found.entity, found.proposed.name) == (Entity.DATE_OF_BIRTH, "generalise")


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("出生率", ["8.52", "7.10", "6.39"]),
        ("出生人口", ["9020", "10620", "12340"]),
        ("出生地", ["滕州市", "启东市"]),
    ],
)
def test_statistics_of_births_are_no_birthdays(header: str, cells: list[str]) -> None:
    assert operator(header, cells, 年份=["2021", "2022", "2023"]) == "keep"


def test_a_year_of_birth_counts_among_what_identifies_in_combination() -> None:
    found = scanned(姓名=NAMES, 出生年份=[str(p.born.year) for p in PEOPLE])["出生年份"]
    assert found.kind == "quasi"


def test_the_result_of_a_test_for_a_disease_is_health_beside_a_person() -> None:
    cells = ["HIV阳性", "HIV阴性", "梅毒阳性"]
    assert operator("检测", cells, 姓名=NAMES) == "redact"
    assert operator("检测", cells, 例数=["12", "7", "30"]) == "keep"
