"""Bad input ends in one clear sentence in both languages, never in a stack trace or in half a table."""

from __future__ import annotations

import io
import os
import random
import zipfile

import pytest
import xlsxwriter

from anonymize.errors import SourceUnreadable, WrongUse
from anonymize.readers import Limits, open_table


def workbook(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for index, row in enumerate(rows):
        sheet.write_row(index, 0, row)
    book.close()
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.namelist():
            new.writestr(item, content if item == name else old.read(item))
    return out.getvalue()


def a_zip(member: str = "a.txt", content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, content)
    return out.getvalue()


GOOD = workbook([["编号", "名称"], [1, "甲"]])
SHEET = "xl/worksheets/sheet1.xml"
WIDE = (",".join(f"c{i}" for i in range(5_000)) + "\n" + ",".join("1" * 5_000) + "\n").encode()
BOMB = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    + b"<row></row>" * 6_000_000
    + b"</sheetData></worksheet>"
)
FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    b"</sheetData></worksheet>"
)
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)

BAD: dict[str, tuple[str, bytes, str]] = {
    "empty file": ("a.csv", b"", "空"),
    "only a mark": ("a.csv", b"\xef\xbb\xbf", "空"),
    "header only": ("a.csv", "编号,名称\n".encode(), "只有表头"),
    "header only workbook": ("a.xlsx", workbook([["编号", "名称"]]), "只有表头"),
    "empty workbook": ("a.xlsx", workbook([]), "空"),
    "binary garbage": ("a.csv", bytes(random.Random(1).randbytes(5_000)), "二进制"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
    "a PDF named csv": ("a.csv", b"%PDF-1.7\n" + b"x" * 100, "PDF"),
    "an old XLS": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "XLS"),
    "an encrypted workbook": (
        "a.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "密码",
    ),
    "a zip named xlsx": ("a.xlsx", a_zip(), "只有表头"),
    "a document named xlsx": ("a.xlsx", a_zip("word/document.xml"), "DOCX"),
    "a web page": ("a.csv", b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
    "half a workbook": ("a.xlsx", GOOD[: len(GOOD) // 2], "损坏"),
    "five thousand columns": ("a.csv", WIDE, "5000 列"),
    "five thousand columns in a workbook": (
        "a.xlsx",
        workbook([[f"c{i}" for i in range(5_000)], ["x"] * 5_000]),
        "列",
    ),
    "duplicated headers": ("a.csv", "甲,乙,甲\n1,2,3\n".encode(), "1, 3 列的列名重复"),
    "one name for all": ("a.csv", "甲,甲\n1,2\n3,4\n".encode(), "1, 2 列的列名重复"),
    "one name for all, data of words": ("a.csv", "甲,甲\n东,西\n".encode(), "1, 2 列的列名重复"),
    "empty header": ("a.csv", "甲,,丙\n1,2,3\n".encode(), "第 2 列没有列名"),
    "values under no name at the right": ("a.csv", "甲,乙,\n1,2,\n3,4,5\n".encode(), "第 3 列没有列名"),
    "a ragged row": ("a.csv", "甲,乙\n1,2\n3,4,5\n6,7\n".encode(), "第 3 行有 3 个单元格"),
    "a short row": ("a.csv", "甲,乙,丙\n1,2,3\n4,5\n".encode(), "第 3 行有 2 个单元格"),
    "ten megabytes in a cell": ("a.csv", "甲,乙\n1,".encode() + b"x" * (10 << 20) + b"\n", "第 2 行第 2 列"),
    "an unclosed quote": ("a.csv", '甲,乙\n1,2\n3,"4\n5,6\n7,8\n'.encode(), "引号"),
    "a NUL": ("a.csv", b"a,b\n1,2\n" + b"x" * (1 << 20) + b",\x00\n", "NUL"),
    "mixed encodings": ("a.csv", "甲,乙\n张,三\n".encode() + "李,四\n".encode("gb18030"), "编码"),
    "mixed encodings the other way": (
        "a.csv",
        "甲,乙\n张,三\n".encode("gb18030") + "李,四五六\n".encode() * 3,
        "编码",
    ),
    "a zip bomb": ("a.xlsx", with_part(GOOD, SHEET, BOMB), "解压"),
    "a cell at the far corner": ("a.xlsx", with_part(GOOD, SHEET, FAR), "使用区域"),
    "entities": ("a.xlsx", with_part(GOOD, SHEET, ENTITIES), "实体"),
    "no header but data": (
        "a.csv",
        "张三,11010519491231002X,13800138000\n李四,110101199003070011,13900139000\n".encode(),
        "看起来却是数据",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_with_a_sentence_in_both_languages(case: str) -> None:
    name, data, expected = BAD[case]
    with pytest.raises(SourceUnreadable) as caught:
        open_table(io.BytesIO(data), name=name)
    assert expected in caught.value.zh
    assert caught.value.en.isascii()
    assert caught.value.exit_code == 4


def test_a_refusal_repeats_no_cell() -> None:
    data = "姓名,证件\n张三丰,11010519491231002X\n李四光,11010519491231002X,多\n".encode()
    with pytest.raises(SourceUnreadable) as caught:
        open_table(io.BytesIO(data), name="a.csv")
    said = caught.value.zh + caught.value.en + repr(caught.value.as_dict())
    assert not any(value in said for value in ("张三丰", "李四光", "11010519491231002X"))


def test_the_bound_on_rows_holds() -> None:
    with pytest.raises(SourceUnreadable, match="more than 10 rows"):
        open_table(io.BytesIO(b"a,b\n" + b"1,2\n" * 11), name="a.csv", limits=Limits(max_rows=10))


def test_a_long_cell_in_a_workbook_is_refused() -> None:
    data = workbook([["a", "b"], [1, "x" * 3_000]])
    with pytest.raises(SourceUnreadable, match="row 2, column 2"):
        open_table(io.BytesIO(data), name="a.xlsx", limits=Limits(max_cell=1_000))


def test_a_stream_that_cannot_seek_is_wrong_use() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as stream, pytest.raises(WrongUse):
        open_table(stream, name="a.csv")
