"""The national form as a workbook: what is written reads back the same, and what is unsafe is not opened."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.govdata.catalogue import fields
from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.catalogue.sheet import layout, reading, safe, writing
from ckanext.govdata.demo import city

DEPARTMENT = writing.Department("云州市民政局", "12610100MB0000001J")

# What a text of an entry can hold: anything but controls and lone surrogates, formulas and escapes too.
_NO_CONTROLS = st.characters(blacklist_categories=("Cs", "Cc"))
_texts = st.text(_NO_CONTROLS | st.sampled_from("=+-@\n、,；\"'_x0041《》"), max_size=40)
_words = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters='"'), max_size=12)


def _value(element: fields.Element) -> st.SearchStrategy[Any]:
    if element.kind == "code":
        return st.sampled_from([code.value for code in code_list(element.codes)])
    if element.kind == "codes":
        return st.lists(st.sampled_from([code.value for code in code_list(element.codes)]), unique=True)
    if element.kind == "tags":
        return st.lists(_words, max_size=4)
    if element.kind == "date":
        return st.dates().map(lambda day: day.isoformat())
    if element.kind == "number":
        return st.integers(1, 10**6).map(str)
    return _texts


_items = st.lists(
    st.fixed_dictionaries(
        {"type": st.just("string"), "sensitivity": st.just("1")},
        optional={e.field: _value(e) for e in fields.ITEMS if e.field not in ("type", "sensitivity")},
    ),
    max_size=4,
)


@st.composite
def _catalogues(draw: Any) -> list[dict[str, Any]]:
    entries = []
    for number in range(draw(st.integers(0, 4))):
        optional = {e.field: _value(e) for e in fields.ELEMENTS if e.field != "title"}
        document = draw(st.fixed_dictionaries({}, optional=optional))
        document["title"] = draw(_texts.filter(lambda said: said.strip()))
        document["name"] = f"entry-{number}"  # what tells two entries apart
        document["information_items"] = draw(_items)
        entries.append(fields.canonical(document))
    return entries


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_catalogues(), st.sampled_from(["zh", "en"]))
def test_what_is_exported_reads_back_the_same(entries: list[dict[str, Any]], language: str) -> None:
    sheet = reading.read(writing.catalogue(entries, DEPARTMENT, language))
    assert [entry.document for entry in sheet.entries] == entries
    assert sheet.objections == []
    assert all(entry.provider == DEPARTMENT.title for entry in sheet.entries)


def test_the_demonstration_catalogue_reads_back_the_same() -> None:
    entries = [fields.canonical(entry.document) for entry in city.entries()]
    sheet = reading.read(writing.catalogue(entries, DEPARTMENT))
    assert [entry.document for entry in sheet.entries] == entries
    assert len(sheet.entries[3].item_rows) == len(entries[3]["information_items"])


def test_the_sheet_holds_every_element_of_the_schema() -> None:
    with open("ckanext-govdata/ckanext/govdata/schemas/dataset.yaml", encoding="utf-8") as file:
        schema = yaml.safe_load(file)
    named = {field["field_name"] for field in schema["dataset_fields"]} - {"owner_org"}
    named = {"tags" if name == "tag_string" else name for name in named}
    assert {e.field for e in fields.ELEMENTS} | {"information_items"} == named
    (items,) = [f for f in schema["dataset_fields"] if f["field_name"] == "information_items"]
    assert {e.field for e in fields.ITEMS} == {f["field_name"] for f in items["repeating_subfields"]}
    required = {f["field_name"] for f in schema["dataset_fields"] if f.get("required")}
    assert {e.field for e in fields.ELEMENTS if e.required} == required


def test_the_template_offers_the_lists_of_codes_and_explains_every_column() -> None:
    book = openpyxl.load_workbook(io.BytesIO(writing.template()))
    sheet = book[layout.CATALOGUE_SHEET]
    offered = {str(v.sqref).split(":")[0] for v in sheet.data_validations.dataValidation if v.type == "list"}
    coded = [c for c in layout.columns() if c.element.kind == "code"]
    assert len(offered) == len(coded)
    assert book[layout.CODES_SHEET].sheet_state == "hidden"
    explained = {row[0].value for row in book[layout.NOTES_SHEET].iter_rows()}
    assert {column.element.zh for column in layout.columns()} <= explained


def test_nothing_that_is_exported_is_a_formula() -> None:
    entry = fields.canonical(
        {"title": '=HYPERLINK("http://x","y")', "notes": "@SUM(1)", "name": "+a", "tags": ["-1+2"]}
    )
    content = writing.catalogue([entry], DEPARTMENT)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[layout.CATALOGUE_SHEET]
    cells = [cell for row in sheet.iter_rows(min_row=3) for cell in row if cell.value]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)
    risky = [cell for cell in cells if str(cell.value)[0] in "=+-@"]
    assert len(risky) == 4
    assert all(cell.quotePrefix for cell in risky)


def _book(rows: list[list[Any]], **options: Any) -> bytes:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("目录")
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(number, at, value)
                elif value is not None:
                    sheet.write(number, at, value)
    return body.getvalue()


HEAD = ["信息资源名称", "信息资源摘要", "共享类型", "信息项名称", "数据类型", "数据长度"]


def test_rows_of_one_entry_are_one_entry_whether_left_empty_or_repeated() -> None:
    rows = [
        HEAD,
        ["停车场", "位置", "无条件共享", "名称", "字符型", 100],
        [None, None, None, "泊位数", "整数型", None],
        ["医院", "名录", "有条件共享", "名称", "字符型", 100],
        ["医院", "名录", "有条件共享", "床位数", "整数型", None],
    ]
    sheet = reading.read(_book(rows))
    assert [e.document["title"] for e in sheet.entries] == ["停车场", "医院"]
    assert [len(e.document["information_items"]) for e in sheet.entries] == [2, 2]
    assert sheet.entries[0].document["information_items"][0]["length"] == "100"
    assert sheet.entries[1].item_rows == [4, 5]


def test_every_wrong_cell_is_named_by_row_and_column_in_both_languages() -> None:
    rows = [
        HEAD,
        ["停车场", "=1+1", "随便", "名称", "字符", 1],
        [None, "另一个摘要", None, "泊位", "整数型", 2],
    ]
    found = reading.read(_book(rows)).objections
    assert [(o.row, o.column) for o in found] == [
        (2, "信息资源摘要"), (2, "共享类型"), (2, "数据类型"), (3, "信息资源名称"),
    ]  # fmt: skip
    assert all(o.zh and o.en for o in found)
    assert "无条件共享" in found[1].zh
    assert "Unconditional" in found[1].en


@pytest.mark.parametrize(
    "rows", [[["名称", "说明"]], [[*HEAD, "备注甲"]], [[*HEAD, "共享类型"]], [[None]]],
    ids=["no names of columns", "unknown column", "column twice", "empty"],
)  # fmt: skip
def test_a_sheet_that_is_not_the_form_is_refused(rows: list[list[Any]]) -> None:
    with pytest.raises(safe.WorkbookRefused):
        reading.read(_book(rows))


def test_the_copy_with_the_errors_holds_what_was_uploaded_and_every_error() -> None:
    rows = [["", *HEAD[1:]], [*HEAD], ["停车场", "位置", "随便", "名称", "字符型", 100]]
    content = _book(rows[1:])
    sheet = reading.read(content)
    headers, raw = reading.rows_of(content)
    errors = {(o.row, o.at): o.zh for o in sheet.objections}
    copy = openpyxl.load_workbook(
        io.BytesIO(writing.marked(raw, headers, errors, [o.as_dict() for o in sheet.objections]))
    )
    cell = copy[layout.CATALOGUE_SHEET].cell(2, 3)
    assert cell.value == "随便"
    assert "代码表" in cell.comment.text
    assert cell.fill.fgColor.rgb == "FFF8D7DA"
    assert copy[layout.ERRORS_SHEET].cell(2, 1).value == "2"


def _with_member(name: str, content: bytes, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    body = io.BytesIO(writing.template())
    with zipfile.ZipFile(body, "a", compress) as archive:
        archive.writestr(name, content)
    return body.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK\x03\x04broken", id="broken zip"),
        pytest.param(b"\xd0\xcf\x11\xe0" + bytes(600), id="old or encrypted"),
        pytest.param(_with_member("xl/vbaProject.bin", b"x"), id="macros"),
        pytest.param(_with_member("xl/externalLinks/externalLink1.xml", b"<a/>"), id="links to files"),
        pytest.param(_with_member("xl/embeddings/oleObject1.bin", b"x"), id="embedded objects"),
        pytest.param(_with_member("xl/connections.xml", b"<a/>"), id="data connections"),
        pytest.param(_with_member("xl/worksheets/sheet9.xml", bytes(30_000_000)), id="bomb by ratio"),
        pytest.param(
            _with_member("xl/more.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            id="entities",
        ),
        pytest.param(
            _with_member("xl/utf16.xml", "<!DOCTYPE a []><a/>".encode("utf-16-le")), id="entities in UTF-16"
        ),
        pytest.param(bytes(safe.MAX_BYTES + 1), id="too large"),
    ],
)  # fmt: skip
def test_a_workbook_that_is_not_plain_is_refused(content: bytes) -> None:
    with pytest.raises(safe.WorkbookRefused):
        reading.read(content)


def test_an_archive_that_lies_about_its_sizes_is_refused_and_not_unpacked() -> None:
    content = bytearray(_with_member("xl/lie.xml", b"<a>" + bytes(2_000_000) + b"</a>"))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)  # the size that the directory declares
    with pytest.raises(safe.WorkbookRefused):
        reading.read(bytes(content))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_damaged_workbook_is_refused_or_read_but_never_raises_anything_else(at: int, byte: int) -> None:
    content = bytearray(_TEMPLATE)
    content[at % len(content)] = byte
    try:
        assert reading.read(bytes(content)).headers
    except safe.WorkbookRefused:
        return


_TEMPLATE = writing.catalogue([fields.canonical(e.document) for e in city.entries()[:3]], DEPARTMENT)
