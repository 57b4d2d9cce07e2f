"""What every reader must keep: subclass ``ReaderContract``, say how a table becomes a source, and be tested.

A subclass whose format cannot hold some characters says so by ``characters``.
"""

from __future__ import annotations

import io
import tempfile
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymize.errors import SourceUnreadable
from anonymize.readers import Limits, Table, open_table
from anonymize.writers import USUAL_FORMATS, FieldSpec, open_writer

HEADER = ("编号", "名 称", "说明")
ROWS = (
    ("001", "东城 区", " 两边有空格 "),
    ("NULL", "", '引号"在中间'),
    ("-1", "nan", "a,b;c\td|e^f"),
    ("1.50", "true", "<b>&amp;</b>"),
    ("2024-01-31", "１２３", "𠮷野家🀄"),
    ("", "", "{}"),
    ("1e5", "'单引号", "[1,2]"),
)
NASTY = st.one_of(
    st.sampled_from(
        ["", " ", "NULL", "null", "None", "0", "007", "1.0", "-0", "1e5", "TRUE", "false", "nan"]
    ),
    st.sampled_from(['"', "'", "''", '""', ",", "{", "]", "\\", "\\u0041", "&lt;", "]]>", "<!--", "_x0041_"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp")), max_size=12),
    st.text(st.sampled_from("张王李0123456789Xx-.,;\"'\\/"), max_size=20),
)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row for frame in table.batches() for row in frame.rows()]


class ReaderContract:
    """Cells come out as they went in, any number of times, and nothing else does."""

    name: ClassVar[str | None] = "名单"
    header: ClassVar[Sequence[str]] = HEADER
    rows: ClassVar[Sequence[Sequence[str]]] = ROWS
    form: ClassVar[str]
    values: ClassVar[st.SearchStrategy[str]] = NASTY
    long_cell: ClassVar[str] = "长" * 500

    @abstractmethod
    def source(self, header: Sequence[str], rows: Sequence[Sequence[str]], folder: Path) -> bytes | str:
        """The table as the bytes of a file, or as the URL of a database in ``folder``."""

    def opened(
        self,
        folder: Path,
        rows: Sequence[Sequence[str]] | None = None,
        limits: Limits | None = None,
        header: Sequence[str] | None = None,
    ) -> Table:
        made = self.source(
            self.header if header is None else header, self.rows if rows is None else rows, folder
        )
        return open_table(io.BytesIO(made) if isinstance(made, bytes) else made, self.name, limits)

    def expected(self, rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
        return [tuple(row) for row in rows]

    def test_cells_come_out_as_they_went_in(self, tmp_path: Path) -> None:
        table = self.opened(tmp_path)
        assert isinstance(table, Table)
        assert table.columns == tuple(self.header)
        assert cells(table) == self.expected(self.rows)
        assert table.info.rows == len(self.rows)
        assert table.info.columns == table.columns
        assert table.info.format == self.form
        assert len(table.info.sha256) == 64
        assert table.info.size > 0

    def test_every_pass_begins_again_at_row_one(self, tmp_path: Path) -> None:
        table = self.opened(tmp_path)
        next(iter(table.batches()))
        assert cells(table) == cells(table) == self.expected(self.rows)

    def test_frames_are_text_without_nulls(self, tmp_path: Path) -> None:
        for frame in self.opened(tmp_path).batches():
            assert set(frame.dtypes) == {pl.String}
            assert sum(frame.null_count().row(0)) == 0

    def test_small_batches_give_the_same_cells(self, tmp_path: Path) -> None:
        rows = list(self.rows) * 9
        table = self.opened(tmp_path, rows, Limits(batch_rows=4, batch_bytes=64, batch_cells=12))
        frames = list(table.batches())
        assert [row for frame in frames for row in frame.rows()] == self.expected(rows)
        assert len(frames) > 1

    def test_a_stream_stays_open_and_nothing_is_written_beside(self, tmp_path: Path) -> None:
        made = self.source(self.header, self.rows, tmp_path)
        assert isinstance(made, bytes)
        stream = io.BytesIO(made)
        before = {p for p in Path(tempfile.gettempdir()).iterdir() if p.is_file()}
        cells(open_table(stream, self.name))
        assert not stream.closed
        assert {p for p in Path(tempfile.gettempdir()).iterdir() if p.is_file()} <= before
        assert list(tmp_path.iterdir()) == []

    def test_the_bounds_on_rows_cells_and_columns_hold_and_repeat_no_cell(self, tmp_path: Path) -> None:
        rows = [*self.rows, *[(*row[:1], self.long_cell, *row[2:]) for row in self.rows[:1]]]
        for limits in (Limits(max_rows=3), Limits(max_cell=1_000), Limits(max_columns=2)):
            with pytest.raises(SourceUnreadable) as caught:
                self.opened(tmp_path, rows, limits)
            said = caught.value.zh + caught.value.en + repr(caught.value.as_dict())
            assert "长长" not in said
            assert "东城" not in said
            for leftover in tmp_path.iterdir():
                leftover.unlink()

    def test_a_table_without_rows_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(SourceUnreadable):
            self.opened(tmp_path, [])

    @settings(max_examples=15, suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow])
    @given(data=st.data())
    def test_nasty_cells_come_out_as_they_went_in(self, data: st.DataObject) -> None:
        rows = self.some_rows(data)
        with tempfile.TemporaryDirectory() as folder:
            assert cells(self.opened(Path(folder), rows)) == self.expected(rows)

    @pytest.mark.parametrize("format", [*USUAL_FORMATS, "jsonl", "csv.gz"])
    def test_untouched_cells_are_equal_in_every_format_that_is_written(
        self, tmp_path: Path, format: str
    ) -> None:
        table = self.opened(tmp_path)
        out = io.BytesIO()
        writer = open_writer(format, out, [FieldSpec(name) for name in table.columns])
        for frame in table.batches():
            writer.write(frame)
        writer.close()
        again = open_table(io.BytesIO(out.getvalue()), f"a.{writer.extension}")
        assert again.columns == table.columns
        assert cells(again) == cells(table)

    def some_rows(self, data: st.DataObject) -> list[tuple[str, ...]]:
        """Rows as departments never send them; one row is ordinary, so that the header is told."""
        row = st.tuples(*[self.values for _ in self.header])
        return [tuple(self.rows[0]), *data.draw(st.lists(row, min_size=1, max_size=6)), tuple(self.rows[0])]
