"""Workbooks that leave: the empty template, a department's catalogue, a sheet with its errors marked.

Every cell is written as a string with Excel's quote mark, never as a formula: ``=cmd…`` in a title is one,
in Excel and after an edit there, and reads back as it was (formula injection).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.catalogue.fields import ITEMS_FIELD, Document, Element
from ckanext.govdata.catalogue.sheet import layout
from ckanext.govdata.catalogue.sheet.layout import Column
from licensing.core.errors import LicensingError

LONGEST = 32_767
"""Characters of a cell, by the format."""
_FORMULA = ("=", "+", "-", "@")


class TextTooLong(LicensingError):
    """An entry holds a text that no cell can hold; the workbook is not written rather than cut."""

    code, status, exit_code = "text_too_long", 422, 2


@dataclass(frozen=True, slots=True)
class Department:
    """Whose catalogue it is: name and unified social credit code."""

    title: str
    code: str = ""


def template(language: str = "zh") -> bytes:
    """The empty form with lists of codes as data validation, and a sheet of explanations."""
    return catalogue([], Department(""), language)


def catalogue(entries: Iterable[Document], department: Department, language: str = "zh") -> bytes:
    """The entries (canonical documents) in the national form; reading it back changes nothing.

    Raises TextTooLong.
    """
    body = BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True, "constant_memory": False}) as book:
        sheet = _Sheet(book, language)
        row = layout.FIRST_ROW
        for entry in entries:
            row = sheet.entry(row, entry, department)
        sheet.lists(max(row, layout.ROOM))
        _notes(book, language)
    return body.getvalue()


def marked(
    rows: Sequence[tuple[int, Mapping[int, Any]]],
    headers: Sequence[str],
    errors: Mapping[tuple[int, int], str],
    listing: Sequence[Mapping[str, Any]],
    language: str = "zh",
) -> bytes:
    """The rows as they came, wrong cells red with what is wrong as a comment, and a list of all errors.

    ``rows``: (row number in the file from 1, cells by column from 0); ``errors``: by (row, column).
    """
    body = BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        red = book.add_format({"bg_color": "#f8d7da", "font_color": "#842029", "quote_prefix": True})
        head = book.add_format({"bold": True, "bg_color": "#dbe9f6", "text_wrap": True})
        plain = book.add_format({"quote_prefix": True})
        sheet = book.add_worksheet(layout.CATALOGUE_SHEET)
        for at, header in enumerate(headers):
            sheet.write_string(layout.HEADER_ROW, at, header, head)
        for number, cells in rows:
            for at, value in cells.items():
                wrong = (number, at) in errors
                sheet.write_string(number - 1, at, str(value)[:LONGEST], red if wrong else plain)
        written = {(number, at) for number, cells in rows for at in cells}
        for (number, at), message in errors.items():
            if (number, at) not in written:
                sheet.write_blank(number - 1, at, None, red)
            sheet.write_comment(number - 1, at, message[:1000], {"x_scale": 2})
        sheet.freeze_panes(layout.FIRST_ROW, 0)
        _listing(book, listing, head, plain, language)
    return body.getvalue()


def _listing(book: Any, listing: Sequence[Mapping[str, Any]], head: Any, plain: Any, language: str) -> None:
    zh = language.startswith("zh")
    sheet = book.add_worksheet(layout.ERRORS_SHEET)
    titles = ("行", "列", "信息资源名称", "问题") if zh else ("Row", "Column", "Title", "Error")
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, head)
    for number, one in enumerate(listing, 1):
        said = (str(one["row"]), one["column"], one["title"], one["zh" if zh else "en"])
        for at, text in enumerate(said):
            sheet.write_string(number, at, str(text)[:LONGEST], plain)
    sheet.set_column(2, 3, 50)


class _Sheet:
    """The sheet of entries while it is written."""

    def __init__(self, book: Any, language: str) -> None:
        self._language = language
        self._columns = layout.columns()
        self._sheet = book.add_worksheet(layout.CATALOGUE_SHEET)
        self._text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self._quoted = book.add_format(
            {"text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True}
        )
        self._head(book)
        codes = book.add_worksheet(layout.CODES_SHEET)
        codes.hide()
        self._ranges = _code_lists(codes, self._columns, language)
        self._labels = {
            c.element.codes: layout.labels(c.element.codes, language)
            for c in self._columns
            if c.element.codes
        }
        self._provider = next(i for i, c in enumerate(self._columns) if c.key == "title") + 1

    def _head(self, book: Any) -> None:
        zh = self._language.startswith("zh")
        group = book.add_format(
            {"bold": True, "align": "center", "bg_color": "#1257a6", "font_color": "#ffffff", "border": 1}
        )
        needed = book.add_format(
            {"bold": True, "bg_color": "#dbe9f6", "font_color": "#9c1c1c", "text_wrap": True, "border": 1}
        )
        free = book.add_format({"bold": True, "bg_color": "#dbe9f6", "text_wrap": True, "border": 1})
        begun, name = 0, ""
        headers = self.headers(self._language)
        shapes = _with_provider([c.element for c in self._columns], self._columns)
        for at, (header, element) in enumerate(zip(headers, shapes, strict=True)):
            here = (element.group[0] if zh else element.group[1]) if element else name
            if here != name:
                self._group(begun, at - 1, name, group)
                begun, name = at, here
            self._sheet.write_string(
                layout.HEADER_ROW, at, header, needed if element and element.required else free
            )
            self._sheet.set_column(at, at, element.width if element else 20, self._text)
        self._group(begun, len(headers) - 1, name, group)
        self._sheet.freeze_panes(layout.FIRST_ROW, 0)

    def _group(self, first: int, last: int, name: str, shape: Any) -> None:
        if last > first:
            self._sheet.merge_range(layout.GROUP_ROW, first, layout.GROUP_ROW, last, name, shape)
        elif last == first:
            self._sheet.write_string(layout.GROUP_ROW, first, name, shape)

    @staticmethod
    def headers(language: str) -> list[str]:
        zh = language.startswith("zh")
        said: list[str] = []
        for column in layout.columns():
            said.append(column.element.label(language))
            if column.key == "title":
                said += [p.zh if zh else p.en for p in (layout.PROVIDER, layout.PROVIDER_CODE)]
        return said

    def entry(self, row: int, entry: Document, department: Department) -> int:
        """Write one entry from ``row`` on; the row after it."""
        items = entry.get(ITEMS_FIELD) or [{}]
        for number, item in enumerate(items):
            place = 0
            for column in self._columns:
                element = column.element
                if column.item:
                    value = item.get(element.field, "")
                    if element.field == "name" and value == item.get("label"):
                        value = ""
                else:
                    value = entry.get(element.field, "") if number == 0 else ""
                self._cell(row + number, place, self._shown(element, value))
                place += 1
                if column.key == "title":
                    for text in (department.title, department.code):
                        self._cell(row + number, place, text if number == 0 else "")
                        place += 1
        return row + len(items)

    def _shown(self, element: Element, value: Any) -> str:
        if not value:
            return ""
        if element.kind == "codes":
            names = self._labels[element.codes]
            return layout.SEPARATOR.join(names.get(one, one) for one in value)
        if element.kind == "tags":
            return layout.SEPARATOR.join(layout.quoted(name) for name in value)
        if element.kind == "code":
            return self._labels[element.codes].get(value, str(value))
        return str(value)

    def _cell(self, row: int, at: int, text: str) -> None:
        if not text:
            return
        if len(text) > LONGEST:
            raise TextTooLong(
                "第 {row} 行有超过 32767 个字的内容，Excel 单元格放不下，请先缩短。",
                "Row {row} holds a text of more than 32767 characters: no cell holds it. Shorten it.",
                row=row + 1,
            )
        self._sheet.write_string(row, at, text, self._quoted if text.startswith(_FORMULA) else self._text)

    def lists(self, last: int) -> None:
        """Offer the lists of codes in every row down to ``last``."""
        shapes = _with_provider(list(self._columns), self._columns)
        for at, column in enumerate(shapes):
            if not isinstance(column, Column) or column.element.kind != "code":
                continue
            self._sheet.data_validation(
                layout.FIRST_ROW, at, last, at,
                {"validate": "list", "source": self._ranges[column.element.codes], "error_type": "stop",
                 "error_title": "代码表中没有 / not in the list",
                 "error_message": "请从下拉列表中选择。 Choose from the list."},
            )  # fmt: skip


def _with_provider(values: list[Any], columns: Sequence[Column]) -> list[Any]:
    """``values`` of the columns, with None for the two columns that name the department."""
    place = next(i for i, c in enumerate(columns) if c.key == "title") + 1
    return [*values[:place], None, None, *values[place:]]


def _code_lists(sheet: Any, columns: Sequence[Column], language: str) -> dict[str, str]:
    """Write every list into a column of the hidden sheet; its range by name."""
    ranges: dict[str, str] = {}
    for name in dict.fromkeys(c.element.codes for c in columns if c.element.codes):
        at = len(ranges)
        entries = code_list(name)
        sheet.write_string(0, at, name)
        for row, code in enumerate(entries, 1):
            sheet.write_string(row, at, code.label(language))
        letter = xlsxwriter.utility.xl_col_to_name(at, True)
        ranges[name] = f"='{layout.CODES_SHEET}'!{letter}$2:{letter}${len(entries) + 1}"
    return ranges


def _notes(book: Any, language: str) -> None:
    zh = language.startswith("zh")
    sheet = book.add_worksheet(layout.NOTES_SHEET)
    head = book.add_format({"bold": True, "bg_color": "#dbe9f6"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    rules = _RULES_ZH if zh else _RULES_EN
    for row, rule in enumerate(rules):
        sheet.merge_range(row, 0, row, 3, rule, wrapped)
        sheet.set_row(row, 32)
    row = len(rules) + 1
    for at, title in enumerate(
        ("列", "必填", "怎样填写", "可填的值") if zh else ("Column", "Required", "How", "Values")
    ):
        sheet.write_string(row, at, title, head)
    for number, column in enumerate(layout.columns(), row + 1):
        element = column.element
        listed = [c.label(language) for c in code_list(element.codes)] if element.codes else []
        needed = ("是" if zh else "yes") if element.required else ""
        for at, text in enumerate(
            (element.label(language), needed, element.note[0 if zh else 1], "；".join(listed))
        ):
            sheet.write_string(number, at, text, wrapped)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 3, 60)


_RULES_ZH = (
    "本表按《政务信息资源目录编制指南（试行）》的格式编制。一行写一个信息项；目录条目的其他内容写在它的第一行，其余行留空或写得相同。",
    "修改已有的条目时保留“信息资源代码”或“网址短名”，系统据此对应；两者都留空的是新增。未列入本表的条目不受影响。",
    "上传后先检查、再预览新增和修改的内容，由审核人员核准后一次生效；有一处错误就全部不导入。",
    "不要使用公式、宏和外部链接。",
)
_RULES_EN = (
    "The form of the national guide to catalogues. One row is one information item; "
    "what is said of the entry stands in its first row.",
    "To change an entry keep its code or its short name; a row with neither is a new entry. "
    "Entries that are not listed stay as they are.",
    "After the upload everything is checked, then shown as what is new and what changes; "
    "a reviewer approves it, and it takes effect as a whole or not at all.",
    "No formulas, macros or links to other files.",
)
headers = _Sheet.headers
