"""Repeats of a row's own name or address are counted as if every row had been compared."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import anonymize
from anonymize.detect.across import Repeats
from anonymize.detect.batch import Batch
from anonymize.readers import Limits

NAMES = st.sampled_from(["张三", " 李四光 ", "欧阳修", "王", "", "Smith", "张三\u3000", "建设路12号"])
TEXTS = st.sampled_from(
    [
        "",
        "无",
        "经手张三",
        "李四光家",
        "Smith Lee",
        "张 三",
        "欧阳",
        "住建设路12号3栋",
        "7",
        "王",
        "张三",
        "\u3000张三\u3000",
    ]
)


@given(st.lists(st.tuples(NAMES, TEXTS, TEXTS), max_size=8), st.integers(0, 8), st.booleans())
def test_counts_are_those_of_every_row(rows: list[tuple[str, str, str]], cut: int, many: bool) -> None:
    if many:  # so many different texts that they are not searched as a set
        rows = [*rows, *(("", f"第{n}行", f"{n}") for n in range(120))]
    frame = pl.DataFrame(rows, schema=["name", "a", "b"], orient="row", schema_overrides={"name": pl.String})
    frame = frame.cast(pl.String)
    repeats = Repeats(["name"], ["a", "b"])
    repeats.feed_all(iter([Batch(frame.head(cut)), Batch(frame.slice(cut))]))
    for index, text in enumerate(("a", "b"), start=1):
        expected = sum(len(row[0].strip()) >= 2 and row[0].strip() in row[index] for row in rows)
        assert repeats.rows["name", text] == expected


def test_what_looks_like_a_name_is_guessed_and_numbers_may_turn_out_to_be_texts() -> None:
    frame = pl.DataFrame({"n": ["张三", "李四光"] * 9, "no": ["7"] * 18, "kind": ["甲类", "乙类"] * 9})
    guess = Repeats.guessed(Batch(frame))
    assert guess.covers(["n"], ["kind", "no"])
    assert not guess.covers(["kind"], ["n"])


def test_a_large_table_with_a_serial_number_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    table = _table("7", 8 << 10)
    readings = []
    batches = table.batches
    monkeypatch.setattr(table, "batches", lambda: readings.append(1) or batches())
    anonymize.scan(table)
    assert len(readings) == 1


def _table(first_remark: str, batch: int = 16 << 10) -> anonymize.readers.Table:
    """Some thousand rows in several batches; in the second half remarks name the row's own person."""
    names = [f"{'王李张刘陈'[n % 5]}{'伟芳娜敏静丽强'[n % 7]}{'军洋勇艳杰'[n % 5]}" for n in range(6_000)]
    rows = [f"{name},{first_remark if n < 3_000 else f'由{name}领取'},{n}" for n, name in enumerate(names)]
    text = "\n".join(["姓名,方式,序号", *rows, ""])
    return anonymize.open_table(io.BytesIO(text.encode()), limits=Limits(batch_bytes=batch))


@pytest.mark.parametrize("first_remark", ["现场", "7", ""])
def test_a_repeat_is_found_whether_it_was_foreseen_or_not(first_remark: str) -> None:
    column = anonymize.scan(_table(first_remark)).columns[1]
    assert column.proposed.name == "redact"
    assert max(column.embedded.values()) == 3_000
