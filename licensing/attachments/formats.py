"""Which files are taken: by what they hold, which must be what their name says."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from licensing.core.errors import InvalidInput

MOST_BYTES: Final = 10 * 1024 * 1024
"""Of one file."""
MOST_FILES: Final = 20
"""Of one case or filing."""
LONGEST_NAME: Final = 120
_MACROS: Final = "vbaproject.bin"
_END_OF_PDF: Final = 2048
"""Bytes at the end among which ``%%EOF`` stands; some programs write a little behind it."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is taken; ``holds`` says whether bytes are of it."""

    media: str
    zh: str
    en: str
    holds: Callable[[bytes], bool]


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


def _pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-_END_OF_PDF:]


def _package(*parts: str) -> Callable[[bytes], bool]:
    """A ZIP container with these parts and no macros; nothing is unpacked."""

    def holds(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as container:
                names = {name.lower() for name in container.namelist()}
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False
        return set(parts) <= names and not any(name.endswith(_MACROS) for name in names)

    return holds


_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_JPEG: Final = Format("image/jpeg", "JPEG 图片", "JPEG picture", _begins(b"\xff\xd8\xff"))
FORMATS: Final[Mapping[str, Format]] = {
    "pdf": Format("application/pdf", "PDF", "PDF", _pdf),
    "ofd": Format("application/ofd", "OFD", "OFD", _package("ofd.xml")),
    "docx": Format(_WORD, "Word 文档", "Word", _package("[content_types].xml", "word/document.xml")),
    "xlsx": Format(_EXCEL, "Excel 表格", "Excel", _package("[content_types].xml", "xl/workbook.xml")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Format("image/png", "PNG 图片", "PNG picture", _begins(b"\x89PNG\r\n\x1a\n")),
}
"""By the end of the file's name. OFD is the national format of documents (GB/T 33190-2016)."""


def suffix(name: str) -> str:
    """The end of a file's name in lower case, without the dot."""
    return name.rpartition(".")[2].lower()


def recognise(name: str, content: bytes) -> Format:
    """The format of a file that may be attached.

    Raises:
        InvalidInput: pointing at ``/name`` or ``/content``, with what to do.
    """
    stem = name.rpartition(".")[0]
    plain = not any(unicodedata.category(sign)[0] == "C" or sign in "/\\" for sign in name)
    if not stem.strip() or len(name) > LONGEST_NAME or not plain:
        raise InvalidInput(
            "文件名应为 1 至 {most} 个字，不含斜杠和控制字符，请改名后再上传。",
            "A file's name has at most {most} characters, no slash and no control character; rename it.",
            most=LONGEST_NAME,
            pointer="/name",
        )
    found = FORMATS.get(suffix(name))
    if found is None:
        raise InvalidInput(
            "不接受这种文件，请上传 PDF、OFD、DOCX、XLSX、JPG 或 PNG。",
            "Files of this kind are not taken; send PDF, OFD, DOCX, XLSX, JPG or PNG.",
            pointer="/name",
        )
    if len(content) > MOST_BYTES:
        raise InvalidInput(
            "文件超过 {most} MB，请压缩或者分开上传。",
            "The file has more than {most} MB; make it smaller or send it in parts.",
            most=MOST_BYTES // 1024**2,
            pointer="/content",
        )
    if not found.holds(content):
        raise InvalidInput(
            "文件内容不是完整的{format}（或者带有宏），请核对后重新上传。",
            "The file is no complete {english}, or it has macros; check it and send it again.",
            format=found.zh,
            english=found.en,
            pointer="/content",
        )
    return found
