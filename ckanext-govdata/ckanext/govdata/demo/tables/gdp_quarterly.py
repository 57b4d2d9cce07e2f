"""地区生产总值核算: statistics with nothing personal; what is published must have equal cells."""

from __future__ import annotations

import csv
import io
import random
from typing import BinaryIO

HEADER = ("季度", "县区", "产业", "绝对额亿元", "同比增长")
AREAS = (("云州市", 1.0), ("云东区", 0.46), ("云西区", 0.35), ("青溪县", 0.19))
SECTORS = (("第一产业", 0.08), ("第二产业", 0.41), ("第三产业", 0.51))
FIRST_YEAR = 2005
BASE = 96.4


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write the first ``rows`` figures as UTF-8, quarter by quarter from 2005."""
    dice = random.Random(seed)  # noqa: S311
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    written = 0
    quarter = 0
    while written < rows:
        label = f"{FIRST_YEAR + quarter // 4}-Q{quarter % 4 + 1}"
        growth = 6.5 + dice.uniform(-2.5, 2.5)
        total = BASE * 1.016**quarter
        for area, share in AREAS:
            for sector, part in SECTORS:
                if written == rows:
                    break
                rate = "" if quarter < 4 else f"{growth + dice.uniform(-1, 1):.1f}"
                writer.writerow((label, area, sector, f"{total * share * part:.2f}", rate))
                written += 1
        quarter += 1
    text.detach()
