"""Number plate of a motor vehicle, GA 36-2018.

Format: one character of the province, a letter of the issuing office, then five letters and digits
(``京A12345``), six for new energy with D, F or another assigned letter first or last (``粤BD12345``), or
four and a word: 学 (training), 警 (police), 挂 (trailer), 港, 澳, 领, 使. I and O are not used, but for older police plates (京O).

Police force ``WJ`` with a province, embassies six digits and 使 (``使014578``, ``224578使``).

>>> PlateRecognizer().validate(pl.Series(["京A12345", "粤BD12345", "粤Z1234港", "川A1234警", "使014578", "京A1234"])).to_list()
[True, True, True, True, True, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_L = "A-HJ-NP-Za-hj-np-z"
_PLATE = (
    rf"(?:(?:[{_PROVINCE}][A-Za-z][ \-·・•.]?"
    rf"(?:[A-Ka-k][{_L}0-9]\d{{4}}|\d{{5}}[A-Ka-k]|[{_L}0-9]{{4}}[学警挂港澳领使试超]|[{_L}0-9]{{3}}\d[{_L}0-9]|[{_L}0-9]{{4}}\d))"
    rf"|WJ[ \-·]?[{_PROVINCE}]?[ \-·]?\d{{4}}[0-9A-Z]|使\d{{3}}[·]?\d{{3}}|\d{{3}}[·]?\d{{3}}使)"
)


class PlateRecognizer(ColumnRecognizer):
    """Form of GA 36; the separator dot that people type is allowed."""

    ENTITY = Entity.PLATE
    HEADER = re.compile(r"车牌|号牌|车号|牌照|plate|cph", re.I)
    TEXT = re.compile(
        rf"{_PLATE}(?![0-9A-Za-z])"
        rf"|(?<=[牌号照:为是 ])[{_PROVINCE}][A-Za-z][ \-·・•.]?[0-9A-Za-z]{{4,6}}(?![0-9A-Za-z])"
    )
    PREFILTER = rf"WJ|\d使|使\d|[{_PROVINCE}][A-Za-z][ \-·・•.]?[{_L}0-9]{{3}}"
    CONTEXT: ClassVar[tuple[str, ...]] = ("车牌", "号牌", "车号")
    SCORE = 0.85

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.replace_all(" ", "").str.contains(f"^(?:{_PLATE})$")

    def shape(self, values: pl.Series) -> pl.Series:
        """Any letters and digits after the office: under a header that says plate, a typing error is one still."""  # noqa: E501
        return values.str.replace_all(r"[ \-·・•.]", "").str.contains(
            rf"^[{_PROVINCE}][A-Za-z][0-9A-Za-z]{{4,6}}[\p{{Han}}]?$"
        )

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:
        """Also what a text itself calls a plate, though GA 36 issues none like it."""
        called = before.str.contains(r"(?:车牌|号牌|牌照|车号)(?:号码?)?[:为是 ]?$") & self.shape(candidates)
        return super().accept(candidates, before) | called
