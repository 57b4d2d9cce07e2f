"""The sentences in which a reader refuses a source: what is wrong, where, and what to do.

They name rows, columns and sizes, never a cell.
"""

from __future__ import annotations

from anonymize.errors import SourceUnreadable


def empty() -> SourceUnreadable:
    return SourceUnreadable(
        "文件是空的。请确认上传了正确的文件。",
        "The file is empty. Check that the right file was chosen.",
    )


def header_only() -> SourceUnreadable:
    return SourceUnreadable(
        "文件只有表头，没有数据行。请确认导出时选中了数据。",
        "The file has a header but no data rows. Check that the export included the data.",
    )


def binary() -> SourceUnreadable:
    return SourceUnreadable(
        "文件不是文本表格（含有二进制内容）。请另存为 CSV（UTF-8）或 XLSX 后重新上传。",
        "The file is not a text table (it holds binary content). Save it as CSV (UTF-8) "
        "or XLSX and send it again.",
    )


def other_kind(found: str) -> SourceUnreadable:
    return SourceUnreadable(
        "文件内容是 {found}，不是能读取的表格。请用表格软件打开后另存为 CSV（UTF-8）或 XLSX。",
        "The content is {found}, which is no table that can be read. Open it in a spreadsheet and "
        "save it as CSV (UTF-8) or XLSX.",
        found=found,
    )


def mixed_encoding(row: int, encoding: str) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 行附近的文字编码与文件其余部分（{encoding}）不一致。请用同一种编码（建议 UTF-8）重新导出。",
        "Near row {row} the text encoding differs from the rest of the file ({encoding}). "
        "Export the whole file again in one encoding (UTF-8 is best).",
        row=row,
        encoding=encoding,
    )


def nul_bytes(row: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 行附近含有空字符（NUL），文件可能已损坏或不是文本。请重新导出为 CSV（UTF-8）或 XLSX。",
        "Near row {row} there is a NUL character: the file is damaged or not text. "
        "Export it again as CSV (UTF-8) or XLSX.",
        row=row,
    )


def ragged(row: int, found: int, expected: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 行有 {found} 个单元格，表头有 {expected} 列。请检查该行的分隔符和引号。",
        "Row {row} has {found} cells but the header has {expected} columns. Check the "
        "delimiters and quotes of that row.",
        row=row,
        found=found,
        expected=expected,
    )


def unclosed_quote(row: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 行起有引号没有闭合，或一个单元格过长。请检查该行的引号后重新导出。",
        "From row {row} on a quote is not closed, or a cell is far too long. Check the "
        "quotes of that row and export again.",
        row=row,
    )


def cell_too_long(row: int, column: int, limit: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 行第 {column} 列的单元格超过 {limit} 字节。请检查是否缺少换行或引号，或将附件内容移出表格。",  # noqa: E501
        "The cell in row {row}, column {column} is longer than {limit} bytes. "
        "Look for a missing line break or quote, or move attached content out of the table.",
        row=row,
        column=column,
        limit=limit,
    )


def too_many_columns(found: int, limit: int) -> SourceUnreadable:
    return SourceUnreadable(
        "表格有 {found} 列，超过上限 {limit} 列。请拆分表格，或检查分隔符。",
        "The table has {found} columns; the limit is {limit}. Split the table, or check the delimiter.",
        found=found,
        limit=limit,
    )


def too_many_rows(limit: int) -> SourceUnreadable:
    return SourceUnreadable(
        "表格超过上限 {limit} 行。请拆分后分别上传。",
        "The table has more than {limit} rows. Split it and send the parts one by one.",
        limit=limit,
    )


def empty_headers(columns: list[int]) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {columns} 列没有列名。请为每一列写上列名，或删除空列。",
        "Columns {columns} have no name. Name every column, or delete the empty ones.",
        columns=", ".join(map(str, columns[:10])),
    )


def duplicate_headers(columns: list[int]) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {columns} 列的列名重复。请改成不同的列名。",
        "Columns {columns} bear the same name. Give every column a name of its own.",
        columns=", ".join(map(str, columns[:10])),
    )


def control_in_header(column: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {column} 列的列名里有控制字符。请改正列名后重新导出。",
        "The name of column {column} holds a control character. Correct it and export again.",
        column=column,
    )


def header_is_data(row: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 行应当是列名，看起来却是数据。请在第一行加上列名后重新上传。",
        "Row {row} should hold the column names but looks like data. Put the column "
        "names into the first row.",
        row=row,
    )


def encrypted() -> SourceUnreadable:
    return SourceUnreadable(
        "工作簿设有打开密码。请取消密码后重新上传。",
        "The workbook is protected by a password. Remove the password and send it again.",
    )


def damaged_workbook() -> SourceUnreadable:
    return SourceUnreadable(
        "工作簿已损坏，无法读取。请用表格软件打开并另存为 XLSX。",
        "The workbook is damaged and cannot be read. Open it in a spreadsheet and save it as XLSX.",
    )


def unpacks_too_large() -> SourceUnreadable:
    return SourceUnreadable(
        "工作簿解压后过大，或压缩比异常，已拒绝读取。请拆分后上传，或改用 CSV。",
        "The workbook unpacks to far too much, or at an abnormal ratio, and is refused. "
        "Split it, or use CSV.",
    )


def unsafe_xml() -> SourceUnreadable:
    return SourceUnreadable(
        "工作簿含有文档类型或实体声明，不是正常的 XLSX，已拒绝读取。请用表格软件另存后上传。",
        "The workbook declares document types or entities, which no regular XLSX does; "
        "it is refused. Save it again in a spreadsheet.",
    )


def sheet_too_large(rows: int, columns: int) -> SourceUnreadable:
    return SourceUnreadable(
        "工作表的使用区域为 {rows} 行 × {columns} 列，过大。请删除表格外的零星单元格，或改用 CSV。",
        "The used area of the worksheet is {rows} rows by {columns} columns, which is too large. "
        "Delete stray cells outside the table, or use CSV.",
        rows=rows,
        columns=columns,
    )


def changed() -> SourceUnreadable:
    return SourceUnreadable(
        "文件在读取过程中被改动。请重新开始。",
        "The file changed while it was being read. Start again.",
    )
