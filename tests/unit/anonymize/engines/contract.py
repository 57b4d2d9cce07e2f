"""What every engine has to do, run by each of them as a subclass: the same bytes and the same report."""

from __future__ import annotations

import io
import random
from pathlib import Path

import polars as pl
import pytest

import anonymize
from anonymize.engines import local
from anonymize.errors import AnonymizeError, PolicyInvalid, SourceUnreadable
from anonymize.keys import KeyRing
from anonymize.operators import all_operators
from anonymize.policy import Policy
from anonymize.readers import Limits, open_table
from anonymize.readers.table import Table
from anonymize.report import Report

from .people import HEADER, people

RELEASE_KEY = bytes(range(32))
NAMED_KEY = bytes(range(100, 132))
SMALL = Limits(batch_bytes=12_000)
"""Some dozens of rows a batch, so that every table has several."""


def keys() -> KeyRing:
    """The ring of a run; each run has its own, since it may be forgotten."""
    return KeyRing(RELEASE_KEY, {"hospital": NAMED_KEY})


def every_operator() -> tuple[pl.DataFrame, Policy]:
    """A table and a policy in which every operator has something to do."""
    rng = random.Random(3)
    rows = people(400, seed=5)
    frame = pl.DataFrame(rows, schema=HEADER, orient="row").with_columns(
        pl.Series("银行卡号", [f"62284804{rng.randrange(10**11):011}" for _ in rows]),
        pl.Series("面积", [f"{rng.randrange(30, 300)}.{rng.randrange(10)}" for _ in rows]),
        pl.Series("收入", [str(rng.randrange(0, 90_000)) for _ in rows]),
        pl.Series("支出", [str(rng.randrange(0, 900)) for _ in rows]),
        pl.Series("类别", [rng.choice(["甲", "乙", "丙", ""]) for _ in rows]),
        pl.Series("街道", [rng.choice(["珞南街道", "关山街道", "和平街道", "狮子山街道"]) for _ in rows]),
        pl.Series("就诊日期", [f"2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}" for _ in rows]),
        pl.Series("内部编号", [str(rng.randrange(10**6)) for _ in rows]),
        pl.Series("结论", [rng.choice(["已核实", "待复核，见附件"]) for _ in rows]),
    )
    columns = {
        "序号": ("keep", {}),
        "姓名": ("pseudonym", {}),
        "性别": ("keep", {}),
        "身份证号": ("fpe", {"keep_start": 6, "check": "resident_id"}),
        "出生日期": ("generalise", {"to": "year"}),
        "联系电话": ("hash", {}),
        "家庭住址": ("generalise", {"to": "county"}),
        "救助金额": ("noise", {"scale": 10, "low": 0}),
        "备注": ("scrub_text", {}),
        "银行卡号": ("mask", {}),
        "面积": ("round", {"step": 10}),
        "收入": ("top_code", {"limit": 80_000}),
        "支出": ("bottom_code", {"limit": 100}),
        "类别": ("shuffle", {}),
        "街道": ("suppress", {}),
        "就诊日期": ("date_shift", {"by": "身份证号", "days": 30}),
        "内部编号": ("drop", {}),
        "结论": ("redact", {}),
    }
    kinds = {
        "姓名": "PERSON",
        "身份证号": "CN_RESIDENT_ID",
        "联系电话": "CN_MOBILE",
        "银行卡号": "CN_BANK_CARD",
    }
    policy = Policy.from_dict(
        {
            "version": 2,
            "name": "全部算子",
            "purpose": "agreement",
            "agreement": "2026-07",
            "key": "hospital",
            "k": 5,
            "min_grade": 1,
            "quasi_identifiers": ["出生日期", "街道", "性别"],
            "records": [
                {"operator": "suppress_record", "params": {"column": "面积", "when": "above", "limit": 280}},
                {"operator": "sample", "params": {"share": 0.9}},
            ],
            "columns": [
                {
                    "name": name,
                    "operator": operator,
                    "params": params,
                    "level": 3,
                    **({"entity": kinds[name]} if name in kinds else {}),
                }
                for name, (operator, params) in columns.items()
            ],
        }
    )
    return frame, policy


def csv_file(folder: Path, frame: pl.DataFrame) -> Path:
    """The frame as a file that departments would send."""
    path = folder / "表.csv"
    frame.write_csv(path)
    return path


class EngineContract:
    """``apply`` is the engine's; everything else is the contract."""

    def apply(self, table: Table, policy: Policy, sinks: list[anonymize.writers.Writer]) -> Report:
        """Carry out with the keys of ``keys()``."""
        raise NotImplementedError

    # -- helpers -----------------------------------------------------------------------------------

    def run(self, table: Table, policy: Policy) -> tuple[bytes, Report]:
        """CSV bytes and report of this engine."""
        stream = io.BytesIO()
        sink = anonymize.open_writer("csv", stream, anonymize.published_fields(policy, table.columns))
        report = self.apply(table, policy, [sink])
        return stream.getvalue(), report

    @staticmethod
    def reference(table: Table, policy: Policy) -> tuple[bytes, Report]:
        """What the local engine gives."""
        stream = io.BytesIO()
        sink = anonymize.open_writer("csv", stream, anonymize.published_fields(policy, table.columns))
        report = local.apply(table, policy, [sink], keys=keys())
        return stream.getvalue(), report

    # -- the contract ------------------------------------------------------------------------------

    def test_every_operator_gives_the_same_bytes_and_the_same_report(self, tmp_path: Path) -> None:
        frame, policy = every_operator()
        used = {rule.operator.name for rule in policy.columns} | {spec.name for spec in policy.records}
        assert used == {operator.name for operator in all_operators()}
        table = open_table(csv_file(tmp_path, frame), limits=SMALL)
        content, report = self.run(table, policy)
        expected, told = self.reference(table, policy)
        assert content == expected
        assert report.as_dict() == told.as_dict()
        assert report.rows_in == 400
        assert 0 < report.rows_out < 400
        assert report.risk.suppressed_cells

    def test_rows_come_out_in_the_order_in_which_they_came(self, tmp_path: Path) -> None:
        frame = pl.DataFrame(
            {"序号": [str(n) for n in range(3_000)], "数": [str(n * 7 % 13) for n in range(3_000)]}
        )
        table = open_table(csv_file(tmp_path, frame), limits=SMALL)
        policy = anonymize.suggest(anonymize.scan(table))
        content, _ = self.run(table, policy)
        assert pl.read_csv(io.BytesIO(content), infer_schema=False).equals(frame)

    def test_where_batches_end_changes_no_byte(self, tmp_path: Path) -> None:
        frame, policy = every_operator()
        path = csv_file(tmp_path, frame)
        outputs = {self.run(open_table(path, limits=limits), policy)[0] for limits in (SMALL, Limits())}
        assert len(outputs) == 1

    def test_a_suggested_policy_gives_the_same_report(self, tmp_path: Path) -> None:
        frame = pl.DataFrame(people(500, seed=9), schema=HEADER, orient="row")
        table = open_table(csv_file(tmp_path, frame), limits=SMALL)
        policy = anonymize.suggest(anonymize.scan(table))
        content, report = self.run(table, policy)
        expected, told = self.reference(table, policy)
        assert content == expected
        assert report.as_dict() == told.as_dict()
        assert report.blockers() == ()

    def test_what_must_not_leave_is_refused_with_the_same_words(self, tmp_path: Path) -> None:
        frame = pl.DataFrame(people(500, seed=9), schema=HEADER, orient="row")
        table = open_table(csv_file(tmp_path, frame), limits=SMALL)
        data = anonymize.suggest(anonymize.scan(table)).as_dict()
        for rule in data["columns"]:
            if rule["name"] in ("备注", "联系电话"):
                rule.update(operator="keep", params={}, level=3)
        policy = Policy.from_dict(data)
        _, report = self.run(table, policy)
        _, told = self.reference(table, policy)
        assert report.blockers()
        assert [b.as_dict() for b in report.blockers()] == [b.as_dict() for b in told.blockers()]

    def test_a_stream_in_another_encoding_is_read_as_well(self) -> None:
        rows = ["编号,名称", *(f"{n},第{n}项" for n in range(800))]
        table = open_table(io.BytesIO("\n".join(rows).encode("gb18030")), name="表.csv", limits=SMALL)
        policy = anonymize.suggest(anonymize.scan(table))
        content, report = self.run(table, policy)
        assert content.decode("utf-8-sig").splitlines() == rows
        assert report.rows_out == 800

    def test_a_policy_that_does_not_fit_is_refused_before_row_one(self, tmp_path: Path) -> None:
        table = open_table(csv_file(tmp_path, pl.DataFrame({"甲": ["1"], "乙": ["2"]})))
        policy = Policy.from_dict({"version": 2, "columns": [{"name": "甲", "operator": "keep"}]})
        with pytest.raises(PolicyInvalid):
            self.apply(table, policy, [])

    def test_a_source_that_changes_meanwhile_is_an_error_without_a_cell(self, tmp_path: Path) -> None:
        frame = pl.DataFrame(people(300, seed=2), schema=HEADER, orient="row")
        path = csv_file(tmp_path, frame)
        table = open_table(path, limits=SMALL)
        policy = anonymize.suggest(anonymize.scan(table))
        path.write_bytes(path.read_bytes()[:-2_000])
        with pytest.raises(AnonymizeError) as caught:
            self.apply(table, policy, [])
        assert isinstance(caught.value, SourceUnreadable)
        assert not any(cell in caught.value.zh + caught.value.en for cell in frame["姓名"])
