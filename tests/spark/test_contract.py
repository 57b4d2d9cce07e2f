"""The engine for clusters keeps the contract, on two cores and on one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from pyspark.sql import SparkSession

import anonymize
from anonymize.engines import spark
from anonymize.policy import Policy
from anonymize.readers import open_table
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.writers import Writer
from tests.unit.anonymize.engines.contract import SMALL, EngineContract, csv_file, keys


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    with spark.session("local[2]") as running:
        yield running


class TestSpark(EngineContract):
    @pytest.fixture(autouse=True)
    def _session(self, session: SparkSession) -> None:
        self.spark = session

    def apply(self, table: Table, policy: Policy, sinks: list[Writer]) -> Report:
        return spark.apply(table, policy, sinks, spark=self.spark, keys=keys())


def test_a_foreign_error_in_a_task_is_told_by_its_name_alone(session: SparkSession, tmp_path: Path) -> None:
    table = open_table(csv_file(tmp_path, pl.DataFrame({"甲": ["秘值"] * 9})), limits=SMALL)
    plan = spark.Plan.bind(table.columns, anonymize.suggest(anonymize.scan(table)), anonymize.scan(table))
    object.__setattr__(plan, "columns", None)
    broken = spark._Task(plan, ("没有这一列",), table)
    with pytest.raises(spark.TaskFailed) as caught:
        list(spark._carried(session, broken, spark._jobs(table)))
    assert "秘值" not in str(caught.value)
    assert "KeyError" in caught.value.en
