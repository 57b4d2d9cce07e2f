"""What leaves is what was scanned: a source that changes between two readings is refused."""

from __future__ import annotations

import gzip
import io
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import anonymize
from anonymize.errors import SourceUnreadable
from anonymize.readers import Limits, open_table

ROWS = 400
FRAME = pl.DataFrame(
    {"序号": [f"{n:04d}" for n in range(ROWS)], "状态": ["已办结办理中"] * ROWS, "结果": ["同意"] * ROWS}
)
SMALL = Limits(batch_bytes=2_000)


def written(write: Callable[[pl.DataFrame], bytes]) -> tuple[bytes, bytes]:
    """The file, and one of the same kind with a telephone number in one cell."""
    other = FRAME.with_columns(
        pl.when(pl.col("序号") == "0300").then(pl.lit("13800138000电话号")).otherwise("状态").alias("状态")
    )
    return write(FRAME), write(other)


def csv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()


def parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out, compression="uncompressed")
    return out.getvalue()


FORMATS: dict[str, Callable[[pl.DataFrame], bytes]] = {
    "表.csv": csv,
    "表.gb.csv": lambda frame: frame.write_csv().encode("gb18030"),
    "表.csv.gz": lambda frame: gzip.compress(csv(frame)),
    "表.jsonl": lambda frame: frame.write_ndjson().encode(),
    "表.json": lambda frame: frame.write_json().encode(),
    "表.parquet": parquet,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_changes_after_it_was_opened_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    before, after = written(FORMATS[name])
    path.write_bytes(before)
    table = open_table(path, limits=SMALL)
    assert sum(batch.height for batch in table.batches()) == ROWS
    path.write_bytes(after)
    with pytest.raises(SourceUnreadable):
        list(table.batches())


def test_a_cell_that_was_exchanged_after_the_scan_does_not_leave(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(csv(FRAME))
    table = open_table(path)
    findings = anonymize.scan(table)
    policy = anonymize.suggest(findings)
    assert policy.rule("状态").operator.name == "keep"
    same_length = "电13800138000".encode().ljust(len("已办结办理中".encode()))
    path.write_bytes(path.read_bytes().replace("已办结办理中".encode(), same_length, 3))
    out = io.BytesIO()
    sink = anonymize.open_writer("csv", out, anonymize.published_fields(policy, table.columns))
    with pytest.raises(SourceUnreadable):
        anonymize.apply(table, policy, [sink], findings=findings)
    assert b"13800138000" not in out.getvalue()


def test_a_file_that_another_one_replaces_is_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "表.csv", tmp_path / "另一.csv"
    for one in (path, other):
        one.write_bytes(csv(FRAME))
    table = open_table(path)
    other.replace(path)
    with pytest.raises(SourceUnreadable):
        list(table.batches())


def test_a_file_that_changes_while_it_is_read_is_refused_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(csv(FRAME))
    table = open_table(path, limits=SMALL)
    batches = table.batches()
    next(batches)
    with path.open("r+b") as file:
        file.write("号序".encode())
    with pytest.raises(SourceUnreadable):
        list(batches)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_stream_that_gives_other_bytes_of_the_same_length_is_refused(encoding: str) -> None:
    stream = io.BytesIO(FRAME.write_csv().encode(encoding))
    table = open_table(stream, name="表.csv", limits=SMALL)
    stream.getbuffer()[-20:-14] = b"123456"
    with pytest.raises(SourceUnreadable):
        list(table.batches())


def test_another_machine_reads_a_copy_with_other_times_and_refuses_other_bytes(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(csv(FRAME))
    table = open_table(path, limits=SMALL)
    os.utime(path, (0, 0))
    elsewhere = pickle.loads(pickle.dumps(table))  # noqa: S301  written by the line itself
    assert elsewhere.part(1)[0].equals(list(pickle.loads(pickle.dumps(table)).batches())[1])  # noqa: S301
    path.write_bytes(path.read_bytes().replace("办结".encode(), "结办".encode()))
    with pytest.raises(SourceUnreadable):
        pickle.loads(pickle.dumps(elsewhere)).part(1)  # noqa: S301
