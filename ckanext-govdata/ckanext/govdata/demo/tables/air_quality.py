"""环境空气质量: hourly figures of eight stations, with gaps where an instrument was down; good for charts."""

from __future__ import annotations

import csv
import io
import math
import random
from datetime import datetime, timedelta
from typing import BinaryIO

HEADER = ("监测时间", "站点名称", "空气质量指数", "首要污染物", "PM2.5", "PM10", "臭氧", "二氧化氮")
STATIONS = ("云东一中", "书院街道", "金桥", "西苑公园", "白塔镇", "青溪县城", "高新区管委会", "环保大厦")
START = datetime(2026, 8, 1)
DOWN = 0.012


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write ``rows`` readings as UTF-8, hour by hour and station by station."""
    dice = random.Random(seed)  # noqa: S311
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(rows):
        hour, station = divmod(number, len(STATIONS))
        moment = START + timedelta(hours=hour)
        if dice.random() < DOWN:
            writer.writerow((f"{moment:%Y-%m-%d %H:%M:%S}", STATIONS[station], "", "", "", "", "", ""))
            continue
        season = 28 + 18 * math.sin(hour / 700) + station * 1.5
        fine = max(3, round(season + 9 * math.cos((moment.hour - 8) / 24 * math.tau) + dice.gauss(0, 6)))
        coarse = round(fine * 1.6 + dice.uniform(4, 22))
        ozone = max(8, round(60 + 55 * math.sin((moment.hour - 9) / 24 * math.tau) + dice.gauss(0, 9)))
        nitrogen = max(4, round(22 + dice.gauss(0, 7)))
        parts = {"PM2.5": fine / 75, "PM10": coarse / 150, "臭氧": ozone / 200, "二氧化氮": nitrogen / 200}
        worst = max(parts, key=lambda name: parts[name])
        index = round(parts[worst] * 100)
        writer.writerow(
            (
                f"{moment:%Y-%m-%d %H:%M:%S}",
                STATIONS[station],
                index,
                worst if index > 50 else "",
                fine,
                coarse,
                ozone,
                nitrogen,
            )
        )
    text.detach()
