"""Postal address: a division, a street or village, and a number, floor or room.

``浙江省杭州市西湖区文三路 100 号 3 幢 2 单元 501 室``, ``建设路12号``, ``李家村3组``, ``阳光花园 5-2-301``. The divisions are those
of GB/T 2260, the grammar of suffixes is that of door plates (GA/T 1555). A division alone (朝阳区, 景山街道)
is a region and no address.

>>> AddressRecognizer().validate(pl.Series(["浙江省杭州市西湖区文三路100号3幢2单元501室", "李家村3组", "朝阳区"])).to_list()
[True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers import regions
from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.normal import canonical

_HAN = r"[\u3400-\u9fff]"
_N = r"(?:\d{1,5}|[A-Za-z]|[一二三四五六七八九十百零〇]{1,5}|甲|乙|丙|丁)"
_WAY = r"(?:大道|大街|胡同|路|街|道|巷|弄|里|坊|条|线)"
_PLACE = r"(?:小区|花园|家园|公寓|新村|新城|大厦|广场|宿舍|家属院|苑|园|庭|府|湾|居|庄|村|屯|寨|堡|楼|城|院|社区|农场|林场)"  # noqa: E501
_UNIT = r"(?:号楼|号院|号|栋|幢|座|单元|楼|层|室|组|队|弄|户|社|排|#|-\d)"
_DETAIL = (
    rf"(?:{_HAN}{_WAY}[东西南北中]?[段侧]? ?{_N}(?:[\-~至、]\d+)? ?{_UNIT}|{_HAN}{_PLACE} ?(?:第)?{_N} ?(?:{_UNIT}|-\d)"  # noqa: E501
    rf"|\d{{1,4}} ?(?:号楼|栋|幢|座) ?(?:\d|[一二三四五六七八九]|[A-Za-z])?.{{0,4}}(?:单元|室|\d{{3,4}})|\d ?单元 ?\d{{2,4}}|{_HAN}{_WAY} ?\d{{1,5}}(?:-\d+)+"  # noqa: E501
    rf"|{_HAN}{_WAY}{_HAN}{{2,10}}{_PLACE} ?{_N})"
)
_DOOR = rf"^(?:{_HAN}{{0,6}}\d{{1,4}} ?(?:号楼|号院|号|栋|幢|座|单元|室|组|#)[\-\d 号栋幢座单元楼层室A-Za-z东西南北侧户]{{0,16}}|\d{{1,3}}(?:-\d{{1,4}}){{1,3}})$"  # noqa: E501
_DIVISION = r"(?:省|自治区|市|区|县|旗|自治州|盟|乡|镇|街道|苏木)"
_BELOW = r"(?:路|街|道|巷|弄|村|庄|屯|寨|组|社区|小区|花园|苑|公寓|号|栋|幢|单元|室|委会|街坊|大队|新村|家园|湾|坪|坝|沟|坡|营|堡|坊|里)"  # noqa: E501


class AddressRecognizer(ColumnRecognizer):
    """Suffix grammar with the gazetteer of divisions."""

    ENTITY = Entity.ADDRESS
    HEADER = re.compile(
        r"地址|住址|住所|居住地|现居|户籍地|户口所在|家庭所在|坐落|门牌|收货|邮寄|送达|address|\baddr\b|zhuzhi|^dz$|jtzz|jtdz",
        re.I,
    )
    HOME = re.compile(
        r"家庭|住址|居住|户籍|户口|现住|现居|家住|收货|邮寄|送达|个人|本人|联系地址|通讯|通信|门牌|房屋|房产|坐落|home",
        re.I,
    )
    TEXT = re.compile(
        rf"(?:{_HAN}{{2,8}}(?:省|自治区))?(?:{_HAN}{{2,8}}?(?:市|州|盟))?(?:{_HAN}{{2,8}}?(?:区|县|旗))?(?:{_HAN}{{2,8}}?(?:镇|乡|街道))?{_HAN}{{1,8}}?(?:{_DETAIL[3:-1]})"
        rf"(?:[0-9A-Za-z\-]|{_UNIT}|[东西南北侧]|[一二三四五六七八九十]){{0,20}}"
    )
    PREFILTER = _DETAIL
    CONTEXT: ClassVar[tuple[str, ...]] = ("地址", "住址", "家住", "住在")
    SCORE = 0.7

    def validate(self, values: pl.Series) -> pl.Series:
        """Values with a door in them and nothing that reads like a sentence."""
        return values.str.contains(_DETAIL) & ~prose_like(values)

    def shape(self, values: pl.Series) -> pl.Series:
        """Under a header that says address: a door alone, a village, or divisions one inside the other."""
        inside = values.str.contains(rf"{_DIVISION}{_HAN}{{1,}}")
        below = values.str.contains(rf"{_HAN}{{1,}}{_BELOW}")
        return (values.str.contains(_DETAIL) | values.str.contains(_DOOR) | inside | below) & ~prose_like(
            values
        )

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return canonical(candidates).str.contains(_DETAIL)


def prose_like(values: pl.Series) -> pl.Series:
    """Sentences that merely mention an address."""
    return values.str.contains(r"[。！？!?；;]|，.*，") | (values.str.len_chars() > 80)


def region_share(values: pl.Series) -> float:
    """Share of values that are a division's name and nothing else (省、市、区县 by list, 乡镇街道村 by suffix)."""  # noqa: E501
    # One look-up a value: an expression would hash all names of divisions anew for every column.
    known = regions.names()
    listed = pl.Series([value in known for value in values.to_list()], dtype=pl.Boolean)
    formed = values.str.contains(
        rf"^{_HAN}{{1,12}}(?:街道|街道办事处|镇|乡|苏木|社区|村|居委会|村委会|区|县|市|省|自治州|开发区|高新区)$"
    )
    return float((listed | formed).mean() or 0.0)  # type: ignore[arg-type]
