"""Delimited text: every dialect and encoding gives the cells that were written."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.readers import Limits, Table, open_table

HEADER = ["编号", "名称", "说明"]
ROWS = [["001", "东城 区", " 两边有空格 "], ["NULL", "", '引号"在中间'], ["-1", "换\n行", "a,b;c\td|e"]]


def encoded(
    rows: list[list[str]], *, delimiter: str = ",", newline: str = "\r\n", encoding: str = "utf-8"
) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows([HEADER, *rows])
    return out.getvalue().encode(encoding)


def cells(table: Table) -> list[list[str]]:
    return [list(row) for frame in table.batches() for row in frame.rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_cells_come_out_as_they_were_written(delimiter: str, newline: str, encoding: str) -> None:
    data = encoded(ROWS, delimiter=delimiter, newline=newline, encoding=encoding)
    table = open_table(io.BytesIO(data), name="表.csv")
    assert table.columns == tuple(HEADER)
    assert cells(table) == ROWS
    assert table.info.delimiter == delimiter
    assert table.info.rows == 3
    assert table.info.size == len(data)
    assert table.info.sha256 == hashlib.sha256(data).hexdigest()


TRADITIONAL = [[str(i), "陳大文", f"台北市中正區重慶南路一段{i}號"] for i in range(20)]
SIMPLIFIED = [[str(i), "欧阳文", f"湖北省武汉市江岸区沿江大道{i}号"] for i in range(20)]
RARE = [[str(i), "镕堃喆", f"昪珺璟玥{i}"] for i in range(20)]


@pytest.mark.parametrize("rows", [TRADITIONAL, SIMPLIFIED, RARE])
@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("gb18030", "GB18030"),
        ("cp950", "Big5"),
        ("utf-16-le", "UTF-16 LE"),
        ("utf-16-be", "UTF-16 BE"),
        ("utf-8", "UTF-8"),
    ],
)
def test_the_encoding_is_told_by_the_characters(rows: list[list[str]], encoding: str, label: str) -> None:
    if encoding == "cp950" and rows is not TRADITIONAL:
        with pytest.raises(UnicodeEncodeError):
            encoded(rows, encoding=encoding)
        return
    text = encoded(rows, encoding="utf-8").decode().replace("名称", "名稱").replace("编号,", "編號,")
    text = text.replace("说明", "說明")
    table = open_table(io.BytesIO(text.encode(encoding)), name="a.csv")
    assert table.info.encoding == label
    assert cells(table) == rows


def test_big5_behind_a_long_stretch_of_ascii_is_found() -> None:
    rows = [[str(i), "plain", "x" * 50] for i in range(40_000)] + TRADITIONAL
    data = b"a,b,c\r\n" + encoded(rows, encoding="utf-8").decode().split("\r\n", 1)[1].encode("cp950")
    table = open_table(io.BytesIO(data), name="a.csv")
    assert table.info.encoding == "Big5"
    assert cells(table)[-1] == TRADITIONAL[-1]


def test_a_few_characters_are_taken_for_gb18030() -> None:
    assert cells(open_table(io.BytesIO("a,b\n1,张\n".encode("gb18030")), name="a.csv")) == [["1", "张"]]


def test_a_table_can_be_walked_twice_and_leaves_the_stream_open() -> None:
    stream = io.BytesIO(encoded(ROWS))
    table = open_table(stream, name="a.csv")
    assert cells(table) == cells(table)
    assert not stream.closed
    assert isinstance(table, Table)


def test_every_frame_is_text_without_nulls() -> None:
    frame = next(iter(open_table(io.BytesIO(encoded(ROWS)), name="a.csv").batches()))
    assert set(frame.dtypes) == {pl.String}
    assert frame.null_count().row(0) == (0, 0, 0)


def test_batches_are_cut_at_records_and_not_at_line_feeds_inside_quotes() -> None:
    rows = [[str(i), f"第\n{i}\n行", '"' * (i % 4)] for i in range(2_000)]
    table = open_table(io.BytesIO(encoded(rows)), name="a.csv", limits=Limits(batch_bytes=1_000))
    assert cells(table) == rows
    assert len(list(table.batches())) > 10


def test_ascii_at_the_start_does_not_hide_gb18030_far_behind() -> None:
    rows = [[str(i), "plain", "x" * 50] for i in range(40_000)] + [["末", "尾", "张"]]
    data = b"a,b,c\r\n" + encoded(rows, encoding="gb18030").split(b"\r\n", 1)[1]
    table = open_table(io.BytesIO(data), name="a.csv")
    assert table.info.encoding == "GB18030"
    assert cells(table)[-1] == ["末", "尾", "张"]


def test_blank_lines_are_no_rows_and_empty_cells_are() -> None:
    table = open_table(io.BytesIO(b"a,b\n\n1,2\r\n\r\n,\n3,4\n\n"), name="a.csv")
    assert cells(table) == [["1", "2"], ["", ""], ["3", "4"]]


def test_the_last_line_may_lack_its_end() -> None:
    assert cells(open_table(io.BytesIO(b'a,b\n1,"x\ny"'), name="a.csv")) == [["1", "x\ny"]]


def test_titles_above_the_header_are_kept_apart() -> None:
    data = "某县补贴名单,,\n单位：民政局,日期：2024-03-01,\n编号,名称,金额\n1,甲,2\n".encode()
    table = open_table(io.BytesIO(data), name="a.csv")
    assert table.columns == ("编号", "名称", "金额")
    assert table.info.header_rows == 3
    assert "某县补贴名单" in table.surroundings[0]
    assert cells(table) == [["1", "甲", "2"]]


def test_empty_columns_at_the_right_are_left_out() -> None:
    table = open_table(io.BytesIO(b"a,b,,\n1,2,,\n3,4,,\n"), name="a.csv")
    assert table.columns == ("a", "b")
    assert cells(table) == [["1", "2"], ["3", "4"]]


def test_a_stray_quote_is_content() -> None:
    data = 'a,b\n5" 管,1\n"x ""y""",2\n'.encode()
    assert cells(open_table(io.BytesIO(data), name="a.csv")) == [['5" 管', "1"], ['x "y"', "2"]]


def test_old_mac_line_ends_are_read() -> None:
    assert cells(open_table(io.BytesIO(b"a,b\r1,2\r3,4\r"), name="a.csv")) == [["1", "2"], ["3", "4"]]


def test_years_and_dates_may_be_column_names() -> None:
    assert open_table(io.BytesIO(b"city,2019,2020,2021\nx,1,2,3\n"), name="a.csv").columns[1] == "2019"


def test_nothing_is_written_beside_the_source(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(encoded(ROWS))
    cells(open_table(path))
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029\x85")
    | st.sampled_from(list('",;\t|\n 张')),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=20), st.sampled_from([64, 1 << 20]))
def test_whatever_a_csv_writer_writes_is_read_back(rows: list[tuple[str, str, str]], batch: int) -> None:
    data = encoded([list(r) for r in rows])
    table = open_table(io.BytesIO(data), name="a.csv", limits=Limits(batch_bytes=batch))
    assert cells(table) == [list(r) for r in rows]
