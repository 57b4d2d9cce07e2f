"""Tables that no recognizer was built on go through the whole library; truth is checked row by row."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

import pytest

import anonymize
from anonymize.writers import open_writer
from tests.factories.more_tables import IMPERSONAL, PERSONAL
from tests.factories.tables import TABLES, Table
from tests.factories.truth import changed, leaks, read_csv

ROWS = 150
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
    assert codes <= {"k_too_small", "too_many_unique", "grade_too_low"}, (
        "only the policy's risk bounds may hold a clean result back"
    )


def checked(table: Table) -> tuple[list[str], list[str]]:
    """Leaks and changed columns of a table that went through as a CSV."""
    published, _ = desensitised(table.csv(), f"{table.name}.csv")
    header, rows = read_csv(published)
    assert len(rows) == len(table.rows)
    return leaks(table, header, rows), changed(table, header, rows)


@pytest.mark.parametrize("shape", [*PERSONAL, *IMPERSONAL])
def test_other_departments_tables_leak_nothing_and_keep_what_is_plain(shape: str) -> None:
    assert checked({**PERSONAL, **IMPERSONAL}[shape](Random(f"{shape} more"), 150)) == ([], [])


@pytest.mark.parametrize("rows", [1, 3, 12])
@pytest.mark.parametrize("shape", PERSONAL)
def test_a_table_of_a_few_rows_leaks_nothing_either(shape: str, rows: int) -> None:
    assert checked(PERSONAL[shape](Random(f"{shape} {rows}"), rows))[0] == []


def test_the_truth_itself_finds_a_leak() -> None:
    """Guards the guard: an untouched table is full of leaks."""
    table = TABLES["school"](Random(1), 20)
    assert len(leaks(table, table.header, table.rows)) >= 20
