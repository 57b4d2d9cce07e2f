"""最低生活保障家庭: a GB18030 CSV with full-width digits in some telephone cells."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import BinaryIO

from ckanext.govdata.demo import identifiers
from ckanext.govdata.demo.people import TODAY, People

HEADER = (
    "户主姓名",
    "身份证号",
    "家庭住址",
    "联系电话",
    "保障人数",
    "月保障金额",
    "开户银行账号",
    "街道乡镇",
    "批准日期",
)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write ``rows`` households as GB18030 with CRLF."""
    people = People(seed)
    dice = people.dice
    text = io.TextIOWrapper(stream, encoding="gb18030", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for _ in range(rows):
        head = people.person(youngest=22, oldest=88)
        members = dice.choices((1, 2, 3, 4), (50, 28, 15, 7))[0]
        telephone = head.mobile.translate(FULL_WIDTH) if dice.random() < 0.02 else head.mobile
        writer.writerow(
            (
                head.name,
                head.resident_id,
                head.address,
                telephone,
                members,
                members * dice.choice((620, 680, 710)),
                identifiers.bank_card(dice),
                head.town,
                (TODAY - timedelta(days=dice.randrange(30, 2400))).isoformat(),
            )
        )
    text.detach()
