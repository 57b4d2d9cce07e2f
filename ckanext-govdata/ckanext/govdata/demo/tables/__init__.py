"""Tables of the demonstration city, in the shapes that departments send them.

Each module has ``generate(stream, seed, rows)``: it writes one file to a binary stream and nothing anywhere
else; equal arguments write equal content.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from ckanext.govdata.demo.tables import (
    air_quality,
    bus_card_swipes,
    company_register,
    division_codes,
    elderly_allowance,
    gdp_quarterly,
    gov_systems,
    hotline_orders,
    industry_codes,
    low_income_households,
    medical_reimbursements,
    parking_lots,
)

Generate = Callable[[BinaryIO, int, int], None]


@dataclass(frozen=True)
class Table:
    """One table: the catalogue entry it belongs to, the name of its file, and how many rows it has."""

    entry: str
    filename: str
    rows: int
    generate: Generate
    personal: bool


TABLES: tuple[Table, ...] = (
    Table("low-income-households", "低保家庭名册.csv", 3000, low_income_households.generate, True),
    Table("elderly-allowance", "高龄津贴发放名册.xlsx", 1500, elderly_allowance.generate, True),
    Table("hotline-orders", "12345热线工单.xlsx", 1200, hotline_orders.generate, True),
    Table("company-register", "企业登记信息.csv", 5000, company_register.generate, True),
    Table("gdp-quarterly", "地区生产总值.csv", 996, gdp_quarterly.generate, False),
    Table("bus-card-swipes", "公交刷卡记录.csv", 200_000, bus_card_swipes.generate, True),
    Table("division-codes", "统计用区划代码.csv", 420, division_codes.generate, False),
    Table("industry-codes", "国民经济行业分类.csv", 117, industry_codes.generate, False),
    Table("parking-lots", "公共停车场.xlsx", 320, parking_lots.generate, False),
    Table("air-quality", "空气质量小时值.csv", 8000, air_quality.generate, False),
    Table("gov-systems", "政务信息系统.csv", 240, gov_systems.generate, False),
    Table("medical-reimbursements", "医保结算明细.csv", 2000, medical_reimbursements.generate, True),
)


def table(entry: str) -> Table:
    """The table of a catalogue entry; raises KeyError when the entry has none."""
    for candidate in TABLES:
        if candidate.entry == entry:
            return candidate
    raise KeyError(entry)
