"""XML 1.0, streamed: elements of one name are rows, what is in them are cells.

The columns of a record, in the order in which they stand:

- a child element with text only: its name; inside another one ``outer.inner``;
- a child whose only attribute is ``name``, as ``<field name="金额">``: that name;
- an attribute: ``element@attribute``, of the record itself ``@attribute`` without the ``@``;
- a name that comes again in the same record: ``name.2``, ``name.3``;
- an element in which text and elements are mixed: all of its text as one cell.

Namespaces are left out of names. No entity, document type, schema or address is ever followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from anonymize.findings import SourceInfo
from anonymize.readers import complaint_structured as structured
from anonymize.readers.encoding import detect, encoding_label, utf8_blocks
from anonymize.readers.flatten import Piece, pieces_of
from anonymize.readers.limits import Limits
from anonymize.readers.source import ByteSource
from anonymize.readers.streamed import StreamedTable
from anonymize.readers.xml_layout import HEAD, local, record_path, without_declaration

_BLOCK = 1 << 20
_FED = 128 << 10
"""Bytes parsed at a time: elements that live long cost the collector of cycles dearly."""


class XmlTable(StreamedTable):
    """A ``Table`` over the records of an XML document.

    Raises:
        SourceUnreadable: from the constructor, for everything that is wrong with the source.
        WrongUse: there is no element of the name asked for.
    """

    def __init__(self, source: ByteSource, limits: Limits, record: str | None = None) -> None:
        super().__init__(limits)
        self._source = source
        self._encoding, self._bom = detect(source)
        head = b""
        whole = True
        for block in self._blocks():
            head += block
            if len(head) >= HEAD:
                whole = False
                break
        self._record = record_path(head, whole, record)
        self._texts: dict[str, None] = {}
        rows = self._survey()
        self._surroundings = tuple(self._texts)
        size, sha256 = source.digest()
        self._info = SourceInfo(
            name=source.name,
            format="xml",
            encoding=encoding_label(self._encoding),
            delimiter=None,
            size=size,
            sha256=sha256,
            rows=rows,
            columns=self._columns,
            header_rows=0,
        )

    def _blocks(self) -> Iterator[bytes]:
        first = True
        for _, data in utf8_blocks(self._source, self._encoding, self._bom, _BLOCK):
            yield without_declaration(data) if first else data
            first = False

    def _pieces(self) -> Iterable[Piece]:
        row = 1
        for records in self._records():
            yield from pieces_of(records, row, self._limits)
            row += len(records)

    def _records(self) -> Iterator[list[dict[str, str]]]:
        walker = _Walker(self._record, self._limits, self._texts)
        for block in self._blocks():
            yield [
                cells
                for start in range(0, len(block), _FED)
                for cells in walker.feed(block[start : start + _FED])
            ]
        walker.close()


class _Walker:
    """Feeds a parser, takes each record out as soon as it ends, and leaves nothing in the tree."""

    def __init__(self, record: tuple[str, ...], limits: Limits, texts: dict[str, None]) -> None:
        self._record = list(record)
        self._limits = limits
        self._texts = texts
        self._parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
        self._path: list[str] = []
        self._open: list[Element] = []
        self._depth = 0
        """Elements open from the record inwards; 0 outside of one."""
        self._rows = 0
        self._pending = 0

    def feed(self, block: bytes) -> list[dict[str, str]]:
        """The records that end in this block."""
        try:
            self._parser.feed(block)
            records = self._take()
        except ParseError:
            raise structured.not_xml(self._rows + 1) from None
        self._pending = 0 if records else self._pending + len(block)
        if self._pending > self._limits.max_record:
            raise structured.record_too_long(self._rows + 1, self._limits.max_record)
        return records

    def close(self) -> None:
        """Refuse a document that stops before its end."""
        try:
            self._parser.close()
        except ParseError:
            raise structured.not_xml(self._rows + 1) from None

    def _take(self) -> list[dict[str, str]]:
        records: list[dict[str, str]] = []
        # Of the two events asked for, each comes with its element.
        events = cast("Iterator[tuple[str, Element]]", self._parser.read_events())
        for event, element in events:
            if self._depth:
                self._depth += 1 if event == "start" else -1
                if self._depth > self._limits.max_depth:
                    raise structured.too_deep(self._rows + 1, self._limits.max_depth)
                if self._depth == 0:
                    self._rows += 1
                    records.append(_cells(element, self._rows, self._limits))
                    self._leave(element)
            elif event == "start":
                self._start(element)
            else:
                self._remember(element)
                self._leave(element)
        return records

    def _start(self, element: Element) -> None:
        self._path.append(local(element.tag))
        self._open.append(element)
        if len(self._path) > 2 * self._limits.max_depth:
            raise structured.too_deep(self._rows + 1, self._limits.max_depth)
        if self._path == self._record:
            self._depth = 1

    def _leave(self, element: Element) -> None:
        """Out of the tree with it: a parent holds only children that are still open."""
        self._path.pop()
        self._open.pop()
        if self._open:
            self._open[-1].remove(element)

    def _remember(self, element: Element) -> None:
        """Texts around the records, for the search for secrecy markings."""
        for text in (element.text, *element.attrib.values()):
            if text and text.strip() and len(self._texts) < self._limits.max_columns:
                self._texts.setdefault(text.strip()[:4096])


def _cells(record: Element, row: int, limits: Limits) -> dict[str, str]:
    if (plain := _plain(record)) is not None:
        return plain
    cells: dict[str, str] = {}
    for name, value in record.attrib.items():
        _put(cells, local(name), value)
    _fill(cells, record, "", row, limits)
    return cells


def _plain(record: Element) -> dict[str, str] | None:
    """The cells of a record of leaves with names of their own and nothing else: the usual one, read fast."""
    if record.attrib or not len(record):
        return None
    cells: dict[str, str] = {}
    for child in record:
        tail = child.tail
        if (
            len(child)
            or child.attrib
            or (tail and not tail.isspace())
            or ":" in child.tag
            or "}" in child.tag
        ):
            return None
        cells[child.tag] = child.text or ""
    text = record.text
    return cells if len(cells) == len(record) and not (text and not text.isspace()) else None


def _fill(cells: dict[str, str], element: Element, prefix: str, row: int, limits: Limits) -> None:
    if _mixed(element):
        _put(cells, prefix.rstrip(".") or local(element.tag), "".join(element.itertext()))
        return
    if not len(element) and not prefix and element.text and element.text.strip():
        _put(cells, local(element.tag), element.text)
    for child in element:
        attributes = child.attrib
        named = attributes.get("name") if len(attributes) == 1 else None
        name = prefix + (named or local(child.tag))
        if attributes and not named:
            for key, value in attributes.items():
                _put(cells, f"{name}@{local(key)}", value)
        if len(child):
            _fill(cells, child, f"{name}.", row, limits)
        else:
            _put(cells, name, child.text or "")
        if len(cells) > limits.max_columns:
            raise structured.too_deep(row, limits.max_depth)


def _mixed(element: Element) -> bool:
    if not len(element):
        return False
    if element.text and element.text.strip():
        return True
    return any(child.tail and child.tail.strip() for child in element)


def _put(cells: dict[str, str], name: str, value: str) -> None:
    if name in cells:
        number = 2
        while f"{name}.{number}" in cells:
            number += 1
        name = f"{name}.{number}"
    cells[name] = value
