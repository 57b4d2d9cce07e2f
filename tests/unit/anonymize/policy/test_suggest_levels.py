"""A suggestion reaches k by coarser classes, not by hiding whole columns."""

from __future__ import annotations

import io
from random import Random

import pytest

import anonymize
from anonymize.findings import OperatorSpec
from anonymize.readers.table import Table
from anonymize.suggest import reasons


def roll(rows: int, seed: int = 1) -> Table:
    """A register of elders: name, sex, date of birth, address, a made-up town."""
    dice = Random(seed)
    lines = ["姓名,性别,出生日期,户籍地址,津贴标准"]
    for _ in range(rows):
        name = dice.choice("王李张刘陈") + dice.choice("桂秀玉建国") + dice.choice("英兰珍华平")
        day = f"{dice.randrange(1920, 1946)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
        street = f"{dice.choice(['云东区迎霞', '云西区金桥', '青溪县龙门'])}街{dice.randrange(1, 200)}号"
        lines.append(f"{name},{dice.choice('男女')},{day},云州市{street},{dice.choice([60, 150, 300])}")
    return anonymize.open_table(io.BytesIO("\n".join(lines).encode()), name="高龄.csv")


@pytest.fixture(scope="module")
def table() -> Table:
    return roll(600)


@pytest.fixture(scope="module")
def findings(table: Table) -> anonymize.Findings:
    return anonymize.scan(table)


def lost(report: anonymize.Report) -> int:
    return sum(done.suppressed for done in report.done)


def test_k_is_reached_with_far_fewer_cells_lost_than_by_suppression_alone(
    table: Table,
    findings: anonymize.Findings,
) -> None:
    plain = anonymize.apply(table, anonymize.suggest(findings), [], findings=findings)
    settled = anonymize.apply(table, anonymize.suggest(findings, table), [], findings=findings)
    assert settled.blockers() == ()
    assert settled.risk.k is not None
    assert settled.risk.k >= 5
    assert lost(settled) <= 30
    assert lost(plain) > 5 * max(lost(settled), 1)


def test_a_date_of_birth_becomes_a_decade_and_the_policy_shows_the_ladder(
    table: Table,
    findings: anonymize.Findings,
) -> None:
    policy = anonymize.suggest(findings, table)
    assert policy.rule("出生日期").operator == OperatorSpec("generalise", {"to": "decade"})
    assert policy.hierarchies["出生日期"] == (
        OperatorSpec("generalise", {"to": "year"}),
        OperatorSpec("generalise", {"to": "decade"}),
    )
    assert policy.rule("户籍地址").operator == OperatorSpec("generalise", {"to": "county"})
    text = policy.to_yaml(reasons(findings, "zh", policy))
    assert "比单列所需更粗" in text
    assert anonymize.Policy.from_yaml(text) == policy


def test_a_stricter_k_never_makes_a_suggestion_finer(
    table: Table,
    findings: anonymize.Findings,
) -> None:
    for k in (2, 20, 100):
        policy = anonymize.suggest(findings, table, k=k)
        report = anonymize.apply(table, policy, [], findings=findings)
        assert report.risk.k is None or report.risk.k >= k


def test_a_table_of_fewer_rows_than_k_is_left_to_suppression() -> None:
    small = roll(4)
    found = anonymize.scan(small)
    assert anonymize.suggest(found, small) == anonymize.suggest(found)


def test_statistics_are_not_touched() -> None:
    text = "地区,年份,数值\n" + "\n".join(f"云东区,{2000 + n},{n}" for n in range(30))
    table = anonymize.open_table(io.BytesIO(text.encode()), name="统计.csv")
    found = anonymize.scan(table)
    assert {rule.operator.name for rule in anonymize.suggest(found, table).columns} == {"keep"}
