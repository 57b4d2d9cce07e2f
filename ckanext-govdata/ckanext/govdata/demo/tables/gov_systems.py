"""政务信息系统和上云情况: systems of the departments, had by agreement alone; nothing personal."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, timedelta
from typing import BinaryIO

HEADER = ("系统名称", "建设单位", "部署方式", "等级保护级别", "上线日期")
OWNERS = (
    "云州市民政局",
    "云州市交通运输局",
    "云州市市场监督管理局",
    "云州市统计局",
    "云州市医疗保障局",
    "云州市生态环境局",
    "云州市人力资源和社会保障局",
    "云州市教育局",
    "云州市水务局",
    "云州市政务服务管理局",
)
SUBJECTS = ("业务办理", "综合监管", "数据交换", "协同办公", "档案管理", "公众服务", "统计分析", "视频会商")
GENERATIONS = ("系统", "平台", "系统（二期）")
PLACES = ("政务云", "政务云", "政务云", "本单位机房", "混合部署")
GRADES = ("第二级", "第二级", "第三级")
FIRST = date(2014, 1, 1)
DAYS = 4_300


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write ``rows`` systems as UTF-8, at most one of each name."""
    dice = random.Random(seed)  # noqa: S311
    names = [
        (owner, f"{owner[3:]}{subject}{last}")
        for owner in OWNERS
        for subject in SUBJECTS
        for last in GENERATIONS
    ]
    dice.shuffle(names)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for owner, name in names[:rows]:
        begun = FIRST + timedelta(days=dice.randrange(DAYS))
        writer.writerow((name, owner, dice.choice(PLACES), dice.choice(GRADES), begun.isoformat()))
    text.detach()
