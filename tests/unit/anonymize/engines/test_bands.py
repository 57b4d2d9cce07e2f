"""A band is no mask: numbers that each belong to one person do not leave in bands, however wide."""

from __future__ import annotations

import io
from random import Random

import pytest

import anonymize
from anonymize.policy import Policy


def blockers(header: str, cells: list[str], rule: str) -> list[str]:
    table = anonymize.open_table(
        io.BytesIO(
            f"{header},件数\n".encode() + "".join(f"{c},{n % 5}\n" for n, c in enumerate(cells)).encode()
        ),
        name="t.csv",
    )
    policy = Policy.from_yaml(
        f"version: 2\ncolumns:\n  - {{name: {header}, {rule}}}\n"
        "  - {name: 件数, operator: keep, level: 1}\n"
    )
    sink = anonymize.open_writer("csv", io.BytesIO(), anonymize.published_fields(policy, table.columns))
    report = anonymize.apply(table, policy, sink)
    return [blocker.code for blocker in report.blockers()]


@pytest.mark.parametrize("width", ["1", "0.5", "2", "1000"])
@pytest.mark.parametrize("entity", ["entity: CN_MOBILE, level: 3", "level: 2", "level: 1"])
def test_telephones_do_not_leave_in_bands(width: str, entity: str) -> None:
    dice = Random("bands")
    cells = [f"13{dice.randint(5, 9)}{dice.randint(10**7, 10**8 - 1)}" for _ in range(120)]
    rule = f"operator: generalise, params: {{to: band, width: {width}}}, {entity}"
    assert "personal_data_remain" in blockers("手机号", cells, rule)


def test_days_of_birth_do_not_leave_in_bands_of_one() -> None:
    dice = Random("days")
    cells = [f"19{dice.randint(50, 99)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}" for _ in range(120)]
    rule = "operator: generalise, params: {to: band, width: 1}, level: 3"
    assert "personal_data_remain" in blockers("出生日期", cells, rule)


@pytest.mark.parametrize(("header", "top"), [("年龄", 90), ("补助金额", 5000)])
def test_what_many_share_may_leave_in_bands(header: str, top: int) -> None:
    dice = Random("shared")
    cells = [str(dice.randint(1, top)) for _ in range(120)]
    assert blockers(header, cells, "operator: generalise, params: {to: band, width: 10}") == []
