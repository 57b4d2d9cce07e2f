"""公交刷卡记录: the large table; a named card carries its holder's identity number, a code a telephone."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import BinaryIO

from ckanext.govdata.demo import identifiers, places
from ckanext.govdata.demo.people import People

HEADER = (
    "交易流水号",
    "卡号",
    "卡类型",
    "持卡人身份证号",
    "手机号码",
    "线路名称",
    "车牌号",
    "上车站点",
    "刷卡时间",
    "交易金额元",
)
KINDS = ("普通卡", "学生卡", "敬老卡", "乘车码", "银联闪付")
WEIGHTS = (30, 12, 18, 36, 4)
FARES = {"普通卡": "0.90", "学生卡": "0.50", "敬老卡": "0.00", "乘车码": "0.90", "银联闪付": "1.00"}
NAMED = ("学生卡", "敬老卡")
LINES = tuple(f"{number}路" for number in (1, 2, 3, 5, 8, 9, 10, 12, 15, 18, 21, 26, 30, 35, 101, 102))
STOPS = tuple(
    f"{road}{suffix}" for road in places.ROADS for suffix in ("南口", "北口", "中段", "桥", "医院", "学校")
)
RIDERS = 4000
BUSES = 320
START = datetime(2026, 10, 12, 5, 30)
RUSH = (7, 8, 17, 18)


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write ``rows`` swipes as UTF-8, in the order of time, over as many days as they need."""
    people = People(seed)
    dice = people.dice
    riders = []
    for _ in range(min(RIDERS, max(20, rows))):
        kind = dice.choices(KINDS, WEIGHTS)[0]
        holder = people.person(60, 90) if kind == "敬老卡" else people.person(18, 60)
        card = "3141" + f"{dice.randrange(10**12):012d}"
        riders.append(
            (
                card,
                kind,
                holder.resident_id if kind in NAMED else "",
                holder.mobile if kind == "乘车码" else "",
                FARES[kind],
            )
        )
    buses = [(dice.choice(LINES), identifiers.plate(dice)) for _ in range(BUSES)]
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    moment = START
    for number in range(1, rows + 1):
        card, kind, resident_id, mobile, fare = dice.choice(riders)
        line, plate = dice.choice(buses)
        writer.writerow(
            (
                f"T{moment:%y%m%d}{number:09d}",
                card,
                kind,
                resident_id,
                mobile,
                line,
                plate,
                dice.choice(STOPS),
                f"{moment:%Y-%m-%d %H:%M:%S}",
                fare,
            )
        )
        moment += timedelta(seconds=dice.randrange(0, 3 if moment.hour in RUSH else 6))
        if moment.hour >= 23:
            moment = moment.replace(hour=5, minute=30, second=0) + timedelta(days=1)
    text.flush()
    text.detach()
