"""The head of an address by the grammar of names: 云州市东湖区, when no table knows it.

Names of divisions change faster than tables. Read is only what has two levels in the right order
(province and city, or city and county), each a short name with its suffix and without anything that a
street, an estate or a sentence would have in it. One level alone is not enough: 幸福超市 ends like a city.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

Level = Literal["province", "city", "county"]

# Characters that stand in addresses and in sentences, not in names of divisions.
_NOT = (
    "省市县区盟旗村路街道巷弄号栋幢室楼园院店厂站桥门口旁与和在至"
    "往向住家址籍的是为姓名人先生女士同志电话联系方式"
)
_CHARACTER = rf"[\p{{Han}}&&[^{_NOT}]]"
_PROVINCE = rf"(?P<p>{_CHARACTER}{{2,3}}省|{_CHARACTER}{{2,6}}自治区)"
# 超市, 夜市 and 股市 are no cities; 小区, 社区 and 景区 are no districts.
_CITY = (
    rf"(?P<c>{_CHARACTER}{{0,3}}[{_CHARACTER}&&[^超夜早菜集闹门都城股]]市"
    rf"|{_CHARACTER}{{2,10}}(?:自治州|地区)|{_CHARACTER}{{2,6}}盟)"
)
_COUNTY = (
    rf"(?P<d>{_CHARACTER}{{2,9}}自治县|{_CHARACTER}{{1,4}}县|{_CHARACTER}{{2,8}}旗|{_CHARACTER}{{1,3}}市"
    rf"|{_CHARACTER}{{0,4}}[{_CHARACTER}&&[^小社校景库片活属宅业老住商]]区)"
)
_HEADS = (rf"^{_PROVINCE}{_CITY}{_COUNTY}?", rf"^(?P<p>){_CITY}{_COUNTY}")


def read_division(heads: pl.Series, level: Level) -> pl.Series:
    """The division down to ``level`` at each head (blanks removed before); null where none is sure."""
    frame = heads.alias("v").to_frame()
    groups = [pl.col("v").str.extract_groups(pattern).struct for pattern in _HEADS]

    def part(name: str) -> pl.Expr:
        return pl.coalesce([group.field(name) for group in groups]).fill_null("")

    label = {
        "province": part("p"),
        "city": part("p") + part("c"),
        "county": part("p") + part("c") + part("d"),
    }[level]
    return frame.select(pl.when(label != "").then(label).alias(heads.name)).to_series()
