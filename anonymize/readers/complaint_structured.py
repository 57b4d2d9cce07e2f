"""The sentences in which the readers of records, containers and databases refuse a source.

As in ``complaint``: rows, columns, names of formats and sizes, never a cell.
"""

from __future__ import annotations

from anonymize.errors import SourceUnreadable, WrongUse


def not_json(row: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 条记录附近不是有效的 JSON。请检查文件是否完整后重新导出。",
        "Near record {row} the text is not valid JSON. Check that the file is whole and export it again.",
        row=row,
    )


def broken_envelope() -> SourceUnreadable:
    return SourceUnreadable(
        "记录列表之外的部分不是有效的 JSON，或过长。请检查文件是否完整后重新导出。",
        "What stands around the list of records is not valid JSON, or too long. "
        "Check that the file is whole and export it again.",
    )


def record_is_no_object(row: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 条记录不是对象（{{列名: 值}}）。请导出为由对象组成的数组，或每行一个对象。",
        "Record {row} is not an object ({{name: value}}). Export an array of objects, or one object a line.",
        row=row,
    )


def name_used_twice(row: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 条记录展开后有两个字段同名（如 a.b 与 a 中的 b）。请改名后重新导出。",
        "In record {row} two fields get the same name when it is flattened (a.b and the b inside a). "
        "Rename one and export again.",
        row=row,
    )


def too_deep(row: int, limit: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 条记录的嵌套超过 {limit} 层。请展开为表格后上传。",
        "Record {row} is nested more than {limit} levels deep. Flatten it to a table first.",
        row=row,
        limit=limit,
    )


def record_too_long(row: int, limit: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 条记录超过 {limit} 字节，或没有结束。请检查文件是否完整。",
        "Record {row} is longer than {limit} bytes, or has no end. Check that the file is whole.",
        row=row,
        limit=limit,
    )


def no_records() -> SourceUnreadable:
    return SourceUnreadable(
        "没有找到由记录组成的列表。请导出为由对象组成的数组、每行一个对象的 JSON，或由同名元素组成的 XML。",
        "No list of records was found. Export a JSON array of objects, JSON with one object a line, "
        "or XML made of elements of one name.",
    )


def no_such_records(asked: str) -> WrongUse:
    return WrongUse(
        "文件里没有名为 {asked} 的记录。请检查 --record 的写法（JSON 如 data.rows，XML 如 item）。",
        "There are no records named {asked} in the file. Check --record (data.rows for JSON, item for XML).",
        asked=asked,
    )


def not_xml(row: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 条记录附近不是有效的 XML。请检查文件是否完整后重新导出。",
        "Near record {row} the text is not well-formed XML. Check that the file is whole; export it again.",
        row=row,
    )


def declares_entities() -> SourceUnreadable:
    return SourceUnreadable(
        "XML 含有文档类型（DOCTYPE）或实体声明，已拒绝读取。请去掉后重新导出。",
        "The XML declares a document type (DOCTYPE) or entities and is refused. Export it without them.",
    )


def damaged(found: str) -> SourceUnreadable:
    return SourceUnreadable(
        "{found} 文件已损坏或不完整，无法读取。请重新导出。",
        "The {found} file is damaged or incomplete and cannot be read. Export it again.",
        found=found,
    )


def unsupported_column(column: int, kind: str) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {column} 列的类型 {kind} 不是表格内容，无法读取。请删除该列或改为文本。",
        "Column {column} is of the type {kind}, which is no content of a table. Remove it or make it text.",
        column=column,
        kind=kind,
    )


def bad_geometry(row: int) -> SourceUnreadable:
    return SourceUnreadable(
        "第 {row} 个要素的几何不符合 GeoJSON（RFC 7946）。请检查后重新导出。",
        "The geometry of feature {row} is not GeoJSON (RFC 7946). Check it and export again.",
        row=row,
    )


def unpacks_too_far() -> SourceUnreadable:
    return SourceUnreadable(
        "压缩文件解压后过大，或压缩比异常，已拒绝读取。请解压、拆分后上传。",
        "The compressed file unpacks to far too much, or at an abnormal ratio, and is refused. "
        "Unpack and split it first.",
    )


def packed_twice(found: str) -> SourceUnreadable:
    return SourceUnreadable(
        "压缩文件里还是压缩文件（{found}）。请只压缩一层，或解压后上传。",
        "Inside the compressed file there is another one ({found}). Compress once only, or unpack it first.",
        found=found,
    )


def several_members(found: int) -> SourceUnreadable:
    return SourceUnreadable(
        "压缩包里有 {found} 个文件，应当只有一个表格。请分别上传。",
        "The archive holds {found} files and should hold a single table. Send them one by one.",
        found=found,
    )


def unsafe_member() -> SourceUnreadable:
    return SourceUnreadable(
        "压缩包里的文件名带有路径跳转（如 ..），已拒绝读取。请重新打包。",
        "The archive holds a name that climbs out of its folder (..), and is refused. Pack it again.",
    )


def packed_with_password() -> SourceUnreadable:
    return SourceUnreadable(
        "压缩包设有密码。请去掉密码后重新上传。",
        "The archive is protected by a password. Remove the password and send it again.",
    )


def too_large_to_hold(found: str, limit: int) -> SourceUnreadable:
    return SourceUnreadable(
        "{found} 文件需要全部读入内存，超过上限 {limit} 字节。请改用 CSV，或解压后上传。",
        "A {found} file has to be held in memory and exceeds {limit} bytes. Use CSV, or unpack it first.",
        found=found,
        limit=limit,
    )


def no_such_sheet(asked: str, known: int) -> WrongUse:
    return WrongUse(
        "工作簿里没有名为 {asked} 的工作表（共 {known} 张）。请检查 --sheet。",
        "The workbook has no sheet named {asked} (it has {known}). Check --sheet.",
        asked=asked,
        known=known,
    )


def option_does_not_fit(option: str, found: str) -> WrongUse:
    return WrongUse(
        "选项 {option} 不适用于 {found}。",
        "The option {option} does not apply to {found}.",
        option=option,
        found=found,
    )
