"""What goes to the national registration platform."""

from __future__ import annotations

import io
import json

import openpyxl
from sqlalchemy.orm import Session

from licensing.filings.export import GROUPS, registration, write_xlsx
from licensing.filings.facts import DatasetFacts
from licensing.ports import Context
from tests.factories.filing_world import accepted, agreement, consented, submission


def test_every_group_of_the_national_rule_is_there_and_what_is_missing_is_named(
    session: Session, ctx: Context
) -> None:
    row = registration(accepted(session, ctx), commitments=["ab" * 32])
    assert list(row["groups"]) == list(GROUPS)
    assert row["incomplete"] == ["products", "security"]
    assert row["登记类型"] == "首次登记"
    assert row["groups"]["resource"][0]["信息项"] == ["place"]
    assert row["groups"]["deposit"]["账本记录"] == ["ab" * 32]
    assert json.loads(json.dumps(row, ensure_ascii=False)) == row


def test_the_consent_to_shared_in_data_is_exported(session: Session, ctx: Context) -> None:
    facts = agreement(datasets=(DatasetFacts(id="shared-in", fields=("place",)),))
    row = registration(accepted(session, ctx, made=consented(submission(facts))))
    (consent,) = row["groups"]["lawfulness"]["原提供部门同意"]
    assert (consent["数据"], consent["部门"]) == ("shared-in", "d-police")


def test_no_cell_of_the_workbook_is_a_formula(session: Session, ctx: Context) -> None:
    made = submission(agreement(purpose='=HYPERLINK("http://x")', system="+1"))
    stream = io.BytesIO()
    write_xlsx(stream, [registration(accepted(session, ctx, made=made))])
    book = openpyxl.load_workbook(stream)
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert '=HYPERLINK("http://x")' in {cell.value for cell in cells}
    assert book.sheetnames == ["登记", "数据资源"]
    assert book["数据资源"].max_row == 2
