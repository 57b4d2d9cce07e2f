"""Parquet: every type as the text that the reference says, and small files that unfold to much."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.errors import SourceUnreadable
from anonymize.readers import Limits, Table, open_table
from anonymize.writers import FieldSpec, open_writer, settle

UTC = datetime.timezone.utc
MOMENT = datetime.datetime(2024, 1, 31, 8, 0, 0)


def opened(table: pa.Table, limits: Limits | None = None, **options: Any) -> Table:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return open_table(io.BytesIO(out.getvalue()), "名单.parquet", limits)


def column(values: list[Any], kind: pa.DataType | None = None) -> list[str]:
    (frame,) = opened(pa.table({"a": pa.array(values, kind)})).batches()
    return frame["a"].to_list()


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, -20, None], pa.int32(), ["1", "-20", ""]),
        ([2**64 - 1], pa.uint64(), ["18446744073709551615"]),
        ([1.0, 2.5, 1e20, 1e-5, None], pa.float64(), ["1", "2.5", "100000000000000000000", "0.00001", ""]),
        ([0.1], pa.float32(), ["0.1"]),
        ([Decimal("12.50"), Decimal("0.00")], pa.decimal128(10, 2), ["12.50", "0.00"]),
        ([True, False, None], pa.bool_(), ["true", "false", ""]),
        ([datetime.date(2024, 1, 31), datetime.date(1, 1, 1)], pa.date32(), ["2024-01-31", "0001-01-01"]),
        ([MOMENT], pa.timestamp("ns"), ["2024-01-31 08:00:00"]),
        ([MOMENT.replace(microsecond=1500)], pa.timestamp("us"), ["2024-01-31 08:00:00.001500"]),
        ([MOMENT.replace(tzinfo=UTC)], pa.timestamp("ms", "Asia/Shanghai"), ["2024-01-31 16:00:00+08:00"]),
        ([datetime.time(8, 30)], pa.time64("us"), ["08:30:00"]),
        (["张", "", None], pa.string(), ["张", "", ""]),
        (["张", None], pa.large_string(), ["张", ""]),
        (["甲", "乙", "甲"], pa.dictionary(pa.int8(), pa.string()), ["甲", "乙", "甲"]),
        ([b"abc", b"\xff\x00"], pa.binary(), ["abc", "ff00"]),
        ([[1, None], [], None], pa.list_(pa.int64()), ["[1,null]", "[]", ""]),
        ([[("k", 1.5)]], pa.map_(pa.string(), pa.float64()), ['{"k":1.5}']),
        ([None, None, None], pa.null(), ["", "", ""]),
    ],
)
def test_every_type_has_one_text(values: list[Any], kind: pa.DataType, expected: list[str]) -> None:
    assert column(values, kind) == expected


def test_a_structure_becomes_columns() -> None:
    table = opened(pa.table({"人": [{"名": "甲", "住": {"区": "江岸"}}, None]}))
    assert table.columns == ("人.名", "人.住.区")
    assert next(iter(table.batches())).rows() == [("甲", "江岸"), ("", "")]


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(SourceUnreadable, match="same name"):
        opened(pa.Table.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["a", "a"]))
    with pytest.raises(SourceUnreadable, match="same name"):
        opened(pa.table({"a": [{"b": "x"}], "a.b": ["y"]}))


def test_a_small_file_that_repeats_a_long_text_is_unfolded_in_slices() -> None:
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), pa.array(["长" * 300_000]))
    table = opened(pa.table({"a": long}), store_schema=False)
    assert table.info.size < 100_000
    frames = [frame.height for frame in table.batches()]
    assert sum(frames) == 2_000
    assert max(frames) < 100


def test_a_file_cut_off_is_refused() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"a": ["x"] * 100}), out)
    for data in (out.getvalue()[:-20], b"PAR1" + out.getvalue()[:40], b"PAR1PAR1"):
        with pytest.raises(SourceUnreadable, match="Parquet file is damaged"):
            open_table(io.BytesIO(data), "a.parquet")


def test_too_many_rows_are_refused_by_the_footer() -> None:
    with pytest.raises(SourceUnreadable, match="more than 10 rows"):
        opened(pa.table({"a": ["x"] * 11}), Limits(max_rows=10))


NUMBERS = st.one_of(
    st.integers(-(10**17), 10**17).map(str),
    st.decimals(-(10**9), 10**9, places=3, allow_nan=False).map(lambda d: f"{d:f}"),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: format(Decimal(repr(round(x, 6))), "f")),
)


@given(st.lists(st.one_of(st.just(""), NUMBERS), min_size=1, max_size=8))
def test_what_our_writer_types_comes_back_as_the_same_text(values: list[str]) -> None:
    frame = pl.DataFrame({"a": values, "b": ["x"] * len(values)})
    for declared in ("integer", "decimal"):
        fields = settle([frame], [FieldSpec("a", declared), FieldSpec("b")])  # type: ignore[arg-type]
        out = io.BytesIO()
        writer = open_writer("parquet", out, fields)
        writer.write(frame)
        writer.close()
        (again,) = open_table(io.BytesIO(out.getvalue()), "a.parquet").batches()
        assert again["a"].to_list() == values
