"""The policy's allow-list through the whole engine: office telephones stay, everybody else's do not."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

import anonymize
from anonymize.entities import Entity
from anonymize.findings import OperatorSpec
from anonymize.policy import Policy
from anonymize.policy_parts import Allowance
from anonymize.writers import open_writer

DESK = "0571-87654321"
HEADER = ["窗口", "联系电话", "说明", "备用"]
ROWS = [
    [f"{i}号窗口", DESK if i % 2 else f"0571-8{i:07d}", f"请拨{DESK}咨询，急事找138{i:08d}", DESK]
    for i in range(40)
]


def released(allow: tuple[Allowance, ...]) -> tuple[list[list[str]], anonymize.Report]:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *ROWS])
    table = anonymize.open_table(io.BytesIO(text.getvalue().encode()), name="窗口.csv")
    policy = anonymize.suggest(anonymize.scan(table))
    scrub = tuple(
        replace(rule, operator=OperatorSpec("scrub_text")) if rule.name == "说明" else rule
        for rule in policy.columns
    )
    policy = Policy.from_dict(
        {**replace(policy, columns=scrub).as_dict(), "allow": [a.as_dict() for a in allow]}
    )
    out = io.BytesIO()
    report = anonymize.apply(
        table, policy, [open_writer("csv", out, anonymize.published_fields(policy, table.columns))]
    )
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    return rows[1:], report


@pytest.mark.article("SX-15")
def test_an_office_telephone_stays_in_columns_and_in_texts_and_others_go() -> None:
    rows, report = released((Allowance(Entity.LANDLINE, values=(DESK,), reason="政务服务中心"),))
    for i, (_, phone, text, spare) in enumerate(rows):
        assert (phone == DESK) == bool(i % 2)
        assert f"8{i:07d}" not in phone
        assert DESK in text
        assert f"138{i:08d}" not in text
        assert spare == DESK
    assert [b.code for b in report.blockers() if b.code != "k_too_small"] == []


def test_without_the_list_no_telephone_stays() -> None:
    rows, _ = released(())
    assert not any(DESK in cell for row in rows for cell in row)


def test_a_telephone_that_the_list_does_not_name_is_still_refused_where_it_is_kept() -> None:
    text = "电话\n" + "\n".join(f"0571-8{i:07d}" for i in range(30))
    table = anonymize.open_table(io.BytesIO(text.encode()), name="t.csv")
    policy = anonymize.suggest(anonymize.scan(table))
    kept = tuple(replace(rule, operator=OperatorSpec("keep")) for rule in policy.columns)
    listed = (Allowance(Entity.LANDLINE, values=("0571-80000001",), reason="总机"),)
    report = anonymize.apply(table, replace(policy, columns=kept, allow=listed), [])
    assert "personal_data_remain" in {b.code for b in report.blockers()}
