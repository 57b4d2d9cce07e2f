"""Which encoding a text has, and its bytes as UTF-8.

Departments send UTF-8 with and without a mark, UTF-16 from "Unicode text" exports, GB18030 (GBK and
GB 2312 are parts of it), and now and then Big5 from Hong Kong, Macao or Taiwan. A byte-order mark
decides. Without one, a text with a zero beside every ASCII character is UTF-16; one that is UTF-8 as
far as it goes is UTF-8; otherwise ``chinese`` tells GB18030 from Big5. A text that is none of them all
through is refused: guessing would garble names silently.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import polars as pl

from anonymize.errors import SourceUnreadable
from anonymize.readers import complaint
from anonymize.readers.source import BLOCK, ByteSource

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 1 << 20
_SAMPLE = 64 << 10
_ASCII = bytes(range(128))
_FEW = 8
"""Chinese characters below which nothing can be concluded from how usual they are."""
_ORDINARY = re.compile(r"[\t\n\r -~\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\r\n\x0c\x1a")


def detect(source: ByteSource) -> tuple[str, int]:
    """The encoding's name and the number of bytes its mark takes.

    Raises:
        SourceUnreadable: the first MiB is no text in any of the encodings.
    """
    head = source.head(_HEAD)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name, len(bom)
    if b"\0" in head and (wide := _wide_without_mark(head)) is not None:
        return wide, 0
    if b"\0" in head or len(head.translate(None, delete=_CONTROLS)) < len(head) * 0.99:
        raise complaint.binary()
    complete = len(head) < _HEAD
    if _decodes(head, "utf-8", complete):
        # Pure ASCII so far says nothing: look on until a byte decides.
        if head.isascii() and not complete:
            return _first_non_ascii(source), 0
        return "utf-8", 0
    if (found := chinese(head, complete)) is not None:
        return found, 0
    row = head[: _valid_prefix(head)].count(b"\n") + 1
    if row > 1:
        raise complaint.mixed_encoding(row, "UTF-8 / GB18030")
    raise complaint.binary()


def utf8_blocks(
    source: ByteSource, encoding: str, bom: int, length: int = BLOCK
) -> Iterator[tuple[bytes, bytes]]:
    """Pairs of (raw block of at most ``length`` bytes, the same text as UTF-8); a character may span two.

    Raises:
        SourceUnreadable: bytes that the encoding does not know, or a NUL character.
    """
    if encoding in ("utf-8", "utf-8-sig"):
        yield from _checked_utf8(source, bom, length)
        return
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    skip = bom
    rows = 1
    for raw in source.blocks(length):
        piece = raw[skip:] if skip else raw
        skip = 0
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            row = rows + piece[: error.start].count(b"\n")
            raise complaint.mixed_encoding(row, encoding_label(encoding)) from None
        data = text.encode("utf-8")
        if b"\0" in data:
            raise complaint.nul_bytes(rows + data[: data.index(b"\0")].count(b"\n"))
        yield raw, data
        rows += data.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise complaint.mixed_encoding(rows, encoding_label(encoding)) from None


def _checked_utf8(source: ByteSource, bom: int, length: int) -> Iterator[tuple[bytes, bytes]]:
    """UTF-8 needs no decoding, only a check; where it fails, the row is found by reading again."""
    skip = bom
    begun = b""  # the first bytes of a character that the last block cut in two
    before = 0
    for raw in source.blocks(length):
        piece = raw[skip:] if skip else raw
        if b"\0" in piece:
            raise complaint.nul_bytes(_row_at(source, before + skip + piece.index(b"\0")))
        if begun or not piece.isascii():
            whole = begun + piece
            end = len(whole) - _cut_character(whole)
            if not _is_utf8(whole[:end]):
                raise _not_utf8(source, whole, before + skip - len(begun))
            begun = whole[end:]
        yield raw, piece
        before += len(raw)
        skip = 0
    if begun:
        raise _not_utf8(source, begun, before - len(begun))


def _is_utf8(data: bytes) -> bool:
    """Checked by polars, which does it several times as fast as building a ``str``."""
    if data.isascii():
        return True
    try:
        pl.Series([data], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def _cut_character(data: bytes) -> int:
    """Bytes at the end that begin a character without completing it, 0–3."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0xC0 != 0x80:
            wanted = (
                2 if byte >> 5 == 0b110 else 3 if byte >> 4 == 0b1110 else 4 if byte >> 3 == 0b11110 else 1
            )
            return back if wanted > back else 0
    return 0


def _length(first: int) -> int:
    """Bytes of the character that begins with this byte (RFC 3629)."""
    return 4 if first >= 0xF0 else 3 if first >= 0xE0 else 2


def _not_utf8(source: ByteSource, data: bytes, start: int) -> SourceUnreadable:
    """The complaint about ``data``, which stands at ``start`` in the source."""
    try:
        data.decode("utf-8", "strict")
        at = len(data)
    except UnicodeDecodeError as error:
        at = error.start
    return complaint.mixed_encoding(_row_at(source, start + at), encoding_label("utf-8"))


def _row_at(source: ByteSource, offset: int) -> int:
    """Number of the line in which the byte at ``offset`` stands, from 1."""
    rows, left = 1, offset
    for block in source.blocks():
        rows += block[:left].count(b"\n")
        left -= len(block)
        if left <= 0:
            break
    return rows


def encoding_label(encoding: str) -> str:
    return {
        "utf-8": "UTF-8",
        "utf-8-sig": "UTF-8 (BOM)",
        "utf-16-le": "UTF-16 LE",
        "utf-16-be": "UTF-16 BE",
        "gb18030": "GB18030",
        "cp950": "Big5",
    }[encoding]


def chinese(sample: bytes, complete: bool) -> str | None:
    """``gb18030`` or ``cp950`` (Big5); None when ``sample`` is neither.

    Most Big5 texts can be decoded as GB18030 too, into characters that hardly anybody uses. So the
    common ones are counted: GB 2312 keeps its 3,755 most usual characters in the rows B0 to D7, Big5
    its 5,401 in A4 to C6. A text is taken for Big5 only when it is made of these, and would be mostly
    rare characters as GB18030.
    """
    simplified = _decodes(sample, "gb18030", complete)
    if _decodes(sample, "cp950", complete):
        usual_big5 = _share_of_usual(sample, "cp950", 0xA4, 0xC6)
        usual_gb = _share_of_usual(sample, "gb18030", 0xB0, 0xD7) if simplified else 0.0
        if usual_big5 >= 0.9 and usual_gb < 0.6:
            return "cp950"
    return "gb18030" if simplified else None


def _share_of_usual(sample: bytes, encoding: str, low: int, high: int) -> float:
    """Of the Chinese characters, the share with a first byte in the range (and in GB 2312 a high second)."""
    text = codecs.getincrementaldecoder(encoding)("ignore").decode(sample.lstrip(_ASCII)[:_SAMPLE])
    codes = [char.encode(encoding) for char in text if "\u4e00" <= char <= "\u9fff"]
    if len(codes) < _FEW:
        return 0.0
    second = 0xA1 if encoding == "gb18030" else 0x40
    usual = sum(1 for code in codes if len(code) == 2 and low <= code[0] <= high and code[1] >= second)
    return usual / len(codes)


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 whose mark was lost: read in one byte order, nearly all of it is ASCII or Chinese."""
    sample = head[:_SAMPLE]
    for name in ("utf-16-le", "utf-16-be"):
        if not _decodes(sample, name, complete=False):
            continue
        text = codecs.getincrementaldecoder(name)("strict").decode(sample)
        if "\0" not in text and len(_ORDINARY.sub("", text)) <= len(text) // 20:
            return name
    return None


def _decodes(head: bytes, encoding: str, complete: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(head, final=complete)
    except UnicodeDecodeError:
        return False
    return True


def _valid_prefix(head: bytes) -> int:
    best = 0
    for encoding in ("utf-8", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as error:
            best = max(best, error.start)
    return best


def _first_non_ascii(source: ByteSource) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    seen = False
    for block in source.blocks():
        if not seen and block.isascii():
            continue
        seen = True
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return chinese(block, complete=False) or "gb18030"
        return "utf-8"
    return "utf-8"
