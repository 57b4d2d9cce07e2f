"""Workbooks as departments send them: titles, merged headers, notes, dates, numbers."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable

import openpyxl
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from anonymize.readers import Table, open_table


def opened(fill: Callable[[Workbook, Worksheet], None]) -> Table:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book, book.add_worksheet("名单"))
    book.close()
    return open_table(out, name="名单.xlsx")


def cells(table: Table) -> list[list[str]]:
    return [list(row) for frame in table.batches() for row in frame.rows()]


def test_titles_merged_headers_and_notes_are_taken_off() -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("A1:F1", "2024 年高龄津贴发放名单")
        sheet.merge_range("A2:C2", "填报单位：某县民政局")
        sheet.merge_range("D2:F2", "日期：2024-03-01")
        for column, text in (("A", "序号"), ("B", "姓名"), ("F", "金额")):
            sheet.merge_range(f"{column}3:{column}4", text)
        sheet.merge_range("C3:E3", "住址")
        sheet.write_row("C4", ["区县", "街道", "门牌"])
        for i in range(5):
            sheet.write_row(4 + i, 0, [i + 1, "甲", "东城区", "景山街道", "1号", 100.5])
        sheet.write(11, 0, "注：以上数据截至三月")
        sheet.write(12, 0, "制表人：乙")

    table = opened(fill)
    assert table.columns == ("序号", "姓名", "住址-区县", "住址-街道", "住址-门牌", "金额")
    assert table.info.header_rows == 4
    assert cells(table) == [[str(i + 1), "甲", "东城区", "景山街道", "1号", "100.5"] for i in range(5)]
    assert "制表人：乙" in table.surroundings
    assert any("2 处附注" in note.zh for note in table.notes)


def test_numbers_dates_and_booleans_become_canonical_text() -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        clock = book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, ["整数", "小数", "文本", "日", "时刻", "钟点", "真假"])
        sheet.write_row(1, 0, [13800138000, 12.5, "007"])
        sheet.write_datetime(1, 3, datetime.datetime(1990, 3, 7), day)
        sheet.write_datetime(1, 4, datetime.datetime(1990, 3, 7, 12, 3, 4), moment)
        sheet.write_datetime(1, 5, datetime.time(8, 30), clock)
        sheet.write_boolean(1, 6, True)

    assert cells(opened(fill)) == [
        ["13800138000", "12.5", "007", "1990-03-07", "1990-03-07 12:03:04", "08:30:00", "TRUE"]
    ]


def test_text_that_looks_like_a_moment_is_left_alone() -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["编号", "时刻"])
        sheet.write_row(1, 0, ["a", "1990-03-07 00:00:00"])

    assert cells(opened(fill)) == [["a", "1990-03-07 00:00:00"]]


def test_identity_numbers_stored_as_numbers_are_reported_as_damaged() -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["编号", "证件"])
        sheet.write_row(1, 0, ["a", 110101199003070011])

    assert any("1 个 16 位及以上的数字" in note.zh for note in opened(fill).notes)


def test_error_cells_are_empty_and_reported() -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["编号", "率"])
        sheet.write(1, 0, "a")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    table = opened(fill)
    assert cells(table) == [["a", ""]]
    assert any("公式错误" in note.zh for note in table.notes)


def test_other_sheets_are_reported_and_not_read() -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["编号", "值"])
        sheet.write_row(1, 0, ["a", "b"])
        book.add_worksheet("另一张").write_row(0, 0, ["秘密★10年", "y"])

    table = opened(fill)
    assert cells(table) == [["a", "b"]]
    assert any("1 张" in note.zh for note in table.notes)


def test_a_table_in_the_middle_of_the_sheet_is_found() -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("C5:E5", "标题")
        sheet.write_row(5, 2, ["甲", "乙", "丙"])
        sheet.write_row(6, 2, ["1", "2", "3"])

    table = opened(fill)
    assert table.columns == ("甲", "乙", "丙")
    assert cells(table) == [["1", "2", "3"]]


def test_rows_of_a_total_are_data_and_no_note() -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["地区", "数", "率"])
        sheet.write_row(1, 0, ["甲", 1, 2])
        sheet.write_row(2, 0, ["合计", 1])

    assert cells(opened(fill))[-1] == ["合计", "1", ""]


def test_workbooks_of_another_writer_are_read_alike() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["编号", "名称"], ["001", "甲"], ["002", None], [None, "丙"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert cells(open_table(out, name="a.xlsx")) == [["001", "甲"], ["002", ""], ["", "丙"]]
