"""The short notation of information items in ``departments/*.yaml``.

``名称[:类型[长度]][!敏感级别]``, separated by commas; types are ``s`` text, ``i`` integer, ``n`` number,
``d`` date, ``t`` date and time, ``b`` boolean. Example: ``姓名:s20!3, 身份证号:s18!4, 金额元:n``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml

TYPES = {"s": "string", "i": "integer", "n": "number", "d": "date", "t": "datetime", "b": "boolean"}
LENGTHS = {"string": 50, "integer": 10, "number": 16, "date": 10, "datetime": 19, "boolean": 1}
NOTATION = re.compile(r"(?P<name>[^:!,]+?)(?::(?P<type>[sintdb])(?P<length>\d*))?(?:!(?P<level>[1-4]))?")


def parse(text: str) -> list[dict[str, str]]:
    """The information items that ``text`` notes; raises ValueError when it is no such notation."""
    items = []
    for part in text.split(","):
        match = NOTATION.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"not an information item: {part.strip()!r}")
        kind = TYPES[match["type"] or "s"]
        item = {
            "name": match["name"],
            "label": match["name"],
            "type": kind,
            "length": match["length"] or str(LENGTHS[kind]),
            "sensitivity": match["level"] or "1",
        }
        description = descriptions().get(match["name"]) or unit_of(match["name"])
        if description:
            item["description"] = description
        items.append(item)
    names = [item["name"] for item in items]
    if len(set(names)) != len(names):
        raise ValueError(f"an information item stands twice: {text!r}")
    return items


@cache
def descriptions() -> dict[str, str]:
    """Descriptions of common data elements, by name."""
    file = resources.files(__package__).joinpath("data_elements.yaml")
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


UNITS = (
    "万平方米",
    "平方公里",
    "平方米",
    "万立方米",
    "亿立方米",
    "立方米",
    "公顷",
    "万吨标准煤",
    "吨标准煤",
    "万吨",
    "万美元",
    "亿元",
    "万元",
    "公里",
    "毫米",
    "厘米",
    "工作日",
    "分钟",
    "亩",
    "吨",
    "元",
    "米",
)


def unit_of(name: str) -> str:
    """``单位为…`` when the name ends with a unit of measure, else nothing."""
    for unit in UNITS:
        if name.endswith(unit) and len(name) > len(unit) + 1:
            return f"单位为{unit}"
    return ""
