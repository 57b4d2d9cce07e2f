"""Asked of many columns at once, every recognizer says of each what it says of it alone."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.detect import gather
from anonymize.detect.batch import Batch
from anonymize.detect.profile import ColumnProfile
from anonymize.recognizers.normal import canonical
from anonymize.recognizers.registry import recognizers

VALUES = st.one_of(
    st.sampled_from(
        [
            "11010519491231002X",
            "110105194912310021",
            "13800138000",
            "138 0013 8000",
            "+86 138-0013-8000",
            "6222021234567890128",
            "4539 1488 0343 6467",
            "张三",
            "欧阳修(科长)、李四",
            "阿卜杜拉·买买提",
            "湖北省武汉市洪山区珞喻路1号3单元402室",
            "某某公司",
            "a.b@qq.com",
            "京A12345",
            "E12345678",
            "2024-02-29",
            "0351-1234567",
            "192.168.0.1",
            "fe80::1",
            "高血压",
            "汉族",
            "45岁",
            "112.345678,37.123456",
            "G11010519491231002X",
            "９１１１",
            "",
        ]
    ),
    st.text("0123456789X-. 张李路号栋@a", max_size=12),
)
COLUMN = st.lists(VALUES, max_size=8)


@given(COLUMN, COLUMN)
def test_a_recognizer_looks_at_one_value_at_a_time(one: list[str], other: list[str]) -> None:
    pieces = [canonical(pl.Series(cells, dtype=pl.String)) for cells in (one, other)]
    for entity, recognizer in recognizers().items():
        for question in (recognizer.validate, recognizer.shape):
            together = question(pl.concat(pieces, rechunk=True)).to_list()
            assert together == [answer for piece in pieces for answer in question(piece)], entity


def profiles(columns: list[list[str]]) -> list[ColumnProfile]:
    found = []
    for index, cells in enumerate(columns):
        profile = ColumnProfile(index, f"列{index}", 1_000)
        profile.feed(pl.Series(cells, dtype=pl.String))
        found.append(profile)
    return found


def told(evidence: gather.Evidence) -> tuple[object, ...]:
    values = evidence.values.to_list()
    by_kind = [
        {entity: dict(zip(values, mask.to_list(), strict=True)) for entity, mask in masks.items()}
        for masks in (evidence.masks, evidence.shapes)
    ]
    names = evidence.names_given, evidence.names_top, evidence.names_body
    return *by_kind, evidence.prose, evidence.regions, evidence.organisations, evidence.coded, names


@given(st.lists(COLUMN, max_size=4))
def test_columns_are_judged_together_as_one_by_one(columns: list[list[str]]) -> None:
    alone = [gather.gather([profile])[0] for profile in profiles(columns)]
    assert [told(e) for e in gather.gather(profiles(columns))] == [told(e) for e in alone]


def test_many_values_are_asked_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [[f"1380013{n:04d}" for n in range(40)], ["张三", "李四"] * 9, ["甲", "乙"], ["007"] * 3]
    whole = [told(e) for e in gather.gather(profiles(columns))]
    monkeypatch.setattr(gather, "_TOGETHER", 3)
    assert [told(e) for e in gather.gather(profiles(columns))] == whole


def test_a_batch_tells_the_different_cells_and_their_rows() -> None:
    batch = Batch(pl.DataFrame({"a": ["x", "y", "x", ""], "b": [f"{n}" for n in range(4)]}))
    values, counts = batch["a"].reduced
    assert counts is not None
    assert dict(zip(values, counts, strict=True)) == {"x": 2, "y": 1, "": 1}
    assert batch["a"].facts.longest == 1
    assert batch["a"].few is not None
    varied = Batch(pl.DataFrame({"c": [f"{n}" for n in range(3_000)]}))["c"]
    assert varied.reduced[1] is None
    assert varied.few is None
