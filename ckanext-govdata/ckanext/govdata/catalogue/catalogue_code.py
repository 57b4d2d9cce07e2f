"""The code of a catalogue entry: class (1) + item (2) + sub-item (3) + detail (0–6) + ``/`` + serial (6).

Source: 政务信息资源目录编制指南（试行）(2017), chapter on resource codes; SX-8, HB-6. Example:
``302006/000012`` is the twelfth entry of class 3 (departments), item 02 (city level), sub-item 006 (the
department's number).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PATTERN = re.compile(r"(?P<kind>[123])(?P<item>\d{2})(?P<subitem>\d{3})(?P<detail>\d{0,6})/(?P<serial>\d{6})")
LEVEL_ITEM = {"province": "01", "city": "02", "county": "03", "town": "04"}
SERIAL_LIMIT = 999_999


class CatalogueCodeError(ValueError):
    """A text is not a catalogue code, or a code cannot be made; ``zh`` and ``en`` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class CatalogueCode:
    """A code in its parts; ``prefix`` classifies, ``serial`` (from 1) counts within the prefix."""

    prefix: str
    serial: int

    def __str__(self) -> str:
        return f"{self.prefix}/{self.serial:06d}"


def parse(text: str) -> CatalogueCode:
    """Read a code; raises CatalogueCodeError when ``text`` has another form or the serial is 0."""
    match = PATTERN.fullmatch(text)
    if match is None or int(match["serial"]) == 0:
        raise CatalogueCodeError(
            "资源代码应为：类 1 位、项 2 位、目 3 位、细目 0 至 6 位，斜线后流水号 6 位，"
            "例如 302006/000012。",
            "A catalogue code is class (1), item (2), sub-item (3), detail (0 to 6 digits), a slash and a "
            "serial number (6 digits from 000001), for example 302006/000012.",
        )
    prefix, serial = text.split("/")
    return CatalogueCode(prefix, int(serial))


def prefix_for(catalogue_class: str, *, base_item: str, theme_item: str, level: str, subitem: str) -> str:
    """The classifying part of a new entry's code.

    The item is the base library's number for class 1, the theme's for class 2, the administrative level's
    for class 3; the sub-item is the department's number, three digits.
    """
    items = {"1": base_item, "2": theme_item, "3": LEVEL_ITEM.get(level, "")}
    item = items.get(catalogue_class, "")
    if not re.fullmatch(r"\d{2}", item) or not re.fullmatch(r"\d{3}", subitem):
        raise CatalogueCodeError(
            "无法自动编号：基础信息资源须选基础库，主题信息资源须选主题，部门须有三位的目录部门号和层级。",
            "The code cannot be assigned: base resources need a base library, theme resources a theme, and "
            "the department needs its three-digit catalogue number and its level.",
        )
    return f"{catalogue_class}{item}{subitem}"


def next_code(prefix: str, used: int) -> CatalogueCode:
    """The code after the highest serial ``used`` so far under ``prefix`` (0 when none)."""
    if used >= SERIAL_LIMIT:
        raise CatalogueCodeError("该分类的流水号已用完。", "The serial numbers of this class are used up.")
    return CatalogueCode(prefix, used + 1)
