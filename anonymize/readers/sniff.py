"""What a source really is, told by its first bytes and not by its name."""

from __future__ import annotations

from typing import Literal

from anonymize.readers import complaint
from anonymize.readers.source import ByteSource

Kind = Literal["delimited", "xlsx"]

TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".tab", ""})
_HEAD = 64 << 10
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"{\\rtf", "RTF"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<?xml", b"<!doctype", b"<html", b"<table")


def kind_of(source: ByteSource) -> Kind:
    """Tell a delimited text from a workbook.

    Raises:
        SourceUnreadable: empty, another kind of file, or an extension that says otherwise.
    """
    head = source.head(_HEAD)
    if not head:
        raise complaint.empty()
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in head or _ole_is_encrypted(source):
            raise complaint.encrypted()
        raise complaint.other_kind("XLS (Excel 97-2003)")
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise complaint.other_kind(name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if source.suffix in TEXT_SUFFIXES and source.suffix:
            raise complaint.wrong_extension("XLSX / ZIP", source.suffix)
        return "xlsx"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise complaint.other_kind("HTML / XML")
    if source.suffix in {".xlsx", ".xlsm", ".xls"}:
        raise complaint.wrong_extension("TXT", source.suffix)
    return "delimited"


def _ole_is_encrypted(source: ByteSource) -> bool:
    """The directory of a compound file may stand anywhere in it."""
    needle = "EncryptedPackage".encode("utf-16-le")
    tail = b""
    for block in source.blocks():
        if needle in tail + block:
            return True
        tail = block[-len(needle) :]
    return False
