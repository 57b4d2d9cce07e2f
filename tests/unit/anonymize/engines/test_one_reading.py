"""A table that is scanned while it is carried out gives what scanning it before gives."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import anonymize
from anonymize.engines import local
from anonymize.errors import SourceUnreadable
from anonymize.findings import Findings
from anonymize.policy import Policy
from anonymize.readers import Limits
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.writers import Writer

from .contract import SMALL, EngineContract, csv_file, keys
from .people import HEADER, people

KEY = bytes(range(32))


class TestScannedBefore(EngineContract):
    """The contract compares with ``local.apply`` without findings, which scans on the way where it can."""

    def apply(self, table: Table, policy: Policy, sinks: list[Writer]) -> Report:
        return local.apply(table, policy, sinks, keys=keys(), findings=anonymize.scan(table))


class Counted:
    """A table that counts how often it is read to its end."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.readings = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._table, name)

    def batches(self) -> Iterator[pl.DataFrame]:
        yield from self._table.batches()
        self.readings += 1


class Run:
    """Outputs in memory; those of the last asking count."""

    def __init__(self, table: Table) -> None:
        self.table, self.asked = table, 0

    def __call__(self, policy: Policy) -> list[Writer]:
        self.asked += 1
        self.stream = io.BytesIO()
        return [
            anonymize.open_writer("csv", self.stream, anonymize.published_fields(policy, self.table.columns))
        ]

    @property
    def content(self) -> bytes:
        return self.stream.getvalue()


def without_k(findings: Findings) -> Policy:
    """As suggested, but nothing is suppressed: no decision needs all rows."""
    data = anonymize.suggest(findings).as_dict() | {"quasi_identifiers": [], "k": 1, "sensitive": []}
    for rule in data["columns"]:
        if rule["operator"] == "suppress":
            rule["operator"] = "keep"
    return Policy.from_dict(data)


def opened(frame: pl.DataFrame, limits: Limits = SMALL) -> Counted:
    return Counted(anonymize.open_table(io.BytesIO(frame.write_csv().encode()), name="表.csv", limits=limits))


def by_three_calls(table: Table) -> tuple[bytes, Report]:
    run = Run(table)
    findings = anonymize.scan(table)
    policy = without_k(findings)
    report = anonymize.apply(table, policy, run(policy), key=KEY, findings=findings)
    return run.content, report


def the_same(frame: pl.DataFrame, limits: Limits = SMALL) -> Run:
    """What ``clean`` writes and reports is what the three calls do."""
    table = opened(frame, limits)
    run = Run(table)
    report = anonymize.clean(table, run, decide=without_k, key=KEY)
    content, expected = by_three_calls(table)
    assert run.content == content
    assert report.as_dict() == expected.as_dict()
    return run


def register(rows: int, seed: int = 4) -> pl.DataFrame:
    frame = pl.DataFrame(people(rows, seed=seed), schema=HEADER, orient="row")
    return frame.drop("备注")


def test_a_register_is_read_once() -> None:
    table = opened(register(1_500))
    run = Run(table)
    report = anonymize.clean(table, run, decide=without_k, key=KEY)
    assert (table.readings, run.asked) == (1, 1)
    assert report.blockers() == ()
    content, expected = by_three_calls(table)
    assert run.content == content
    assert report.as_dict() == expected.as_dict()


def test_a_small_table_is_scanned_first() -> None:
    run = the_same(register(30), Limits())
    assert run.asked == 1


def test_names_that_come_late_are_hidden_all_the_same() -> None:
    """The first rows hold codes alone where names stand further down."""
    names = [row[HEADER.index("姓名")] for row in people(1_500, seed=8)]
    late = [f"A{n:05}" if n < 300 else name for n, name in enumerate(names)]
    frame = register(1_500).with_columns(pl.Series("联系人", late))
    run = the_same(frame)
    assert run.asked == 2
    assert not any(f",{name}," in run.content.decode() for name in set(names[300:]) if len(name) == 3)


def test_a_remark_that_repeats_the_name_late_is_found() -> None:
    rows = people(1_500, seed=8)
    remarks = [
        "已核实" if n < 400 else f"由{row[HEADER.index('姓名')]}本人领取" for n, row in enumerate(rows)
    ]
    the_same(register(1_500, seed=8).with_columns(pl.Series("备注", remarks)))


def test_an_identifier_that_the_policy_does_not_name_is_looked_for_in_its_row() -> None:
    """The policy keeps the remark and names no kind; only the scan knows what stands in 联系人, and late."""
    rows = people(2_500, seed=8)
    names = [row[HEADER.index("姓名")] for row in rows]
    frame = pl.DataFrame(
        {
            "序号": [str(n) for n in range(len(rows))],
            "联系人": [f"A{n:05}" if n < 500 else name for n, name in enumerate(names)],
            "办理": ["无" if n < 700 else f"{name}领" for n, name in enumerate(names)],
        }
    )
    policy = Policy.from_dict(
        {
            "version": 2,
            "columns": [
                {"name": "序号", "operator": "keep"},
                {"name": "联系人", "operator": "redact"},
                {"name": "办理", "operator": "keep"},
            ],
        }
    )
    table = opened(frame, Limits(batch_bytes=3_000))
    run = Run(table)
    report = anonymize.apply(table, policy, run(policy), key=KEY)
    assert run.asked == 1
    assert table.readings >= 2
    again = Run(table)
    expected = anonymize.apply(table, policy, again(policy), key=KEY, findings=anonymize.scan(table))
    assert report.leaks
    assert run.content == again.content
    assert report.as_dict() == expected.as_dict()


def test_where_cells_depend_on_the_other_identifiers_the_table_is_scanned_before() -> None:
    frame = register(1_500)
    table = opened(frame)
    data = without_k(anonymize.scan(table)).as_dict()
    for rule in data["columns"]:
        if rule["name"] == "姓名":
            rule.update(operator="pseudonym", params={})
    policy, run = Policy.from_dict(data), Run(table)
    table.readings = 0
    report = anonymize.apply(table, policy, run(policy), key=KEY)
    assert table.readings == 2
    again = Run(table)
    anonymize.apply(table, policy, again(policy), key=KEY, findings=report.findings)
    assert run.content == again.content


_CELLS = {
    "编号": lambda rng, n: str(10_000 + n),
    "姓名": lambda rng, n: rng.choice("王李张刘陈") + rng.choice("伟芳娜敏静") + rng.choice("强磊军洋勇"),
    "电话": lambda rng, n: f"13{rng.randrange(10**9):09}",
    "类别": lambda rng, n: rng.choice(["甲", "乙", "", "张伟强家"]),
    "说明": lambda rng, n: rng.choice(["无", "见附件，另行通知", "拨 13800138000 找李芳磊", "=1+1", '"好"']),
    "金额": lambda rng, n: f"{rng.randrange(10**5)}.{rng.randrange(100):02}",
}


@settings(max_examples=12, deadline=None)
@given(
    names=st.lists(st.sampled_from(sorted(_CELLS)), min_size=1, max_size=6, unique=True),
    seed=st.integers(0, 2**32 - 1),
    late=st.booleans(),
)
def test_any_table(names: list[str], seed: int, late: bool) -> None:
    rng = random.Random(seed)
    rows = 900
    frame = pl.DataFrame(
        {name: ["" if late and n < 250 else _CELLS[name](rng, n) for n in range(rows)] for name in names}
        | {"序": [str(n) for n in range(rows)]}
    )
    the_same(frame, Limits(batch_bytes=6_000))


def test_a_source_that_changes_meanwhile_is_an_error(tmp_path: Path) -> None:
    path = csv_file(tmp_path, register(900))
    table = anonymize.open_table(path, limits=SMALL)
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(SourceUnreadable):
        anonymize.clean(table, Run(table), decide=without_k)


def test_without_a_bound_on_k_the_suggestion_is_the_default() -> None:
    table = opened(register(900))
    run = Run(table)
    report = anonymize.clean(table, run, key=KEY)
    policy = anonymize.suggest(report.findings)
    assert report.policy.sha256 == policy.bind(table.columns).sha256
    again = Run(table)
    anonymize.apply(table, policy, again(policy), key=KEY, findings=report.findings)
    assert run.content == again.content
