"""Every reader under the contract of ``contract.py``, in the plain and in compressed files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import strategies as st

from anonymize.readers import open_table
from tests.factories import sources
from tests.unit.anonymize.readers.contract import HEADER, NASTY, ROWS, ReaderContract

Rows = Sequence[Sequence[str]]
#: A worksheet has no empty row at its end, reads _x0041_ as a character, and holds no other controls.
SHEET = NASTY.filter(lambda text: "_x" not in text and text.strip() != "")


class TestCsv(ReaderContract):
    form = "csv"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.delimited(header, rows)


class TestTsvInGb18030(ReaderContract):
    form = "tsv"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.delimited(header, rows, "\t", "gb18030")


class TestCaretInUtf16(ReaderContract):
    form = "csv"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.delimited(header, rows, "^", "utf-16")


class TestXlsx(ReaderContract):
    form = "xlsx"
    values = SHEET

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.xlsx(header, rows)


class TestXls(ReaderContract):
    form = "xls"
    values = SHEET

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.xls(header, rows)


class TestJson(ReaderContract):
    form = "json"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.json_array(header, rows)


class TestJsonInsideObjects(ReaderContract):
    form = "json"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.json_wrapped(header, rows)


class TestJsonLines(ReaderContract):
    form = "jsonl"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.json_lines(header, rows)


class TestXml(ReaderContract):
    form = "xml"
    values = NASTY.filter(lambda text: not any(char in text for char in "\ufffe\uffff"))

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.xml(header, rows)


class TestParquet(ReaderContract):
    form = "parquet"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.parquet(header, rows)


class TestGeoJson(ReaderContract):
    form = "geojson"
    header = (*HEADER, "geometry")
    rows = tuple((*row, place) for row, place in zip(ROWS, ["POINT (114.25 30.5)", ""] * 4, strict=False))

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.geojson(header, rows)

    def some_rows(self, data: st.DataObject) -> list[tuple[str, ...]]:
        places = st.one_of(st.just(""), st.tuples(st.integers(73, 136), st.integers(3, 54)))
        return [
            (*row[:-1], f"POINT ({place[0]}.5 {place[1]}.25)" if (place := data.draw(places)) else "")
            for row in super().some_rows(data)
        ]


class TestSqlite(ReaderContract):
    name = None
    form = "sqlite"
    header = ("number", *HEADER)
    rows = tuple((str(i), *row) for i, row in enumerate(ROWS))

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> str:
        return sources.sqlite(header[1:], [row[1:] for row in rows], folder / "a.db")

    def test_a_stream_stays_open_and_nothing_is_written_beside(self, tmp_path: Path) -> None:
        """A database has no stream; but a journal beside it would hold rows."""
        table = self.opened(tmp_path)
        assert sum(frame.height for frame in table.batches()) == len(self.rows)
        assert [path.name for path in tmp_path.iterdir()] == ["a.db"]

    def expected(self, rows: Rows) -> list[tuple[str, ...]]:
        return [(str(i), *row[1:]) for i, row in enumerate(rows)]


class _Packed(TestCsv):
    packing: str

    @property
    def form(self) -> str:  # type: ignore[override]
        return f"csv.{self.packing}"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.PACKINGS[self.packing](sources.delimited(header, rows))


class TestGzip(_Packed):
    packing = "gz"


class TestBzip2(_Packed):
    packing = "bz2"


class TestXz(_Packed):
    packing = "xz"


class TestZstd(_Packed):
    packing = "zst"


class TestZip(_Packed):
    packing = "zip"


class TestParquetInZip(ReaderContract):
    form = "parquet.zip"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        return sources.zipped(sources.parquet(header, rows), "数据/名单.parquet")


class TestXmlInGb18030InGzip(TestXml):
    form = "xml.gz"

    def source(self, header: Sequence[str], rows: Rows, folder: Path) -> bytes:
        text = sources.xml(header, rows).decode()
        declared = text.replace("utf-8", "GB18030", 1)
        return sources.PACKINGS["gz"](declared.encode("gb18030"))


@pytest.mark.parametrize("packing", [None, *sources.PACKINGS])
def test_size_and_digest_are_those_of_the_file_as_it_came(packing: str | None) -> None:
    data = sources.json_array(HEADER, ROWS)
    data = sources.PACKINGS[packing](data) if packing else data
    info = open_table(io.BytesIO(data), "名单").info
    assert (info.size, info.sha256) == (len(data), hashlib.sha256(data).hexdigest())
