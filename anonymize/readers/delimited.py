"""CSV and its relatives, streamed: two passes, no copy on disk, memory bounded by one batch.

The first pass hashes the source, checks every record, and notes where batches end; each later pass
cuts at these places and lets polars parse. Reading is by RFC 4180; a file that breaks its rules of
quoting in a way that spreadsheet programs accept goes through the tolerant engine.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

import polars as pl

from anonymize.errors import SourceUnreadable
from anonymize.findings import Sentence, SourceInfo
from anonymize.lanes import ahead
from anonymize.readers import complaint, header
from anonymize.readers.dialect import head_records, sniff_delimiter
from anonymize.readers.encoding import detect, encoding_label, utf8_blocks
from anonymize.readers.hashing import BackgroundDigest
from anonymize.readers.limits import Limits
from anonymize.readers.records import Analysis, analyse, ends_inside_quotes, survey, without_blank_lines
from anonymize.readers.source import BLOCK, ByteSource, read_up_to
from anonymize.readers.tolerant import TolerantRecords

_HEAD = 256 << 10


@dataclass(frozen=True, slots=True)
class _Cut:
    """One batch: its UTF-8 bytes, its records, whether blank lines must be taken out of it, and the CRC-32 by
    which a later pass knows that it reads the same bytes again."""

    length: int
    records: int
    blanks: int
    crc: int


class DelimitedTable:
    """A ``Table`` over CSV, TSV and the like.

    Raises:
        SourceUnreadable: from the constructor, for everything that is wrong with the source.
    """

    def __init__(self, source: ByteSource, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._encoding, self._bom = detect(source)
        head = self._head_text()
        self._old_mac = "\r" in head and "\n" not in head
        head = head.replace("\r", "\n") if self._old_mac else head
        self._delimiter = sniff_delimiter(head)
        self._surroundings, names, self._skip = self._find_header(head)
        kept = self._kept_columns(names)
        header.check_names(names[:kept], len(self._surroundings) + 1, limits)
        self._width = len(names)
        self._columns = tuple(names[:kept])
        self._cuts: list[_Cut] = []
        self._tolerant = False
        size, sha256, rows = self._first_pass()
        if rows == 0:
            raise complaint.header_only()
        self._info = SourceInfo(
            name=source.name,
            format="tsv" if self._delimiter == "\t" else "csv",
            encoding=encoding_label(self._encoding),
            delimiter=self._delimiter,
            size=size,
            sha256=sha256,
            rows=rows,
            columns=self._columns,
            header_rows=len(self._surroundings) + 1,
        )
        if self._width > kept:
            self._refuse_content_without_name(kept)

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def columns(self) -> tuple[str, ...]:
        return self._columns

    @property
    def surroundings(self) -> tuple[str, ...]:
        return self._surroundings

    @property
    def notes(self) -> tuple[Sentence, ...]:
        return ()

    def batches(self) -> Iterator[pl.DataFrame]:
        rows = 0
        for frame in self._frames():
            rows += frame.height
            yield frame.select(self._columns) if frame.width > len(self._columns) else frame
        if rows != self._info.rows:
            raise complaint.changed()

    @property
    def parts(self) -> int | None:
        """Batches that can be read apart from each other (``part``); None when it has to be streamed."""
        direct = self._encoding in ("utf-8", "utf-8-sig") and not self._old_mac and not self._tolerant
        return len(self._cuts) if direct and self._source.shared else None

    def part(self, index: int) -> tuple[pl.DataFrame, int]:
        """Batch ``index`` of ``batches``, and the number of its first row, from 0.

        Raises:
            SourceUnreadable: the source changed since it was opened.
        """
        before = self._cuts[:index]
        cut = self._cuts[index]
        with self._source.open() as stream:
            stream.seek(self._bom + self._skip + sum(c.length for c in before))
            data = self._complete(read_up_to(stream, cut.length), cut)
        row = len(self._surroundings) + 2 + sum(c.records + c.blanks for c in before)
        frame = self._parse(data, cut, self._names(), row)
        return frame.select(self._columns), sum(c.records for c in before)

    # -- opening -------------------------------------------------------------------------------

    def _head_text(self) -> str:
        """The first characters; a damaged character here is reported by the first pass, with its row."""
        raw = self._source.head(_HEAD)[self._bom :]
        name = "utf-8" if self._encoding == "utf-8-sig" else self._encoding
        text = raw.decode(name, "ignore")
        if not text.strip("\ufeff \t\r\n"):
            raise complaint.empty()
        return text

    def _find_header(self, head: str) -> tuple[tuple[str, ...], list[str], int]:
        """Title rows, column names, and how many UTF-8 bytes stand before the first data record."""
        records = head_records(head, self._delimiter, header.MAX_LEADING_ROWS + 1)
        if not records:
            raise complaint.cell_too_long(1, 1, self._limits.max_cell)
        at = header.locate(records, merged=False)
        titles = tuple(" ".join(filter(None, record)) for record in records[:at])
        return titles, header.clean_names(records[at]), self._bytes_before_data(head, at)

    def _bytes_before_data(self, head: str, at: int) -> int:
        """UTF-8 bytes of the lines up to and including record ``at``."""
        lines = head.splitlines(keepends=True) if self._old_mac else head.split("\n")
        if not self._old_mac:
            lines = [line + "\n" for line in lines[:-1]] + [lines[-1]]
        used = 0

        def counted() -> Iterator[str]:
            nonlocal used
            for line in lines:
                used += len(line.encode())
                yield line

        reader = csv.reader(counted(), delimiter=self._delimiter)
        index = -1
        for record in reader:
            index += bool(record)
            if index == at:
                break
        return used

    def _kept_columns(self, names: list[str]) -> int:
        """Spreadsheets export empty columns at the right; they have no name and must hold nothing."""
        kept = len(names)
        while kept > 1 and not names[kept - 1]:
            kept -= 1
        return kept

    def _refuse_content_without_name(self, kept: int) -> None:
        for frame in self._frames():
            for offset, column in enumerate(frame.columns[kept:]):
                if (frame[column] != "").any():
                    raise complaint.empty_headers([kept + offset + 1])

    # -- passes --------------------------------------------------------------------------------

    def _text_blocks(self) -> Iterator[tuple[bytes, bytes]]:
        block = min(BLOCK, self._limits.batch_bytes)
        for raw, data in utf8_blocks(self._source, self._encoding, self._bom, block):
            yield raw, data.replace(b"\r", b"\n") if self._old_mac else data

    def _first_pass(self) -> tuple[int, str, int]:
        """Check everything and note the cuts; size in bytes, SHA-256 in hex, number of data records."""
        skip = self._skip
        pieces: list[bytes] = []
        waiting = 0
        row = len(self._surroundings) + 2
        rows = 0
        # Reading, decoding and checking the encoding of the next block goes on beside counting in this one.
        with BackgroundDigest() as digest, closing(ahead(self._text_blocks())) as blocks:
            for raw, data in blocks:
                digest.add(raw)
                if self._tolerant:
                    continue
                if skip:
                    passed, skip = skip, max(0, skip - len(data))
                    data = data[passed:]  # noqa: PLW2901
                pieces.append(data)
                waiting += len(data)
                if waiting < self._limits.batch_bytes:
                    continue
                buffer = b"".join(pieces)
                found = self._note(buffer, row)
                if found is None:
                    self._tolerant = True
                    continue
                if found.end == 0 and len(buffer) > self._limits.batch_bytes + 8 * self._limits.max_cell:
                    raise complaint.unclosed_quote(row)
                pieces = [buffer[found.end :]]
                waiting = len(pieces[0])
                row += found.records + found.blanks
                rows += found.records
        rest = b"".join(pieces)
        if rest and not self._tolerant:
            rest = rest if rest.endswith(b"\n") else rest + b"\n"
            found = self._note(rest, row)
            if found is None or (found.end < len(rest) and ends_inside_quotes(rest)):
                self._tolerant = True
            else:
                rows += found.records
        if self._tolerant:
            rows = sum(frame.height for frame in self._frames())
        if rows > self._limits.max_rows:
            raise complaint.too_many_rows(self._limits.max_rows)
        return digest.size, digest.hexdigest, rows

    def _note(self, data: bytes, row: int) -> Analysis | None:
        """Analyse one buffer and remember its cut; None when it needs the tolerant engine."""
        found = survey(data, ord(self._delimiter), self._width, self._limits.max_cell)
        if not found.regular:
            return None
        if found.ragged is not None:
            index, cells = found.ragged
            raise complaint.ragged(row + index, cells, self._width)
        if found.long is not None:
            index, column = found.long
            raise complaint.cell_too_long(row + index, column + 1, self._limits.max_cell)
        if found.end:
            crc = zlib.crc32(memoryview(data)[: found.end])
            self._cuts.append(_Cut(found.end, found.records, found.blanks, crc))
        return found

    def _frames(self) -> Iterator[pl.DataFrame]:
        names = self._names()
        if self._tolerant:
            records = TolerantRecords(self._delimiter, names, self._limits, len(self._surroundings) + 2)
            yield from records.frames(self._data_blocks())
            return
        row = len(self._surroundings) + 2
        with closing(self._cut_data()) as cuts:
            for data, cut in cuts:
                yield self._parse(data, cut, names, row)
                row += cut.records + cut.blanks

    def _names(self) -> list[str]:
        return list(self._columns) + [f"\0{i}" for i in range(self._width - len(self._columns))]

    def _cut_data(self) -> Generator[tuple[bytes, _Cut], None, None]:
        """The bytes of each batch. A source that is UTF-8 already is read in these very pieces."""
        if self._encoding in ("utf-8", "utf-8-sig") and not self._old_mac:
            with self._source.open() as stream:
                read_up_to(stream, self._bom + self._skip)
                for cut in self._cuts:
                    yield self._complete(read_up_to(stream, cut.length), cut), cut
            return
        blocks = self._data_blocks()
        buffer = bytearray()
        for cut in self._cuts:
            while len(buffer) < cut.length and (block := next(blocks, None)) is not None:
                buffer += block
            yield self._complete(bytes(buffer[: cut.length]), cut), cut
            del buffer[: cut.length]

    def _complete(self, data: bytes, cut: _Cut) -> bytes:
        """The bytes of a batch, which are those of the first pass; the last record may lack its line feed."""
        if len(data) + 1 == cut.length and cut is self._cuts[-1]:
            data += b"\n"
        if len(data) != cut.length or zlib.crc32(data) != cut.crc:
            raise complaint.changed()
        return data

    def _data_blocks(self) -> Iterator[bytes]:
        skip = self._skip
        for _, data in self._text_blocks():
            if skip:
                skip, piece = max(0, skip - len(data)), data[skip:]
            else:
                piece = data
            if piece:
                yield piece

    def _parse(self, data: bytes, cut: _Cut, names: list[str], row: int) -> pl.DataFrame:
        text = without_blank_lines(data) if cut.blanks and self._width > 1 else data
        if not text:
            return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
        try:
            frame = pl.read_csv(
                text,
                has_header=False,
                schema=dict.fromkeys(names, pl.String),
                separator=self._delimiter,
                quote_char='"' if b'"' in text else None,
                infer_schema=False,
                empty_string_is_null=False,
                raise_if_empty=False,
            )
        except pl.exceptions.PolarsError:
            # Its message quotes the cell it stumbled over.
            raise self._unparsable(data, row) from None
        if frame.height != cut.records:
            raise complaint.changed()
        # Whoever looks at a column from here on would join its pieces anew each time.
        return frame.rechunk()

    def _unparsable(self, data: bytes, row: int) -> SourceUnreadable:
        found = analyse(data, ord(self._delimiter), self._width, self._limits.max_cell)
        if found.ragged is not None:
            return complaint.ragged(row + found.ragged[0], found.ragged[1], self._width)
        return SourceUnreadable(
            "表格中有无法解析的引号或分隔符。请重新导出为 CSV（UTF-8）。",
            "A quote or delimiter in the table cannot be parsed. Export the file again as CSV (UTF-8).",
        )
