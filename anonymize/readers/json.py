"""JSON (RFC 8259), JSON Lines and GeoJSON (RFC 7946), streamed record by record.

A number is the text it was written with (``1.50`` stays ``1.50``); ``flatten`` says what becomes of
objects and arrays inside a record. A GeoJSON feature is its properties, then ``geometry`` as
well-known text (``POINT (114.30 30.60)``), and ``feature_id`` when it has one; its ``bbox`` is left out,
since it would say the place again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from anonymize.findings import Sentence, SourceInfo
from anonymize.geometry import to_wkt
from anonymize.readers import complaint_structured as structured
from anonymize.readers.encoding import detect, encoding_label, utf8_blocks
from anonymize.readers.flatten import Number, Piece, pieces_of
from anonymize.readers.json_cut import ArrayCutter
from anonymize.readers.json_layout import HEAD, Layout, layout_of
from anonymize.readers.limits import Limits
from anonymize.readers.source import ByteSource
from anonymize.readers.streamed import StreamedTable

_BLOCK = 2 << 20
_ENVELOPE = 4 << 20
_BLANK = b" \t\r\n"
_NOT_JSON = (msgspec.MsgspecError, RecursionError, UnicodeError)
_FEATURE_ID, _GEOMETRY = "feature_id", "geometry"

Record = dict[str, Any]


class JsonTable(StreamedTable):
    """A ``Table`` over JSON of any layout.

    Raises:
        SourceUnreadable: from the constructor, for everything that is wrong with the source.
        WrongUse: there is no list of the path asked for.
    """

    def __init__(self, source: ByteSource, limits: Limits, record: str | None = None) -> None:
        super().__init__(limits)
        self._source = source
        self._decoder = msgspec.json.Decoder(float_hook=Number)
        self._encoding, self._bom = detect(source)
        head = b""
        whole = True
        for block in self._blocks():
            head += block
            if len(head) >= HEAD:
                whole = False
                break
        self._layout: Layout = layout_of(head, whole, record)
        self._features: bool | None = None
        self._envelope = b""
        rows = self._survey()
        self._tell_envelope()
        size, sha256 = source.digest()
        self._info = SourceInfo(
            name=source.name,
            format="geojson" if self._features else "jsonl" if self._layout.form == "lines" else "json",
            encoding=encoding_label(self._encoding),
            delimiter=None,
            size=size,
            sha256=sha256,
            rows=rows,
            columns=self._columns,
            header_rows=0,
        )

    def _blocks(self) -> Iterator[bytes]:
        for _, data in utf8_blocks(self._source, self._encoding, self._bom, _BLOCK):
            yield data

    def _pieces(self) -> Iterable[Piece]:
        row = 1
        for records in self._records():
            for index, record in enumerate(records):
                if not isinstance(record, dict):
                    raise structured.record_is_no_object(row + index)
            if records and self._features is None:
                self._features = _is_feature(records[0])
            if self._features:
                plain = [_properties(record, row + index) for index, record in enumerate(records)]
                yield from pieces_of(plain, row, self._limits)
            else:
                yield from pieces_of(records, row, self._limits)
            row += len(records)

    def _records(self) -> Iterator[list[Record]]:
        if self._layout.form == "lines":
            return self._from_lines()
        if self._layout.form == "array":
            return self._from_array()
        return self._from_single()

    def _from_single(self) -> Iterator[list[Record]]:
        yield [self._decode(b"".join(self._blocks()), 1, self._decoder.decode)]

    def _from_lines(self) -> Iterator[list[Record]]:
        row = 1
        rest = b""
        for block in self._blocks():
            lines, feed, tail = block.rpartition(b"\n")
            if not feed:
                rest += tail
            else:
                records = self._decode(rest + lines, row, self._decoder.decode_lines)
                row += len(records)
                rest = tail
                yield records
            if len(rest) > self._limits.max_record:
                raise structured.record_too_long(row, self._limits.max_record)
        if rest.strip(_BLANK):
            yield self._decode(rest, row, self._decoder.decode_lines)

    def _from_array(self) -> Iterator[list[Record]]:
        cutter = ArrayCutter()
        before = bytearray()
        row = 1
        for block in self._blocks():
            if cutter.closed:
                cutter.rest += block
                if len(cutter.rest) > _ENVELOPE:
                    raise structured.broken_envelope()
                continue
            missing = self._layout.start - len(before)
            before += block[:missing]
            piece = cutter.feed(block[missing:])
            records = self._elements(piece, row, cutter.closed)
            row += len(records)
            yield records
            if cutter.waiting > self._limits.max_record:
                raise structured.record_too_long(row, self._limits.max_record)
        if not cutter.closed:
            raise structured.not_json(row)
        self._envelope = bytes(before) + cutter.rest

    def _elements(self, piece: bytes, row: int, last: bool) -> list[Record]:
        """The elements of a piece; all but the first piece begin with a comma."""
        text = piece.lstrip(_BLANK)
        if not text:
            return []
        if row > 1:
            if text[:1] != b"," or not text[1:].strip(_BLANK):
                raise structured.not_json(row)
            text = text[1:]
        elif last and not text.strip(_BLANK):
            return []
        return list(self._decode(b"[" + text + b"]", row, self._decoder.decode))

    def _decode(self, text: bytes, row: int, decode: Callable[[bytes], Any]) -> Any:
        try:
            return decode(text)
        except _NOT_JSON:
            # The message of the decoder may quote the text.
            raise structured.not_json(row + self._good(text)) from None

    def _good(self, text: bytes) -> int:
        """How many records are in order before the first that is not."""
        if self._layout.form == "lines":
            parts = [line for line in text.split(b"\n") if line.strip(_BLANK)]
        else:
            ends, _ = ArrayCutter().ends(text[1:])
            edges = [1, *(int(end) + 2 for end in ends)]
            parts = [text[a:b].lstrip(b" \t\r\n,") for a, b in itertools.pairwise(edges)]
        for index, part in enumerate(parts):
            try:
                self._decoder.decode(part)
            except _NOT_JSON:
                return index
        return len(parts)

    def _tell_envelope(self) -> None:
        """What stands around the list: texts for the search for secrecy markings, other lists as a note."""
        if self._layout.form != "array":
            return
        try:
            around = msgspec.json.decode(self._envelope)
        except _NOT_JSON:
            raise structured.broken_envelope() from None
        texts: list[str] = []
        lists = _gather(around, texts)
        self._surroundings = tuple(texts)
        if lists:
            self._notes = (
                Sentence(
                    f"文件里另有 {lists} 个记录列表没有读取；可用 --record 指定要读的列表。",
                    f"{lists} other lists of records were not read; --record names the one to read.",
                ),
            )


def _gather(value: Any, texts: list[str]) -> int:
    """Collect names and texts of an envelope; how many lists with objects are in it."""
    if isinstance(value, str):
        if value.strip():
            texts.append(value)
        return 0
    if isinstance(value, dict):
        texts += value
        return sum(_gather(item, texts) for item in value.values())
    if isinstance(value, list):
        inner = sum(_gather(item, texts) for item in value)
        return inner + any(isinstance(item, dict) for item in value)
    return 0


def _is_feature(record: Record) -> bool:
    return record.get("type") == "Feature" and "geometry" in record and "properties" in record


def _properties(record: Record, row: int) -> Record:
    """One feature as a record."""
    properties, geometry = record.get("properties") or {}, record.get("geometry")
    if not _is_feature(record) or not isinstance(properties, dict):
        raise structured.bad_geometry(row)
    if _GEOMETRY in properties or _FEATURE_ID in properties:
        raise structured.name_used_twice(row)
    flat: Record = {_FEATURE_ID: record["id"]} if record.get("id") is not None else {}
    flat.update(properties)
    try:
        flat[_GEOMETRY] = "" if geometry is None else to_wkt(geometry)
    except (ValueError, AttributeError):
        raise structured.bad_geometry(row) from None
    return flat
