"""What goes to the national registration platform."""

from __future__ import annotations

import io
import json

import openpyxl
from sqlalchemy.orm import Session

from licensing.filings.export import GROUPS, registration, write_xlsx
from licensing.filings.facts import DatasetFacts
from licensing.ports import Context
from licensing.products.offer import Offer
from licensing.products.register import public_view
from tests.factories.filing_world import accepted, agreement, consented, submission
from tests.factories.product_world import listed


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
    assert book.sheetnames == ["登记", "数据资源", "原提供部门同意", "产品和服务"]
    assert book["数据资源"].max_row == 2


def test_the_workbook_has_every_group_of_the_national_rule(session: Session, ctx: Context) -> None:
    facts = agreement(datasets=(DatasetFacts(id="shared-in", fields=("place",)),))
    filing = accepted(session, ctx, made=consented(submission(facts)))
    product = listed(session, ctx, offer=Offer(pricing="free", licence="CC BY 4.0"))
    stream = io.BytesIO()
    rows = [registration(filing, [public_view(session, product)], ["ab" * 32]), registration(filing)]
    write_xlsx(stream, rows)
    book = openpyxl.load_workbook(stream)
    for name, number in (("登记", 3), ("数据资源", 3), ("原提供部门同意", 3), ("产品和服务", 2)):
        head, *lines = book[name].iter_rows(values_only=True)
        assert len(lines) == number - 1
        assert {line[0] for line in lines} == {filing.number}
        assert len(set(head)) == len(head)
    line = dict(zip(*list(book["登记"].iter_rows(values_only=True))[:2], strict=True))
    assert (line["授权方式"], line["协议编号"], line["账本记录"]) == (
        "授权开发利用", "协〔2026〕1号", "ab" * 32,
    )  # fmt: skip
    assert line["待补充"] == "数据安全风险评估"
    of_product = dict(zip(*book["产品和服务"].iter_rows(values_only=True), strict=True))
    assert (of_product["产品名称"], of_product["收费方式"]) == ("停车诱导服务", "免费")
