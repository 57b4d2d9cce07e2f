"""高龄津贴发放名册: a workbook with a title row, a note row and a merged header of two rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, BinaryIO

import xlsxwriter

from ckanext.govdata.demo.people import TODAY, People

GROUPS = (
    ("序号", ("序号",)),
    ("基本信息", ("姓名", "性别", "身份证号", "出生日期", "户籍地址", "联系电话")),
    ("发放信息", ("津贴标准元每月", "发放月份", "街道乡镇")),
)
STANDARDS = ((100, 300), (90, 150), (80, 60))
MONTHS = ("2026年8月", "2026年9月", "2026年10月")


def generate(stream: BinaryIO, seed: int, rows: int) -> None:
    """Write ``rows`` payments as XLSX; dates are real dates, telephone numbers are text."""
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(TODAY.year, TODAY.month, TODAY.day)})
    sheet = book.add_worksheet("高龄津贴")
    formats = {
        "title": book.add_format({"bold": True, "align": "center", "font_size": 16}),
        "head": book.add_format({"bold": True, "align": "center", "border": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    _heading(sheet, formats)
    people = People(seed)
    for number in range(1, rows + 1):
        elder = people.person(youngest=80, oldest=103)
        age = (TODAY - elder.born).days // 365
        standard = next((amount for least, amount in STANDARDS if age >= least), STANDARDS[-1][1])
        line = number + 3
        sheet.write_number(line, 0, number)
        for column, value in enumerate(
            (elder.name, "女" if elder.female else "男", elder.resident_id), start=1
        ):
            sheet.write_string(line, column, value)
        sheet.write_datetime(line, 4, datetime.combine(elder.born, datetime.min.time()), formats["date"])
        sheet.write_string(line, 5, elder.address)
        sheet.write_string(line, 6, elder.mobile)
        sheet.write_number(line, 7, standard)
        sheet.write_string(line, 8, people.dice.choice(MONTHS))
        sheet.write_string(line, 9, elder.town)
    book.close()


def _heading(sheet: Any, formats: dict[str, Any]) -> None:
    last = sum(len(names) for _, names in GROUPS) - 1
    sheet.merge_range(0, 0, 0, last, "云州市高龄津贴发放名册", formats["title"])
    sheet.merge_range(1, 0, 1, last, "填报单位：云州市民政局        填报日期：2026年10月31日")
    column = 0
    for group, names in GROUPS:
        if names == (group,):
            sheet.merge_range(2, column, 3, column, group, formats["head"])
        else:
            sheet.merge_range(2, column, 2, column + len(names) - 1, group, formats["head"])
            for offset, name in enumerate(names):
                sheet.write_string(3, column + offset, name, formats["head"])
        column += len(names)
