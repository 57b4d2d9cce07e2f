"""What a source really is, told by its content and not by its name."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from anonymize.readers import complaint
from anonymize.readers.compressed import SUFFIXES, Packing
from anonymize.readers.source import ByteSource

Kind = Literal["delimited", "xlsx", "xls", "json", "xml", "parquet"]

_HEAD = 64 << 10
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"{\\rtf", "RTF"),
)
_PACKED: tuple[tuple[bytes, Packing], ...] = (
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = (b"[Content_Types].xml", b"xl/workbook.", b"word/document.xml", b"ppt/presentation.xml")
_WEB_PAGE = re.compile(
    r"\s*<(?:!doctype\s+html\b|(?:html|head|meta|style|body)\b|table\b[^>]*>\s*<(?:tr|t?head|tbody|caption|col))",
    re.IGNORECASE,
)
_XML = re.compile(r"\s*<(?:\?xml\s|!--|!DOCTYPE|!ENTITY|[^\W\d][\w.:-]*[\s/>])", re.IGNORECASE)
_SHUT_AT_ONCE = re.compile(r"\s*<([^\W\d][\w.:-]*)[^<>]*>[^<>]*</\1>[ \t]*\r?\n\s*[^\s<]")
"""One element, then text: a header line with a mark-up in it, since a document has nothing after its root."""
_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*[{\]\["])')
_EXPECTED: dict[str, tuple[str, ...]] = {
    "delimited": (".csv", ".tsv", ".txt", ".tab", ".dat", ".psv"),
    "xlsx": (".xlsx", ".xlsm"),
    "xls": (".xls", ".et"),
    "json": (".json", ".jsonl", ".ndjson", ".geojson", ".txt"),
    "xml": (".xml",),
    "parquet": (".parquet", ".pq"),
}


def packing_of(source: ByteSource) -> Packing | None:
    """How the source is compressed; None when it is not. An office document is no archive."""
    head = source.head(_HEAD)
    for magic, packing in _PACKED:
        if head.startswith(magic):
            return packing
    if head.startswith(_ZIP) and not _office(source):
        return "zip"
    return None


def kind_of(source: ByteSource) -> Kind:
    """Which reader the content asks for.

    Raises:
        SourceUnreadable: empty, protected, or no table at all.
    """
    head = source.head(_HEAD)
    if not head:
        raise complaint.empty()
    if head.startswith(_OLE):
        if _ole_holds(source, "EncryptedPackage"):
            raise complaint.encrypted()
        if not (_ole_holds(source, "Workbook") or _ole_holds(source, "Book")):
            raise complaint.other_kind("DOC / PPT (OLE)")
        return "xls"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_ZIP):
        return "xlsx"
    for magic, name in _FOREIGN:
        if head.startswith(magic):
            raise complaint.other_kind(name)
    if head[257:262] == b"ustar":
        raise complaint.other_kind("TAR")
    text = _beginning(head)
    if _WEB_PAGE.match(text):
        raise complaint.other_kind("HTML")
    if _XML.match(text) and not _SHUT_AT_ONCE.match(text):
        return "xml"
    if _JSON.match(text):
        return "json"
    return "delimited"


def belies(source: ByteSource, kind: Kind) -> bool:
    """True when the extension of the source promises another kind than its content is."""
    known = {suffix for suffixes in _EXPECTED.values() for suffix in suffixes}
    return source.suffix in known and source.suffix not in _EXPECTED[kind]


def packing_suffixes(packing: Packing) -> tuple[str, ...]:
    """The extensions under which a packing is known."""
    return SUFFIXES[packing]


def _beginning(head: bytes) -> str:
    """The first characters, good enough to tell markup from a table: the signs looked for are ASCII."""
    for bom, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(bom):
            return head[2:].decode(name, "replace")
    if head[1:2] == b"\0":
        return head.decode("utf-16-le", "replace")
    if head[:1] == b"\0":
        return head.decode("utf-16-be", "replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _office(source: ByteSource) -> bool:
    """Whether a zip is an office document; its directory stands at the end."""
    tail = b""
    for block in source.blocks():
        window = tail + block
        if any(name in window for name in _OFFICE):
            return True
        tail = window[-64:]
    return False


def _ole_holds(source: ByteSource, stream: str) -> bool:
    """The directory of a compound file may stand anywhere in it."""
    needle = stream.encode("utf-16-le")
    tail = b""
    for block in source.blocks():
        if needle in tail + block:
            return True
        tail = block[-len(needle) :]
    return False
