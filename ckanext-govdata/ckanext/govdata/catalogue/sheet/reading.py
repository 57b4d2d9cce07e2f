"""Reads a workbook in the national form into catalogue entries, with every objection by row and column.

Read by openpyxl in its read-only mode, so that memory does not grow with the sheet; formulas are refused, not
calculated. Columns are found by their names, in any order; a column nobody knows is refused, because dropping
it silently would lose what somebody wrote.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl

from ckanext.govdata.catalogue.fields import ITEMS_FIELD, Document, Element, canonical, text
from ckanext.govdata.catalogue.sheet import layout, safe
from ckanext.govdata.catalogue.sheet.layout import Column, Provider
from ckanext.govdata.catalogue.sheet.safe import WorkbookRefused

MAX_ROWS = 200_000
_HEADER_WITHIN = 10
_MAX_COLUMNS = 200
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Progress = Callable[[str, int, int], None]
Cells = dict[int, Any]


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with one cell: ``row`` from 1 as Excel counts, ``at`` the column from 0 and its name."""

    row: int
    at: int
    column: str
    title: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {name: getattr(self, name) for name in ("row", "at", "column", "title", "zh", "en")}


@dataclass(slots=True)
class Read:
    """One entry of the sheet: canonical document, first row, row of each item, provider as written."""

    row: int
    document: Document
    item_rows: list[int] = field(default_factory=list)
    provider: str = ""
    provider_code: str = ""


@dataclass(slots=True)
class Sheet:
    """Everything that a workbook said."""

    entries: list[Read]
    objections: list[Objection]
    places: dict[str, int]
    """Column key → place, from 0."""
    headers: list[str]
    header_row: int

    def object_to(self, entry: Read, key: str, zh: str, en: str, row: int | None = None) -> None:
        """Add an objection to the cell of ``key`` in the entry's first row, or in ``row``."""
        at = self.places.get(key, self.places.get("title", 0))
        title = str(entry.document.get("title", ""))
        self.objections.append(Objection(row or entry.row, at, self.headers[at], title, zh, en))


def read(content: bytes, progress: Progress | None = None) -> Sheet:
    """Everything in the sheet of the form. Raises WorkbookRefused when it cannot be read as the form."""
    safe.check(content)
    return _Reader(content, progress).sheet()


def rows_of(content: bytes) -> tuple[list[str], list[tuple[int, Cells]]]:
    """Headers and rows as they came, for the copy with the errors marked; formulas as their text."""
    safe.check(content)
    headers, rows = [""], []
    for number, cells in _rows(content):
        if not rows and not any(headers):
            if _is_header(cells):
                headers = [text(cells[at][0]) if at in cells else "" for at in range(max(cells) + 1)]
            continue
        rows.append((number, {at: value for at, (value, _formula) in cells.items()}))
    return headers, rows


def _rows(content: bytes) -> Iterator[tuple[int, dict[int, tuple[Any, bool]]]]:
    """(row number, column → (value, whether it is a formula)) of every row that holds something."""
    try:
        with warnings.catch_warnings():
            # Of data validation and the like, which the form itself holds and which are not read.
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            sheet = (
                book[layout.CATALOGUE_SHEET]
                if layout.CATALOGUE_SHEET in book.sheetnames
                else book.worksheets[0]
            )
            sheet.reset_dimensions()  # what a file says of its own size may be a lie
            for number, row in enumerate(sheet.iter_rows(), 1):
                cells = {
                    cell.column - 1: (cell.value, cell.data_type == "f")
                    for cell in row
                    if cell.value is not None and text(cell.value) != ""
                }
                if number > MAX_ROWS:
                    raise WorkbookRefused(
                        "超过 {limit} 行，请拆分后分次导入。",
                        "More than {limit} rows: split it.",
                        limit=MAX_ROWS,
                    )
                if cells and max(cells) >= _MAX_COLUMNS:
                    raise WorkbookRefused(
                        "第 {row} 行的列数过多，请使用下载的模板。",
                        "Row {row} has too many columns: use the template.",
                        row=number,
                    )  # fmt: skip
                if cells:
                    yield number, cells
        finally:
            book.close()
    except WorkbookRefused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part made it stumble over
        raise WorkbookRefused(
            "工作簿内容损坏，读不出来；请用 Excel 或 WPS 打开后重新保存，或把内容粘贴到下载的模板中。",
            "The workbook is broken and cannot be read: save it again, or use the template.",
        ) from error


def _is_header(cells: Mapping[int, tuple[Any, bool]]) -> bool:
    known = _known_headers()
    said = [layout.plain(text(value)) for value, _formula in cells.values()]
    titles = {layout.plain(t) for t in ("信息资源名称", "Title")}
    return any(one in titles for one in said) and sum(one in known for one in said) >= len(said) / 2


def _known_headers() -> dict[str, Column | Provider]:
    known: dict[str, Column | Provider] = {}
    for column in layout.columns():
        known[layout.plain(column.element.zh)] = known[layout.plain(column.element.en)] = column
    for provider in (layout.PROVIDER, layout.PROVIDER_CODE):
        known[layout.plain(provider.zh)] = known[layout.plain(provider.en)] = provider
    return known


class _Reader:
    """One pass over the sheet."""

    def __init__(self, content: bytes, progress: Progress | None) -> None:
        self._rows = _rows(content)
        self._progress = progress
        self._objections: list[Objection] = []
        self._tables = {
            c.element.codes: layout.values(c.element.codes) for c in layout.columns() if c.element.codes
        }

    def sheet(self) -> Sheet:
        header_row, found, headers = self._header()
        entries: list[Read] = []
        raw: dict[str, str] = {}
        title = ""
        for number, cells in self._rows:
            said = self._said(number, cells, found, headers, title)
            own = {key: value for key, value in said.items() if not key.startswith("item:")}
            if self._begins(number, own, raw, entries, found, headers):
                raw, title = own, own.get("title", "")
                entries.append(self._entry(number, own, found, headers))
            if entries:
                self._item(number, said, entries[-1], found, headers)
            if self._progress and number % 500 == 0:
                self._progress("read", number, 0)
        for entry in entries:
            entry.document = canonical(entry.document)
        places = {column.key: at for at, column in found.items()}
        return Sheet(entries, self._objections, places, headers, header_row)

    def _header(self) -> tuple[int, dict[int, Column | Provider], list[str]]:
        known = _known_headers()
        for number, cells in self._rows:
            if number > _HEADER_WITHIN:
                break
            if not _is_header(cells):
                continue
            headers = [text(cells[at][0]) if at in cells else "" for at in range(max(cells) + 1)]
            found: dict[int, Column | Provider] = {}
            for at, header in enumerate(headers):
                if not header:
                    continue
                column = known.get(layout.plain(header))
                if column is None:
                    raise WorkbookRefused(
                        "不认识的列“{header}”：请删去，或改为模板中的列名。",
                        'Unknown column "{header}": take it out, or give it a name of the template.',
                        header=header[:40],
                    )
                if any(column.key == other.key for other in found.values()):
                    raise WorkbookRefused(
                        "列“{header}”出现了两次。", 'The column "{header}" stands twice.', header=header[:40]
                    )
                found[at] = column
            return number, found, headers
        raise WorkbookRefused(
            "前 10 行中没有找到列名（至少要有“信息资源名称”），请使用下载的模板。",
            "The first ten rows hold no names of columns: use the template.",
        )

    def _said(
        self,
        number: int,
        cells: dict[int, tuple[Any, bool]],
        found: dict[int, Any],
        headers: list[str],
        title: str,
    ) -> dict[str, str]:
        said: dict[str, str] = {}
        for at, (value, formula) in cells.items():
            column = found.get(at)
            if column is None:
                self._object(
                    number, at, headers, title, "这一格不在任何一列之下。", "This cell is under no column."
                )
            elif formula:
                self._object(
                    number, at, headers, title,
                    "单元格中是公式，请改为值。", "The cell holds a formula: paste its value.",
                )  # fmt: skip
            else:
                said[column.key] = _written(value)
        return said

    def _begins(
        self,
        number: int,
        own: dict[str, str],
        raw: dict[str, str],
        entries: list[Read],
        found: Any,
        headers: Any,
    ) -> bool:
        """Whether the row begins an entry: what it says of an entry is neither nothing nor the same again."""
        if not own:
            if not entries:
                self._object(
                    number, 0, headers, "",
                    "信息项之前没有目录条目：第一行须填信息资源名称。",
                    "An item before any entry: the first row needs a title.",
                )  # fmt: skip
            return False
        if entries and all(raw.get(key) == value for key, value in own.items()):
            return False
        if not own.get("title"):
            at = next(place for place, column in found.items() if column.key == "title")
            self._object(
                number, at, headers, "",
                "缺少信息资源名称；若是上一条目录的信息项，其他列应留空或与第一行相同。",
                "The title is missing; a further item's row leaves the other columns empty or repeats them.",
            )  # fmt: skip
        return True

    def _entry(self, number: int, own: dict[str, str], found: Any, headers: Any) -> Read:
        entry = Read(number, {}, provider=own.get("owner_title", ""), provider_code=own.get("owner_code", ""))
        title = own.get("title", "")
        for at, column in found.items():
            if isinstance(column, Provider) or column.item or column.key not in own:
                continue
            value = self._value(column.element, own[column.key], number, at, headers, title)
            if value:
                entry.document[column.key] = value
        return entry

    def _item(self, number: int, said: dict[str, str], entry: Read, found: Any, headers: Any) -> None:
        item: dict[str, str] = {}
        for at, column in found.items():
            if column.key not in said or isinstance(column, Provider) or not column.item:
                continue
            title = str(entry.document.get("title", ""))
            item[column.element.field] = self._value(
                column.element, said[column.key], number, at, headers, title
            )
        if item:
            item.setdefault("name", item.get("label", ""))
            entry.document.setdefault(ITEMS_FIELD, []).append(item)
            entry.item_rows.append(number)

    def _value(self, element: Element, said: str, number: int, at: int, headers: Any, title: str) -> Any:
        if element.kind == "tags":
            return layout.parts(said)
        if element.kind == "codes":
            named = {part: layout.find(self._tables[element.codes], part) for part in layout.parts(said)}
            for part in [part for part, value in named.items() if value is None]:
                self._unknown(element, part, number, at, headers, title)
            return [value for value in named.values() if value]
        if element.kind == "code":
            value = layout.find(self._tables[element.codes], said)
            if value is None:
                self._unknown(element, said, number, at, headers, title)
            return value or ""
        return said[:10] if element.kind == "date" and re.fullmatch(r"\d{4}-\d{2}-\d{2}T.*", said) else said

    def _unknown(self, element: Element, said: str, number: int, at: int, headers: Any, title: str) -> None:
        zh = layout.SEPARATOR.join(layout.labels(element.codes, "zh").values())
        en = ", ".join(layout.labels(element.codes, "en").values())
        self._object(
            number, at, headers, title,
            f"“{said[:40]}”不在代码表中，可填：{zh}。", f'"{said[:40]}" is not in the list; there are: {en}.',
        )  # fmt: skip

    def _object(self, row: int, at: int, headers: list[str], title: str, zh: str, en: str) -> None:
        column = headers[at] if at < len(headers) else ""
        self._objections.append(Objection(row, at, column, title, zh, en))


def _written(value: Any) -> str:
    """A cell as text: whole numbers without a fraction, dates as ISO, escapes of the format undone."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if not (value.hour or value.minute or value.second)
            else value.isoformat()
        )
    if isinstance(value, date):
        return value.isoformat()
    return text(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)))
