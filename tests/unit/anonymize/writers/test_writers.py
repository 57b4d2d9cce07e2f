"""Every writer: cells come back equal, and size and digest are those of the bytes."""

import csv
import gzip
import hashlib
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize import open_table
from anonymize.errors import WrongUse
from anonymize.writers import FORMATS, USUAL_FORMATS, Fanout, FieldSpec, open_writer, settle, table_schema
from anonymize.writers.xlsx import MAX_CELL, XlsxWriter

NAMES = ["姓名", '备"注<&', "a,b"]
FIELDS = [FieldSpec(name) for name in NAMES]
CELLS = st.text(
    st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\r\n\t\"'&<>,"), max_size=12
)
# Excel would run these; the CSV marks them, see below.
SAFE = CELLS.map(lambda t: t.lstrip("=+-@\t\r"))


def written(format: str, frame: pl.DataFrame, fields: list[FieldSpec], batch: int = 2) -> bytes:
    stream = io.BytesIO()
    writer = open_writer(format, stream, fields)
    for start in range(0, frame.height, batch):
        writer.write(frame.slice(start, batch))
    writer.close()
    writer.close()
    data = stream.getvalue()
    assert writer.size == len(data)
    assert writer.sha256 == hashlib.sha256(data).hexdigest()
    assert writer.rows == frame.height
    assert not stream.closed
    return data


@given(st.lists(st.tuples(*[st.text('a张1 ,"\r\n', max_size=3)] * 2), min_size=1, max_size=4))
def test_csv_stands_in_quotes_where_it_has_to_and_nowhere_else(rows: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(rows, schema=["a", "b"], orient="row")

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text

    expected = "\ufeffa,b\r\n" + "".join(f"{cell(a)},{cell(b)}\r\n" for a, b in rows)
    safe = [row for row in rows if not any(text.startswith("\r") for text in row)]
    if safe == rows:
        assert written("csv", frame, [FieldSpec("a"), FieldSpec("b")], len(rows)).decode() == expected


def read_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_json(data: bytes) -> list[list[str]]:
    rows = json.loads(data)
    return [NAMES, *(list(row.values()) for row in rows)]


def read_jsonl(data: bytes) -> list[list[str]]:
    return [NAMES, *(list(json.loads(line).values()) for line in data.splitlines())]


def read_xml(data: bytes) -> list[list[str]]:
    root = ET.fromstring(data)  # noqa: S314  our own output
    for row in root:
        assert [field.get("name") for field in row] == NAMES
    return [NAMES, *([field.text or "" for field in row] for row in root)]


def read_xlsx(data: bytes) -> list[list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [["" if v is None else v for v in row] for row in book.active.iter_rows(values_only=True)]


def read_parquet(data: bytes) -> list[list[str]]:
    frame = pl.read_parquet(data)
    return [frame.columns, *(list(row) for row in frame.rows())]


READERS: dict[str, Callable[[bytes], list[list[str]]]] = {
    "csv": read_csv,
    "json": read_json,
    "xml": read_xml,
    "xlsx": read_xlsx,
    "parquet": read_parquet,
    "jsonl": read_jsonl,
    "csv.gz": lambda data: read_csv(gzip.decompress(data)),
}
ANY_TABLE = sorted(READERS)


@pytest.mark.parametrize("format", ANY_TABLE)
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(SAFE, SAFE, SAFE), min_size=1, max_size=5))
def test_decoded_cells_are_equal_in_every_format(format: str, rows: list[tuple[str, str, str]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")
    assert READERS[format](written(format, frame, FIELDS)) == [NAMES, *map(list, rows)]


@pytest.mark.parametrize("format", ANY_TABLE)
def test_a_table_without_rows_is_still_a_file_of_its_format(format: str) -> None:
    frame = pl.DataFrame(schema=dict.fromkeys(NAMES, pl.String))
    assert READERS[format](written(format, frame, FIELDS)) == [NAMES]


@pytest.mark.parametrize("format", ANY_TABLE)
def test_batches_leave_no_trace_in_the_cells(format: str) -> None:
    frame = pl.DataFrame({name: [f"{name}{i}" for i in range(7)] for name in NAMES})
    assert READERS[format](written(format, frame, FIELDS, 1)) == READERS[format](
        written(format, frame, FIELDS, 7)
    )


def test_a_formula_is_marked_in_csv_and_the_count_is_kept() -> None:
    harmless = ["-5", "+86", "-", "--", "-1,234.5", "1e5", "+8613800138000"]
    formulas = ["=1+1", "+A1", "-x", "@SUM(A1)", "+86-27-1"]
    cells = harmless + formulas
    frame = pl.DataFrame({"a": cells, "b": cells})
    stream = io.BytesIO()
    writer = open_writer("csv", stream, [FieldSpec("a"), FieldSpec("b")])
    writer.write(frame)
    writer.close()
    shown = [row[0] for row in read_csv(stream.getvalue())[1:]]
    assert shown == [*harmless, *("'" + cell for cell in formulas)]
    assert writer.notes.neutralised == {"a": 5, "b": 5}


def test_a_formula_is_text_in_xlsx() -> None:
    frame = pl.DataFrame({"a": ["=1+1"]})
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", frame, [FieldSpec("a")])))
    assert book.active["A2"].data_type == "s"
    assert book.active["A2"].value == "=1+1"


def test_an_empty_cell_of_a_single_column_is_still_a_record() -> None:
    frame = pl.DataFrame({"a": ["x", "", "y"]})
    assert read_csv(written("csv", frame, [FieldSpec("a")])) == [["a"], ["x"], [""], ["y"]]


TYPED = pl.DataFrame(
    {
        "整数": ["1", "", "-20"],
        "小数": ["12.50", "0.10", ""],
        "混合": ["1", "2.5", "10"],
        "日期": ["2024-02-29", "", "1999-12-31"],
        "时刻": ["2024-02-29 01:02:03", "", "2024-01-01 00:00:00"],
        "真假": ["true", "false", ""],
        "编码": ["007", "008", "009"],
        "坏日期": ["2024-02-30", "2024-01-01", ""],
        "空": ["", "", ""],
    }
)
DECLARED = ["integer", "decimal", "decimal", "date", "datetime", "boolean", "integer", "date", "integer"]


def typed_fields() -> list[FieldSpec]:
    return list(
        settle(
            (TYPED.slice(i, 1) for i in range(3)),
            [FieldSpec(name, kind) for name, kind in zip(TYPED.columns, DECLARED, strict=True)],  # type: ignore[arg-type]
        )
    )


def test_a_column_takes_its_type_only_when_every_cell_bears_it_out() -> None:
    settled = {f.name: (f.declared_type, f.scale) for f in typed_fields()}
    assert settled == {
        "整数": ("integer", None),
        "小数": ("decimal", 2),
        "混合": ("decimal", None),
        "日期": ("date", None),
        "时刻": ("datetime", None),
        "真假": ("boolean", None),
        "编码": ("text", None),
        "坏日期": ("text", None),
        "空": ("text", None),
    }


def test_parquet_is_typed_and_loses_nothing() -> None:
    frame = pl.read_parquet(written("parquet", TYPED, typed_fields()))
    assert [str(t) for t in frame.dtypes][:3] == ["Int64", "Decimal(precision=38, scale=2)", "Float64"]
    assert frame["小数"].cast(pl.String).fill_null("").to_list() == TYPED["小数"].to_list()
    assert frame["整数"].to_list() == [1, None, -20]
    assert frame["日期"].cast(pl.String).fill_null("").to_list() == TYPED["日期"].to_list()
    assert frame["编码"].to_list() == ["007", "008", "009"]
    assert frame["空"].to_list() == ["", "", ""]


def test_parquet_refuses_a_type_that_does_not_hold() -> None:
    with pytest.raises(WrongUse, match="编码"):
        written("parquet", TYPED.select("编码"), [FieldSpec("编码", "integer")])


def test_xlsx_has_numbers_and_dates_where_nothing_is_lost() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", TYPED, typed_fields()))).active
    row = [cell.value for cell in sheet[2]]
    assert row[:3] == [1, 12.5, 1]
    assert row[3].date().isoformat() == "2024-02-29"
    assert row[4].isoformat() == "2024-02-29T01:02:03"
    assert row[5:] == ["true", "007", "2024-02-30", None]


def test_xlsx_keeps_a_long_number_as_text() -> None:
    frame = pl.DataFrame({"n": ["1234567890123456", "123456789012345"]})
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", frame, [FieldSpec("n", "integer")]))).active
    assert [sheet["A2"].value, sheet["A3"].value] == ["1234567890123456", 123456789012345]


def test_xlsx_goes_on_with_another_sheet() -> None:
    stream = io.BytesIO()
    writer = XlsxWriter(stream, [FieldSpec("a")], max_rows=3)
    writer.write(pl.DataFrame({"a": [str(i) for i in range(8)]}))
    writer.close()
    book = openpyxl.load_workbook(stream)
    cells = [[c.value for c in sheet["A"]] for sheet in book]
    assert cells == [["a", "0", "1", "2"], ["a", "3", "4", "5"], ["a", "6", "7"]]


def test_xlsx_cuts_a_cell_that_excel_would_call_damaged_and_says_so() -> None:
    stream = io.BytesIO()
    writer = XlsxWriter(stream, [FieldSpec("a")])
    writer.write(pl.DataFrame({"a": ["字" * (MAX_CELL + 1), "短"]}))
    writer.close()
    assert writer.notes.shortened == {"a": 1}
    assert len(openpyxl.load_workbook(stream).active["A2"].value) == MAX_CELL


@pytest.mark.parametrize("format", ["xml", "xlsx"])
def test_a_control_character_is_replaced_and_counted(format: str) -> None:
    stream = io.BytesIO()
    writer = open_writer(format, stream, [FieldSpec("a"), FieldSpec("b")])
    writer.write(pl.DataFrame({"a": ["x\x01y"], "b": ["z"]}))
    writer.close()
    assert writer.notes.replaced == {"a": 1}
    assert "\ufffd".encode() in stream.getvalue() or format == "xlsx"


def test_every_format_but_geojson_takes_any_table() -> None:
    assert set(ANY_TABLE) == set(FORMATS) - {"geojson"}
    assert set(USUAL_FORMATS) <= set(ANY_TABLE)


def test_the_same_table_gives_the_same_gzip_whenever_it_is_written() -> None:
    frame = pl.DataFrame({name: ["x"] for name in NAMES})
    data = written("csv.gz", frame, FIELDS)
    assert data == written("csv.gz", frame, FIELDS)
    assert data[4:8] == bytes(4)


def test_a_decimal_that_a_double_would_shorten_stays_text() -> None:
    frame = pl.DataFrame({"a": ["2.50", "3"], "b": ["2.5", "3"]})
    settled = settle([frame], [FieldSpec("a", "decimal"), FieldSpec("b", "decimal")])
    assert [f.declared_type for f in settled] == ["text", "decimal"]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(WrongUse, match="docx"):
        open_writer("docx", io.BytesIO(), FIELDS)


def test_the_table_schema_carries_titles_types_and_descriptions() -> None:
    schema = table_schema(
        [FieldSpec("金额", "decimal", description="元"), FieldSpec("日期", "date", title="审批日期")]
    )
    assert [f["type"] for f in schema["fields"]] == ["number", "date"]
    assert schema["fields"][0]["description"] == "元"
    assert schema["fields"][1]["title"] == "审批日期"
    assert schema["missingValues"] == [""]


def _feed(out: Fanout, frame: pl.DataFrame, times: int, then: Exception | None = None) -> None:
    for _ in range(times):
        out.put(frame)
    if then is not None:
        raise then


class _Broken(io.BytesIO):
    def write(self, data: object) -> int:
        raise OSError("disk full")


def test_the_error_of_one_writer_reaches_the_caller_and_stops_the_others() -> None:
    good = open_writer("json", io.BytesIO(), FIELDS)
    bad = open_writer("json", _Broken(), FIELDS)
    frame = pl.DataFrame({name: ["x"] for name in NAMES})
    with pytest.raises(OSError, match="disk full"), Fanout([good, bad]) as out:
        _feed(out, frame, 50)


def test_writers_are_not_finished_when_the_producer_fails() -> None:
    stream = io.BytesIO()
    writer = open_writer("json", stream, FIELDS)
    frame = pl.DataFrame({name: ["x"] for name in NAMES})
    with pytest.raises(ValueError, match="source"), Fanout([writer]) as out:
        _feed(out, frame, 1, then=ValueError("source"))
    assert not stream.getvalue().endswith(b"]\n")


ABOUT = {"licence": "urn:x:licence", "agreement": "晋-2026-1 ?> <b>", "download": "7"}


@pytest.mark.parametrize("format", USUAL_FORMATS)
def test_what_a_file_says_of_itself_is_no_data(format: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"编号": ["007", "008"], "姓名": ["甲", "乙"]})
    fields, stream = [FieldSpec("编号"), FieldSpec("姓名")], io.BytesIO()
    writer = open_writer(format, stream, fields, ABOUT)
    writer.write(frame)
    writer.close()
    path = tmp_path / f"data.{format}"
    path.write_bytes(stream.getvalue())
    table = open_table(path)
    assert table.columns == ("编号", "姓名")
    assert [row for batch in table.batches() for row in batch.iter_rows()] == frame.rows()


def test_xlsx_xml_and_parquet_say_it_and_an_empty_table_too() -> None:
    said = {}
    for format in ("xlsx", "xml", "parquet"):
        stream = io.BytesIO()
        open_writer(format, stream, [FieldSpec("编号")], ABOUT).close()
        said[format] = stream.getvalue()
    book = openpyxl.load_workbook(io.BytesIO(said["xlsx"]))
    assert book.sheetnames == ["数据", "许可 Licence"]
    assert {row[0].value: row[1].value for row in book["许可 Licence"]} == ABOUT
    assert {each.name: each.value for each in book.custom_doc_props.props} == ABOUT
    metadata = pq.read_metadata(io.BytesIO(said["parquet"])).metadata
    assert {name: metadata[name.encode()].decode() for name in ABOUT} == ABOUT
    text = said["xml"].decode()
    assert "<?licence urn:x:licence?>" in text
    assert list(ET.fromstring(text)) == []  # noqa: S314 - written above


def test_the_sheet_about_a_workbook_stands_behind_all_sheets_of_data() -> None:
    stream = io.BytesIO()
    writer = XlsxWriter(stream, [FieldSpec("编号")], max_rows=2)
    writer.about = ABOUT
    writer.write(pl.DataFrame({"编号": list("abcde")}))
    writer.close()
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    assert book.sheetnames == ["数据", "数据2", "数据3", "许可 Licence"]
    assert [[cell.value for cell in row] for row in book["数据3"]] == [["编号"], ["e"]]
    assert book["许可 Licence"]["B1"].value == ABOUT["licence"]
