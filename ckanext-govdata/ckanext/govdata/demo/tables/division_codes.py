"""统计用区划代码: twelve-digit codes, which look like identifiers to the unwary and are not personal."""

from __future__ import annotations

import csv
import io
import random
from typing import BinaryIO

from ckanext.govdata.demo import places

HEADER = ("统计用区划代码", "名称", "层级", "城乡分类代码", "上级代码")
CITY = "990100000000"
VILLAGE_NAMES = ("东", "西", "南", "北", "上", "下", "新", "老", "大", "小")
VILLAGE_STEMS = ("河", "桥", "庄", "塘", "岭", "坪", "湾", "井", "寨", "洼", "沟", "店")
URBAN = ("111", "112", "121")
RURAL = ("122", "210", "220")


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write the city, its districts, towns and the first villages, ``rows`` divisions in all, as UTF-8."""
    dice = random.Random(seed)  # noqa: S311
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    table = [(CITY, "云州市", "市级", "", "")]
    towns: list[tuple[str, str]] = []
    for code, district, names in places.DISTRICTS:
        table.append((f"{code}000000", district, "县级", "", CITY))
        for number, town in enumerate(names, 1):
            town_code = f"{code}{number:03d}000"
            towns.append((town_code, town))
            table.append((town_code, town, "乡级", "", f"{code}000000"))
    stems = [first + second for second in VILLAGE_STEMS for first in VILLAGE_NAMES]
    dice.shuffle(stems)
    place = 0
    while len(table) < rows:
        town_code, town = towns[place % len(towns)]
        number = place // len(towns) + 1
        urban = town.endswith("街道")
        stem = stems[place % len(stems)]
        name = f"{stem}社区居委会" if urban else f"{stem}村委会"
        kind = dice.choice(URBAN if urban else RURAL)
        table.append((f"{town_code[:9]}{number:03d}", name, "村级", kind, town_code))
        place += 1
    writer.writerows(table[:rows])
    text.detach()
