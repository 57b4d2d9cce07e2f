"""XLS of Excel 97-2003: the same rules as XLSX, and what only this format does."""

from __future__ import annotations

import datetime
import io

import pytest

from anonymize.errors import SourceUnreadable, WrongUse
from anonymize.readers import Table, open_table
from tests.factories import sources
from tests.factories.xls import Cell, workbook


def opened(rows: list[list[Cell]], name: str = "名单.xls", sheet: str | None = None) -> Table:
    return open_table(io.BytesIO(workbook(rows)), name, sheet=sheet)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row for frame in table.batches() for row in frame.rows()]


def test_numbers_dates_and_booleans_become_canonical_text() -> None:
    table = opened(
        [["整数", "小数", "文本", "日", "真假"], [13800138000, 12.5, "007", datetime.date(1990, 3, 7), True]]
    )
    assert table.info.format == "xls"
    assert cells(table) == [("13800138000", "12.5", "007", "1990-03-07", "TRUE")]


def test_text_that_looks_like_a_moment_is_left_alone() -> None:
    rows: list[list[Cell]] = [["编号", "时刻"], ["a", "1990-03-07 00:00:00"]]
    assert cells(opened(rows)) == [("a", "1990-03-07 00:00:00")]


def test_titles_and_notes_are_taken_off() -> None:
    table = opened(
        [
            ["某县发放名单", "", ""],
            ["编号", "名称", "金额"],
            [1, "甲", 2],
            [2, "乙", 3],
            ["注：截至三月", "", ""],
        ]
    )
    assert table.columns == ("编号", "名称", "金额")
    assert cells(table) == [("1", "甲", "2"), ("2", "乙", "3")]
    assert "某县发放名单" in table.surroundings


def test_identity_numbers_stored_as_numbers_are_reported_as_damaged() -> None:
    table = opened([["编号", "证件"], ["a", 110101199003070011], ["b", "110101199003070038"]])
    assert any("1 个 16 位及以上的数字" in note.zh for note in table.notes)


def test_many_rows_are_read() -> None:
    assert opened([["编号", "名称"], *[[i, f"甲{i}"] for i in range(20_000)]]).info.rows == 20_000


def test_a_password_is_told_from_damage() -> None:
    with pytest.raises(SourceUnreadable, match="password"):
        open_table(io.BytesIO(workbook([["a", "b"], [1, 2]], protected=True)), "a.xls")
    with pytest.raises(SourceUnreadable, match="damaged"):
        open_table(io.BytesIO(workbook([["a", "b"], [1, 2]])[:2_000]), "a.xls")


def test_the_extension_may_be_wrong_in_both_directions() -> None:
    table = opened([["a", "b"], [1, 2]], "a.xlsx")
    assert cells(table) == [("1", "2")]
    assert "XLS" in table.notes[0].zh
    other = open_table(io.BytesIO(sources.xlsx(["a", "b"], [("1", "2")])), "a.xls")
    assert "XLSX" in other.notes[0].zh


def test_a_sheet_can_be_asked_for() -> None:
    assert opened([["a", "b"], [1, 2]], sheet="名单").info.rows == 1
    with pytest.raises(WrongUse, match="Sheet2"):
        opened([["a", "b"], [1, 2]], sheet="Sheet2")
