"""公共停车场: points with coordinates and prices, as a workbook; nothing personal."""

from __future__ import annotations

import random
from datetime import datetime
from typing import BinaryIO

import xlsxwriter

from ckanext.govdata.demo import places
from ckanext.govdata.demo.people import TODAY

HEADER = (
    "停车场名称",
    "地址",
    "停车场类型",
    "总泊位数",
    "充电泊位数",
    "收费标准",
    "开放时间",
    "经度",
    "纬度",
)
SITES = (
    "人民医院",
    "中心广场",
    "体育馆",
    "图书馆",
    "客运东站",
    "滨河公园",
    "政务服务大厅",
    "古城门",
    "大学城",
    "会展中心",
)
SIDES = ("东", "西", "南", "北", "一期", "二期")
KINDS = ("地面", "地下", "立体", "路外")
PRICES = (
    "首30分钟免费，之后每小时2元，24小时封顶15元",
    "首1小时3元，之后每小时1元，夜间22时至次日7时免费",
    "免费",
    "每次5元",
)
HOURS = ("00:00-24:00", "06:00-22:00", "07:00-23:00")


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write ``rows`` car parks as XLSX with numbers as numbers."""
    dice = random.Random(seed)  # noqa: S311
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(TODAY.year, TODAY.month, TODAY.day)})
    sheet = book.add_worksheet("停车场")
    sheet.write_row(0, 0, HEADER)
    for line in range(1, rows + 1):
        district, _ = places.town(dice)
        latitude, longitude = places.coordinates(dice)
        spaces = dice.randrange(20, 900)
        sheet.write_row(
            line,
            0,
            (
                f"{district}{dice.choice(SITES)}{dice.choice(SIDES)}停车场",
                f"{district}{dice.choice(places.ROADS)}{dice.randrange(1, 400)}号",
                dice.choice(KINDS),
                spaces,
                spaces // dice.choice((5, 8, 10, 20)),
                dice.choice(PRICES),
                dice.choice(HOURS),
                longitude,
                latitude,
            ),
        )
    book.close()
