"""XLSX (ECMA-376): the frame of the workbook by xlsxwriter, the rows by whole columns.

xlsxwriter alone takes a Python call for every cell and a temporary file for every sheet. Here it makes
a workbook with the header only, in memory; the rows are put into its sheets as they come, so that a
table of any length needs one batch of memory, no temporary file and a stream that never seeks.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import IO, Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from anonymize.errors import WrongUse
from anonymize.writers.base import FieldSpec, Writer
from anonymize.writers.markup import FORBIDDEN, escaped
from anonymize.writers.types import FLOAT_DIGITS, digits, fits

MAX_ROWS = 1_048_575
"""Data rows of one sheet: Excel's 1,048,576 less the header."""
MAX_COLUMNS = 16_384
MAX_CELL = 32_767
"""Characters that Excel takes in one cell; a longer one makes it call the file damaged."""
_CUT = "…（超出电子表格单元格上限，完整内容见 CSV）"
ABOUT = "许可 Licence"
_MAX_PROPERTY = 255
_SHEET = "xl/worksheets/sheet1.xml"


class XlsxWriter(Writer):
    """Text stays text (never a formula); numbers and dates are typed cells where that loses nothing.

    More than 1,048,575 rows continue on further sheets, each with the header.
    """

    format, extension = "xlsx", "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, stream: IO[bytes], fields: Sequence[FieldSpec], *, max_rows: int = MAX_ROWS) -> None:
        super().__init__(stream, fields)
        if len(self.fields) > MAX_COLUMNS:
            raise WrongUse(
                "列数 {columns} 超过 XLSX 的上限 {limit}，请改用 CSV 或 Parquet。",
                "{columns} columns are more than XLSX takes ({limit}); use CSV or Parquet.",
                columns=len(self.fields),
                limit=MAX_COLUMNS,
            )
        self._max_rows = max_rows
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._before, self._after = self._frame_of_a_sheet()
        self._sheets = 0
        self._sheet: IO[bytes] | None = None
        self._row = 1

    # -- the workbook around the rows --------------------------------------------------------------

    def _skeleton(self, sheets: int) -> zipfile.ZipFile:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            header = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True})
            date = book.add_format({"num_format": "yyyy-mm-dd"})
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
            for number in range(1, sheets + 1):
                sheet = book.add_worksheet("数据" if number == 1 else f"数据{number}")
                sheet.freeze_panes(1, 0)
                for index, spec in enumerate(self.fields):
                    style = {"date": date, "datetime": moment}.get(spec.declared_type)
                    sheet.set_column(index, index, min(40, max(10, 2 * len(spec.name) + 2)), style)
                    sheet.write_string(0, index, spec.name, header)
            if self.about:
                self._say(book)
        return zipfile.ZipFile(buffer)

    def _say(self, book: Any) -> None:
        """What the file says of itself: properties, and a sheet behind those of the data."""
        sheet = book.add_worksheet(ABOUT)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 80)
        for row, (name, value) in enumerate(self.about.items()):
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, value)
            book.set_custom_property(name, value[:_MAX_PROPERTY], "text")

    def _frame_of_a_sheet(self) -> tuple[bytes, bytes]:
        """The XML of a sheet before its second row and after its last; remembers the styles of columns."""
        with self._skeleton(1) as skeleton:
            sheet = skeleton.read(_SHEET)
        sheet = re.sub(rb"<dimension [^>]*/>", b"", sheet)
        self._styles = {
            int(first) - 1: style.decode()
            for first, style in re.findall(rb'<col min="(\d+)"[^>]*? style="(\d+)"', sheet)
        }
        head, tail = sheet.split(b"</sheetData>")
        return head, b"</sheetData>" + tail

    def _open_sheet(self) -> IO[bytes]:
        self._sheets += 1
        self._row = 2
        sheet = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)
        sheet.write(self._before)
        return sheet

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.write(self._after)
            self._sheet.close()
            self._sheet = None

    # -- rows --------------------------------------------------------------------------------------

    def _write(self, frame: pl.DataFrame) -> None:
        while frame.height:
            if self._sheet is not None and self._row > self._max_rows + 1:
                self._close_sheet()
            if self._sheet is None:
                self._sheet = self._open_sheet()
            room = self._max_rows + 2 - self._row
            self._write_rows(self._sheet, frame.head(room))
            self._row += min(room, frame.height)
            frame = frame.slice(room)

    def _write_rows(self, sheet: IO[bytes], frame: pl.DataFrame) -> None:
        frame = self._within_limits(frame).with_row_index("\x00row", offset=self._row)
        row = pl.col("\x00row").cast(pl.String)
        # Excel reads _x0041_ as the character U+0041; the mark itself is written _x005F_.
        literal = pl.col([f.name for f in self.fields]).str.replace_all(r"_(x[0-9A-Fa-f]{4}_)", "_x005F_$1")
        frame = frame.with_columns(literal)
        cells = [self._cell(index, spec, row) for index, spec in enumerate(self.fields)]
        # A row without any cell would be no row to readers: it gets an empty text.
        blank = pl.all_horizontal(pl.col(f.name) == "" for f in self.fields)
        empty = pl.concat_str(pl.lit('<c r="A'), row, pl.lit('" t="inlineStr"><is><t></t></is></c>'))
        cells.append(pl.when(blank).then(empty).otherwise(pl.lit("")))
        xml = pl.concat_str([pl.lit('<row r="'), row, pl.lit('">'), *cells, pl.lit("</row>")])
        sheet.write("".join(frame.select(xml.alias("xml")).to_series().to_list()).encode())

    def _cell(self, index: int, spec: FieldSpec, row: pl.Expr) -> pl.Expr:
        value = pl.col(spec.name)
        start = pl.concat_str(pl.lit(f'<c r="{xl_col_to_name(index)}'), row, pl.lit('"'))
        text = pl.concat_str(
            start,
            pl.lit(' t="inlineStr"><is><t xml:space="preserve">'),
            escaped(value),
            pl.lit("</t></is></c>"),
        )
        cell: Any = pl.when(value == "").then(pl.lit(""))
        if spec.declared_type in ("integer", "decimal"):
            exact = fits(value, spec.declared_type) & (digits(value) <= FLOAT_DIGITS)
            cell = cell.when(exact).then(pl.concat_str(start, pl.lit("><v>"), value, pl.lit("</v></c>")))
        elif spec.declared_type in ("date", "datetime"):
            serial = _serial(value, spec)
            style = pl.lit(f' s="{self._styles[index]}"><v>')
            cell = cell.when(fits(value, spec.declared_type) & (serial >= 61)).then(
                pl.concat_str(start, style, serial.cast(pl.String), pl.lit("</v></c>"))
            )
        return cell.otherwise(text)

    def _within_limits(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Control characters as U+FFFD, over-long cells cut, both counted."""
        checks = frame.select(
            pl.all().str.contains(FORBIDDEN).sum().name.prefix("f:"),
            (pl.all().str.len_chars() > MAX_CELL).sum().name.prefix("l:"),
        ).row(0, named=True)
        for name in frame.columns:
            if n := checks[f"f:{name}"]:
                self.notes.replaced[name] = self.notes.replaced.get(name, 0) + n
                frame = frame.with_columns(pl.col(name).str.replace_all(FORBIDDEN, "\ufffd"))
            if n := checks[f"l:{name}"]:
                self.notes.shortened[name] = self.notes.shortened.get(name, 0) + n
                short = pl.col(name).str.slice(0, MAX_CELL - len(_CUT)) + _CUT
                long = pl.col(name).str.len_chars() > MAX_CELL
                frame = frame.with_columns(pl.when(long).then(short).otherwise(pl.col(name)).alias(name))
        return frame

    def _finish(self) -> None:
        if self._sheets == 0:
            self._sheet = self._open_sheet()
        self._close_sheet()
        with self._skeleton(self._sheets) as skeleton:
            for part in skeleton.namelist():
                said = f"xl/worksheets/sheet{self._sheets + 1}.xml"
                if part == said or not part.startswith("xl/worksheets/sheet"):
                    self._zip.writestr(part, skeleton.read(part))
        self._zip.close()


def _serial(value: pl.Expr, spec: FieldSpec) -> pl.Expr:
    """Excel's day number (1900 system); below 61 it counts a 29 February 1900 that never was."""
    epoch = pl.date(1899, 12, 30)
    if spec.declared_type == "date":
        return (value.str.to_date("%Y-%m-%d", strict=False) - epoch).dt.total_days()
    moment = value.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    return (moment - epoch.cast(pl.Datetime("us"))).dt.total_seconds() / 86_400
