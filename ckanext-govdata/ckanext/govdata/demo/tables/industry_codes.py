"""国民经济行业分类: codes and names of GB/T 4754-2017 sections and divisions, with notes in our own words."""

from __future__ import annotations

import csv
import io
from importlib import resources
from typing import BinaryIO

import yaml

HEADER = ("代码", "类别名称", "层级", "上级代码", "说明")


def generate(stream: BinaryIO, seed: int, rows: int) -> None:  # noqa: ARG001
    """Write the first ``rows`` classes as UTF-8 with a byte order mark; the table is fixed: no seed."""
    file = resources.files(__package__).joinpath("industry_codes.yaml")
    sections = yaml.safe_load(file.read_text(encoding="utf-8"))
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    table = []
    for section in sections:
        table.append((section["code"], section["name"], "门类", "", section["note"]))
        for code, name in section["divisions"].items():
            note = f"本大类属于{section['code']}门类“{section['name']}”。{section['note']}"
            table.append((code, name, "大类", section["code"], note))
    writer.writerows(table[:rows])
    text.detach()
