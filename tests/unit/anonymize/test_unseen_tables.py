"""Tables that no recognizer was built on go through the whole library; truth is checked row by row."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

import pytest

import anonymize
from anonymize.writers import open_writer
from tests.factories.tables import TABLES, Table
from tests.factories.truth import changed, leaks, read_csv

ROWS = 400
ENCODERS: dict[str, Callable[[Table], bytes]] = {
    "utf8.csv": lambda t: t.csv(),
    "gb18030.csv": lambda t: t.csv("gb18030", ";"),
    "xlsx": lambda t: t.xlsx(),
}


def desensitised(data: bytes, name: str) -> tuple[bytes, anonymize.Report]:
    table = anonymize.open_table(io.BytesIO(data), name=name)
    findings = anonymize.scan(table)
    policy = anonymize.suggest(findings)
    out = io.BytesIO()
    fields = anonymize.published_fields(policy, table.columns)
    report = anonymize.apply(table, policy, [open_writer("csv", out, fields)])
    return out.getvalue(), report


@pytest.mark.article("SX-15")
@pytest.mark.article("SX-22")
@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("shape", TABLES)
def test_nothing_of_a_rows_own_person_survives_and_no_plain_cell_changes(shape: str, encoding: str) -> None:
    table = TABLES[shape](Random(f"{shape} {encoding}"), ROWS)
    published, report = desensitised(ENCODERS[encoding](table), f"{table.name}.{encoding.rpartition('.')[2]}")
    header, rows = read_csv(published)
    assert len(rows) == ROWS
    assert leaks(table, header, rows) == []
    assert changed(table, header, rows) == []
    codes = {blocker.code for blocker in report.blockers()}
    assert codes <= {"k_below_bound", "grade_below_bound"}, (
        "only the policy's risk bounds may hold a clean result back"
    )


def test_the_truth_itself_finds_a_leak() -> None:
    """Guards the guard: an untouched table is full of leaks."""
    table = TABLES["school"](Random(1), 20)
    assert len(leaks(table, table.header, table.rows)) >= 20
