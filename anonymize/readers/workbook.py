"""Worksheets of XLSX and XLS: titles, merged headers and notes taken off, cells as canonical text.

One worksheet is held in memory as text.

Canonical text: integers without ``.0``; a date as ``2024-01-31``, with its time as
``2024-01-31 08:00:00``, a time alone as ``08:00:00``; booleans ``TRUE`` and ``FALSE``; an error
value is an empty cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import polars as pl

from anonymize.findings import Sentence, SourceInfo
from anonymize.readers import complaint, header, sheet_header
from anonymize.readers import complaint_structured as structured
from anonymize.readers.limits import Limits
from anonymize.readers.package import PartFacts
from anonymize.readers.sheets import Sheet
from anonymize.readers.source import ByteSource
from anonymize.readers.xls import xls_sheets
from anonymize.readers.xlsx import xlsx_sheets

_HEADER_WINDOW = 40
_NOTE = re.compile(
    r"\s*[（(]?(?:备?注|说明|填[表报]|制表|审核|复核|经办|单位负责|负责人|统计|数据来源|资料来源|联系|盖章|公示|监督|报送|[0-9一二三四五]+[、.．])"
)


class WorkbookTable:
    """A ``Table`` over one worksheet: the one asked for, or the first visible one that holds anything.

    Raises:
        SourceUnreadable: from the constructor, for everything that is wrong with the workbook.
        WrongUse: there is no worksheet of the name asked for.
    """

    def __init__(
        self, source: ByteSource, limits: Limits, kind: Literal["xlsx", "xls"], sheet: str | None = None
    ) -> None:
        self._limits = limits
        self._asked = sheet
        size, sha256 = source.digest()
        self._frame = pl.DataFrame()
        self._notes: list[Sentence] = []
        self._surroundings: list[str] = []
        sheets = xlsx_sheets(source, limits) if kind == "xlsx" else xls_sheets(source, limits)
        header_rows, names = self._load(sheets)
        self._columns = tuple(names)
        self._info = SourceInfo(
            name=source.name,
            format=kind,
            encoding=None,
            delimiter=None,
            size=size,
            sha256=sha256,
            rows=self._frame.height,
            columns=self._columns,
            header_rows=header_rows,
        )

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def columns(self) -> tuple[str, ...]:
        return self._columns

    @property
    def surroundings(self) -> tuple[str, ...]:
        return tuple(self._surroundings)

    @property
    def notes(self) -> tuple[Sentence, ...]:
        return tuple(self._notes)

    def batches(self) -> Iterator[pl.DataFrame]:
        yield from self._frame.iter_slices(self._limits.batch_rows)

    # -- opening -------------------------------------------------------------------------------

    def _load(self, sheets: Iterable[Sheet]) -> tuple[int, list[str]]:
        taken: tuple[int, list[str]] | None = None
        others = 0
        seen = 0
        for sheet in sheets:
            seen += 1
            if sheet.frame.width > self._limits.max_columns:
                raise complaint.too_many_columns(sheet.frame.width, self._limits.max_columns)
            wanted = sheet.visible if self._asked is None else sheet.name == self._asked
            if _is_blank(sheet.frame) or not (wanted or sheet.visible):
                others += not _is_blank(sheet.frame)
                continue
            if taken is None and wanted:
                taken = self._shape(sheet.frame, sheet.facts)
            else:
                others += 1
            self._surroundings.append(sheet.name)
        if taken is None:
            if self._asked is not None:
                raise structured.no_such_sheet(self._asked, seen)
            raise complaint.empty()
        if others:
            self._note(
                "工作簿另有 {n} 张有内容的工作表没有读取；需要发布请分别上传。",
                "{n} other worksheets with content were not read; send them one by one to release them.",
                others,
            )
        return taken

    def _shape(self, frame: pl.DataFrame, sheet: PartFacts) -> tuple[int, list[str]]:
        """Take titles, header, notes and empty margins off; number of header rows and the names."""
        frame = frame.fill_null("")
        top = frame.head(_HEADER_WINDOW).rows()
        merges = [m for m in sheet.merges if m.top < _HEADER_WINDOW]
        filled = sheet_header.fill_merges(top, merges, sheet.left)
        at = header.locate(filled)
        depth = sheet_header.header_depth(top, merges, at, sheet.left)
        if depth == 1:
            levels = sheet_header.implied_levels(top, at)
            depth = len(levels)
        else:
            levels = [list(row) for row in filled[at : at + depth]]
        names = header.clean_names(sheet_header.flatten(levels))
        body = frame.slice(at + depth)
        names, body = self._without_empty_margin(names, body)
        body = self._without_trailing(body)
        header.check_names(names, at + depth, self._limits)
        if body.height == 0:
            raise complaint.header_only()
        if body.height > self._limits.max_rows:
            raise complaint.too_many_rows(self._limits.max_rows)
        self._surroundings += [" ".join(filter(None, dict.fromkeys(row))) for row in filled[:at] if any(row)]
        body = body.rename(dict(zip(body.columns, names, strict=True)))
        self._frame = body
        self._check_cells(self._frame, at + depth)
        self._explain(sheet)
        return at + depth, names

    def _without_empty_margin(self, names: list[str], body: pl.DataFrame) -> tuple[list[str], pl.DataFrame]:
        """Columns without a name and without a value are margins wherever they stand."""
        used = body.select((pl.all() != "").any()).row(0) if body.height else (False,) * len(names)
        kept = [i for i, name in enumerate(names) if name or used[i]]
        return [names[i] for i in kept], body.select([body.columns[i] for i in kept])

    def _without_trailing(self, body: pl.DataFrame) -> pl.DataFrame:
        """Cut empty rows and notes off the end; a note stands alone in its row and reads like one."""
        cells = body.select(pl.sum_horizontal((pl.all() != "").cast(pl.UInt32))).to_series()
        height = body.height
        notes: list[str] = []
        while height and (cells[height - 1] == 0 or (body.width >= 3 and cells[height - 1] <= 2)):
            texts = [cell for cell in body.row(height - 1) if cell]
            if texts and not all(_NOTE.match(text) for text in texts):
                break
            notes += texts
            height -= 1
        if notes:
            self._surroundings += reversed(notes)
            self._note(
                "表格下方有 {n} 处附注，不作为数据，也不会发布。",
                "{n} notes under the table are not data and will not be published.",
                len(notes),
            )
        return body.head(height)

    def _check_cells(self, frame: pl.DataFrame, above: int) -> None:
        for index, column in enumerate(frame.iter_columns()):
            lengths = column.str.len_bytes()
            longest = lengths.arg_max()
            if longest is not None and lengths[longest] > self._limits.max_cell:
                raise complaint.cell_too_long(above + longest + 1, index + 1, self._limits.max_cell)
            if column.str.contains("\0", literal=True).any():
                raise complaint.nul_bytes(above + 1)

    def _explain(self, sheet: PartFacts) -> None:
        if sheet.long_numbers:
            self._note(
                "有 {n} 个 16 位及以上的数字以数值形式保存，末尾数字已被表格软件改为 0，"
                "例如身份证号、银行卡号。请改为文本格式后重新导出。",
                "{n} numbers of 16 digits or more are stored as numbers, so the spreadsheet has "
                "already replaced "
                "their last digits by zeros (ID or card numbers, say). Format these columns as "
                "text and export again.",
                sheet.long_numbers,
            )
        if sheet.error_cells:
            self._note(
                "有 {n} 个单元格是公式错误值（如 #DIV/0!），按空单元格读取。",
                "{n} cells hold formula errors such as #DIV/0! and are read as empty.",
                sheet.error_cells,
            )

    def _note(self, zh: str, en: str, n: int) -> None:
        self._notes.append(Sentence(zh.format(n=f"{n:,}"), en.format(n=f"{n:,}")))


def _is_blank(frame: pl.DataFrame) -> bool:
    if not frame.height or not frame.width:
        return True
    return not frame.select(pl.any_horizontal((pl.all().fill_null("") != "").any())).item()
