"""Rows made from the data dictionary alone: no row of the data is read, so none can come out.

The same entry gives the same rows in every call and every process, so that a program can page through them.
A column whose name says what it holds (姓名, 电话, 地址 …) gets something of that kind from Faker, as test
data are made; identifiers are of a form that no register has given to anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from random import Random
from typing import Any, Final

from faker import Faker

ROWS: Final = 1000
"""As many has every sandbox."""
_FIRST: Final = date(2020, 1, 1)
_DAYS: Final = 2000
_WORDS: Final = ("甲类", "乙类", "丙类", "丁类")
_LONGEST: Final = 4000

Make = Callable[[Faker, Random], Any]


def _digits(start: str, count: int) -> Make:
    return lambda _, random: start + "".join(random.choice("0123456789") for _ in range(count))


NAMED: Final[Sequence[tuple[tuple[str, ...], Make]]] = (
    # 000000 is no division and 000 no mobile prefix: nobody has such a number.
    (("身份证", "公民身份"), _digits("000000", 12)),
    (("电话", "手机", "联系方式"), _digits("000", 8)),
    (("统一社会信用", "信用代码"), _digits("00", 16)),
    (("企业名称", "单位名称", "机构名称", "公司"), lambda fake, _: fake.company()),
    (("姓名", "联系人", "法定代表人", "负责人"), lambda fake, _: fake.name()),
    (("地址", "住所", "位置"), lambda fake, _: fake.street_address()),
    (("邮箱", "电子邮件"), lambda fake, _: fake.user_name() + "@example.com"),
    (("网址", "链接"), lambda fake, _: "https://example.com/" + fake.user_name()),
    (("车牌",), lambda _, random: "测A" + "".join(random.choice("0123456789") for _ in range(5))),
    (("经度",), lambda _, random: round(random.uniform(112.0, 113.0), 6)),
    (("纬度",), lambda _, random: round(random.uniform(37.0, 38.0), 6)),
    (("编号", "编码", "代码", "号码"), _digits("T", 9)),
)
"""What a name of a column says, and what is made of it; the first that fits."""


def _of_day(random: Random) -> date:
    return _FIRST + timedelta(days=random.randrange(_DAYS))


TYPED: Final[Mapping[str, Make]] = {
    "integer": lambda _, random: random.randrange(10_000),
    "number": lambda _, random: round(random.uniform(0, 10_000), 2),
    "date": lambda _, random: _of_day(random).isoformat(),
    "datetime": lambda _, random: datetime.combine(
        _of_day(random), datetime.min.time(), timezone(timedelta(hours=8))
    ).isoformat(),
    "boolean": lambda _, random: random.random() < 0.5,
    "string": lambda _, random: random.choice(_WORDS),
}
"""Type of an information item → a value of it."""
_NUMBERS: Final = frozenset({"integer", "number"})


def rows(dataset: str, items: Sequence[Mapping[str, Any]], start: int, count: int) -> list[dict[str, Any]]:
    """Rows ``start`` to ``start + count`` (at most `ROWS` in all) of the entry's synthetic table.

    ``items`` are its information items: ``name``, ``label``, ``type``, ``length``.
    """
    end = min(start + count, ROWS)
    return [dict(_row(dataset, items, number)) for number in range(start, end)]


def _row(dataset: str, items: Sequence[Mapping[str, Any]], number: int) -> Iterator[tuple[str, Any]]:
    fake = _faker()
    for item in items:
        place = f"{dataset}\x00{item['name']}\x00{number}"
        seed = int.from_bytes(hashlib.sha256(place.encode()).digest()[:8], "big")
        fake.seed_instance(seed)
        yield str(item["name"]), _value(item, fake, Random(seed))  # noqa: S311 - test data, no secret


def _value(item: Mapping[str, Any], fake: Faker, random: Random) -> Any:
    typed = str(item.get("type") or "string")
    name = f"{item['name']} {item.get('label') or ''}"
    make = TYPED.get(typed, TYPED["string"])
    if typed not in ("date", "datetime", "boolean"):
        make = next((made for words, made in NAMED if any(word in name for word in words)), make)
    value = make(fake, random)
    if typed in _NUMBERS and isinstance(value, str):
        value = TYPED[typed](fake, random)
    if isinstance(value, str):
        length = int(item.get("length") or 0)
        value = value[: length or _LONGEST]
    return value


@cache
def _faker() -> Faker:
    return Faker("zh_CN")
