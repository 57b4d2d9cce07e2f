"""Whether an uploaded workbook may be opened at all: size, what it would unpack to, what it carries.

A workbook is a zip of XML files. Refused are bombs (by the sizes that the archive declares, which Python's
zip reader does not exceed), macros, links to other files, embedded objects, connections, and XML with a
DOCTYPE (entities). What is refused is named; nothing of the file is kept.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Final

from licensing.core.errors import LicensingError

MAX_BYTES: Final = 30 * 1024 * 1024
MAX_UNPACKED: Final = 600 * 1024 * 1024
MAX_MEMBERS: Final = 500
MAX_RATIO: Final = 200
"""Unpacked to packed size of one member; sheets of real catalogues stay under 40."""
_RATIO_FROM: Final = 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ACTIVE: Final = {
    "vbaproject": ("宏", "macros"),
    "externallinks/": ("外部链接", "links to other files"),
    "embeddings/": ("嵌入的对象", "embedded objects"),
    "activex/": ("控件", "controls"),
    "connections.xml": ("数据连接", "data connections"),
    "querytables/": ("外部查询", "external queries"),
    "customui/": ("自定义界面", "a custom interface"),
    "macrosheets/": ("宏表", "macro sheets"),
    "dialogsheets/": ("对话框表", "dialog sheets"),
    "oleobject": ("嵌入的对象", "embedded objects"),
}

_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error,
    NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
)  # fmt: skip
"""What Python's zip reader raises on broken archives."""


class WorkbookRefused(LicensingError):
    """The file is not opened; the message says what is wrong with it and what to do."""

    code, status, exit_code = "workbook_refused", 422, 3


def check(content: bytes) -> None:
    """Raises WorkbookRefused unless ``content`` is a plain XLSX workbook of acceptable size."""
    if len(content) > MAX_BYTES:
        raise WorkbookRefused(
            "文件超过 {limit} MB，请拆分后分次导入。", "The file is over {limit} MB: split it.",
            limit=MAX_BYTES // 1024 // 1024,
        )  # fmt: skip
    if content.startswith(_OLE):
        raise WorkbookRefused(
            "这是旧版 .xls 文件或加了密码的文件，请取消密码并另存为 .xlsx 后上传。",
            "This is an old .xls file or protected by a password: save it as .xlsx without a password.",
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _members(archive)
    except _BROKEN as error:
        raise WorkbookRefused(
            "文件打不开：不是完好的 .xlsx 文件，请用 Excel 或 WPS 重新保存。",
            "The file cannot be opened: it is no sound .xlsx file. Save it again.",
        ) from error


def _members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
        raise _bomb()
    names = {member.filename.lower() for member in members}
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise WorkbookRefused(
            "这不是 Excel 工作簿（.xlsx），请下载模板填写。",
            "This is no Excel workbook (.xlsx): download the template and fill it in.",
        )
    for member in members:
        for part, (zh, en) in _ACTIVE.items():
            if part in member.filename.lower():
                raise WorkbookRefused(
                    f"文件中含有{zh}，不能导入；请把内容以“值”粘贴到下载的模板中。",
                    f"The file holds {en} and is not imported: paste the values into the template.",
                )
        packed = max(member.compress_size, 1)
        if member.file_size > _RATIO_FROM and member.file_size / packed > MAX_RATIO:
            raise _bomb()
        _no_doctype(archive, member)


def _no_doctype(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    with archive.open(member) as stream:
        head = stream.read(4096)
    # A DOCTYPE stands before the first element; UTF-16 is seen with the zero bytes taken out.
    if b"<!doctype" in head.replace(b"\0", b"").lower() or b"<!entity" in head.replace(b"\0", b"").lower():
        raise WorkbookRefused(
            "文件中含有不允许的 XML 声明，不能导入。", "The file holds XML declarations that are not allowed."
        )


def _bomb() -> WorkbookRefused:
    return WorkbookRefused(
        "文件展开后过大，不能导入；请下载模板，把内容以“值”粘贴进去，必要时拆分。",
        "The file would unpack to too much: paste the values into the template, and split it if need be.",
    )
