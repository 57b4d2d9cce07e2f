"""基本医疗保险费用结算明细: names, identity numbers, hospitals and diagnoses."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import BinaryIO

from ckanext.govdata.demo.people import People

HEADER = (
    "结算单号",
    "姓名",
    "身份证号",
    "险种",
    "就诊机构",
    "疾病诊断",
    "入院日期",
    "出院日期",
    "总费用元",
    "统筹支付元",
    "个人自付元",
)
KINDS = ("职工基本医疗保险", "城乡居民基本医疗保险")
HOSPITALS = ("云州市第一人民医院", "云州市中医医院", "云州市妇幼保健院", "云东区人民医院", "青溪县人民医院")
DIAGNOSES = (
    "原发性高血压",
    "2型糖尿病",
    "冠状动脉粥样硬化性心脏病",
    "脑梗死",
    "社区获得性肺炎",
    "急性阑尾炎",
    "股骨骨折",
)
SHARES = (0.82, 0.68)


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write ``rows`` settlements as UTF-8; the fund's and the patient's part add up to the total."""
    people = People(seed)
    dice = people.dice
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(1, rows + 1):
        patient = people.person(youngest=1, oldest=92)
        insurance = dice.randrange(len(KINDS))
        admitted = date(2026, 1, 1) + timedelta(days=dice.randrange(270))
        cents = dice.randrange(80_000, 4_500_000)
        fund = int(cents * SHARES[insurance])
        writer.writerow(
            (
                f"JS2026{number:010d}",
                patient.name,
                patient.resident_id,
                KINDS[insurance],
                dice.choice(HOSPITALS),
                dice.choice(DIAGNOSES),
                admitted.isoformat(),
                (admitted + timedelta(days=dice.randrange(2, 20))).isoformat(),
                f"{cents / 100:.2f}",
                f"{fund / 100:.2f}",
                f"{(cents - fund) / 100:.2f}",
            )
        )
    text.detach()
