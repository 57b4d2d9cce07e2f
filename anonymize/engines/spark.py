"""The engine for what outgrows one machine: Apache Spark, the same plan, the same bytes.

A task reads one batch, carries the plan out and proves what it did; the driver puts the batches in the
table's order, writes them and adds up the evidence. What a batch becomes depends on the plan and the number
of its first row alone, so the result does not depend on how many tasks there are or where they ran. The
classes for k-anonymity are counted by a distributed group-by. Waves of batches bound the driver's memory.

A table in UTF-8 on a file system that every machine sees is read by the tasks; any other is read by the
driver and sent to them. Spark's temporary files are encrypted (``spark.io.encryption``), because the plan
holds the key.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import polars as pl
import pyarrow as pa

from anonymize.detect import scan
from anonymize.engines.base import Progress
from anonymize.engines.evidence import Evidence
from anonymize.engines.examine import Partial, examine
from anonymize.engines.java import EngineUnavailable, java_home
from anonymize.engines.plan import Plan
from anonymize.errors import AnonymizeError
from anonymize.findings import Findings
from anonymize.keys import KeyRing
from anonymize.lanes import Lanes
from anonymize.policy import Policy
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.risk.groups import COUNT, Groups
from anonymize.writers.base import Writer
from anonymize.writers.fanout import writer_lane

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

T = TypeVar("T")
_SECRET_OF_ITS_OWN = {"spark.authenticate": "true", "spark.network.crypto.enabled": "true"}
"""Where Spark makes a secret for the session; elsewhere ``spark.authenticate.secret`` is set by hand."""
_WAVE = 4
"""Batches in a wave for each core."""
_SENT = "number long, first long, frame binary"
_CARRIED = "number long, after binary, partial binary, failure binary"


class TaskFailed(AnonymizeError):
    """A task failed otherwise than by a deliberate error; its message may quote a cell and is not shown."""

    code, status, exit_code = "task_failed", 500, 4


class Job(NamedTuple):
    """One batch to be carried out. ``frame``: its rows as Arrow, when the task cannot read them itself."""

    number: int
    first: int
    frame: bytes | None


@contextmanager
def session(master: str = "local[*]", **options: str) -> Iterator[SparkSession]:
    """A Spark session with what this engine needs; ended on leaving.

    Args:
        master: as Spark writes it: ``local[2]``, ``spark://host:7077``, ``yarn``.
        options: further settings of Spark, with ``__`` for a dot in their names.

    Raises:
        EngineUnavailable: pyspark (the extra ``spark``) or a full Java 17 is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise EngineUnavailable(
            "没有安装 pyspark。请安装可选组件 spark（govdata[spark]）。",
            "pyspark is not installed. Install the extra spark (govdata[spark]).",
        ) from None
    os.environ["JAVA_HOME"] = str(java_home())
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.io.encryption.enabled": "true",
        "spark.io.encryption.keySizeBits": "256",
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.log.level": "OFF",
        **(_SECRET_OF_ITS_OWN if master.startswith(("local", "yarn")) else {}),
    } | {name.replace("__", "."): value for name, value in options.items()}
    builder = SparkSession.builder.master(master).appName("anonymize")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    try:
        yield spark
    finally:
        spark.stop()


def apply(
    table: Table,
    policy: Policy | Plan,
    sinks: Sequence[Writer],
    *,
    spark: SparkSession,
    key: bytes | None = None,
    keys: KeyRing | None = None,
    progress: Progress | None = None,
    findings: Findings | None = None,
) -> Report:
    """Carry out ``policy`` on ``table`` with Spark: see ``engines.local.apply``; bytes and report are equal.

    Args:
        spark: a running session (``session``).

    Raises:
        TaskFailed: a task ended otherwise than by one of the library's own errors.
    """
    if findings is None:
        if not isinstance(policy, Plan):
            policy.bind(table.columns)
        findings = scan(table, progress=progress)
    plan = policy if isinstance(policy, Plan) else _plan(spark, table, policy, findings, key, keys)
    evidence = Evidence(plan, findings.profiles)
    total = table.info.rows
    task = _Task(plan, evidence.again, _apart(table))
    done = 0
    with Lanes([writer_lane(sink) for sink in sinks]) as outputs:
        for partial, after in _carried(spark, task, _jobs(table)):
            outputs.put(after)
            evidence.add(partial, after)
            done += partial.read
            if progress is not None:
                progress("desensitise", done, total)
    if progress is not None:
        progress("assess", total, total)
    return evidence.report([sink.rows for sink in sinks], findings)


# -- the driver's part -----------------------------------------------------------------------------


def _plan(
    spark: SparkSession,
    table: Table,
    policy: Policy,
    findings: Findings,
    key: bytes | None,
    keys: KeyRing | None,
) -> Plan:
    """``Plan.make``, with the classes counted by Spark."""
    plan = Plan.bind(table.columns, policy, findings, key=key, keys=keys)
    groups = Groups(plan.policy.quasi_identifiers)
    if plan.suppressible:
        groups = _classes(spark, _Task(plan, (), _apart(table)), _jobs(table))
    pieces: list[pl.DataFrame] = []
    if plan.seen_whole:
        row = 0
        for batch in table.batches():
            pieces.append(plan.staying_cells(batch, row))
            row += batch.height
    return plan.decided(groups, pieces)


def _apart(table: Table) -> Table | None:
    """The table when tasks can read its batches themselves."""
    return table if getattr(table, "parts", None) is not None else None


def _jobs(table: Table) -> Iterator[Job]:
    parts: int | None = getattr(table, "parts", None)
    if parts is not None:
        yield from (Job(number, 0, None) for number in range(parts))
        return
    first = 0
    for number, batch in enumerate(table.batches()):
        yield Job(number, first, _to_bytes(batch))
        first += batch.height


def _classes(spark: SparkSession, task: _Task, jobs: Iterator[Job]) -> Groups:
    """The combinations of quasi-identifiers, counted where the rows are and added up by Spark."""
    quasi = task.plan.policy.quasi_identifiers
    names = [f"q{number}" for number in range(len(quasi))]
    schema = ", ".join([*(f"{name} string" for name in names), "n long", "failure binary"])
    counted: list[pl.DataFrame] = []
    sent = spark.sparkContext.broadcast(task)
    for wave in _waves(spark, jobs):
        frame = _frame(spark, wave).mapInArrow(lambda batches: _count(sent.value, batches), schema)
        frame.persist()
        _raise_failures(frame.where("failure is not null").select("failure").toArrow())
        summed = frame.groupBy(*names).sum("n").toArrow()
        frame.unpersist()
        counted.append(pl.DataFrame(summed).rename(dict(zip(names, quasi, strict=True)) | {"sum(n)": COUNT}))
    sent.destroy()
    return Groups.of(pl.concat(counted))


def _carried(spark: SparkSession, task: _Task, jobs: Iterator[Job]) -> Iterator[tuple[Partial, pl.DataFrame]]:
    """Every batch in the table's order; a wave is carried out while the one before it is written."""
    sent = spark.sparkContext.broadcast(task)

    def run(wave: list[Job]) -> pa.Table:
        return _frame(spark, wave).mapInArrow(lambda batches: _carry(sent.value, batches), _CARRIED).toArrow()

    with ThreadPoolExecutor(1, "wave") as pool:
        waves = _waves(spark, jobs)
        running = pool.submit(run, wave) if (wave := next(waves, None)) else None
        while running is not None:
            result = running.result()
            running = pool.submit(run, wave) if (wave := next(waves, None)) else None
            _raise_failures(result.select(["failure"]).filter(result["failure"].is_valid()))
            for row in result.sort_by("number").to_batches(max_chunksize=1):
                yield pickle.loads(row["partial"][0].as_py()), _from_bytes(row["after"][0].as_buffer())  # noqa: S301
    sent.destroy()


def _waves(spark: SparkSession, jobs: Iterator[Job]) -> Iterator[list[Job]]:
    size = max(2, _WAVE * spark.sparkContext.defaultParallelism)
    while wave := list(islice(jobs, size)):
        yield wave


def _frame(spark: SparkSession, jobs: list[Job]) -> DataFrame:
    """A few partitions for each core, so that a free one finds something to do; a task costs a start."""
    cut = min(len(jobs), 2 * spark.sparkContext.defaultParallelism)
    return spark.createDataFrame(spark.sparkContext.parallelize(jobs, cut), _SENT)


def _raise_failures(failures: pa.Table) -> None:
    for failure in failures["failure"].to_pylist():
        raise pickle.loads(failure)  # noqa: S301  written by ``_failure`` in a task of this session


# -- the tasks' part -------------------------------------------------------------------------------


class _Task(NamedTuple):
    """What every task is sent once. ``apart``: the table, when tasks read it themselves."""

    plan: Plan
    again: tuple[str, ...]
    apart: Table | None

    def batch(self, job: dict[str, Any]) -> tuple[pl.DataFrame, int]:
        """The rows of a job and the number of the first."""
        if self.apart is None:
            return _from_bytes(pa.py_buffer(job["frame"])), job["first"]
        found: tuple[pl.DataFrame, int] = self.apart.part(job["number"])  # type: ignore[attr-defined]
        return found


def _carry(task: _Task, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for job in _each(batches):
        try:
            moved = task.plan.carry_out(*task.batch(job))
            proved = pickle.dumps(examine(task.plan, moved, task.again))
            row = {
                "number": [job["number"]],
                "after": [_to_bytes(moved.after)],
                "partial": [proved],
                "failure": [None],
            }
        except Exception as error:  # noqa: BLE001  told to the driver, which raises
            row = {
                "number": [job["number"]],
                "after": [None],
                "partial": [None],
                "failure": [_failure(error)],
            }
        yield pa.RecordBatch.from_pydict(row, schema=_CARRIED_ARROW)


def _count(task: _Task, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    quasi = task.plan.policy.quasi_identifiers
    names = [f"q{number}" for number in range(len(quasi))]
    schema = pa.schema(
        [*((name, pa.string()) for name in names), ("n", pa.int64()), ("failure", pa.binary())]
    )
    for job in _each(batches):
        try:
            groups = Groups(quasi)
            groups.add(task.plan.classes(*task.batch(job)))
            frame = groups.frame.rename(dict(zip(quasi, names, strict=True)) | {COUNT: "n"})
            counted = frame.select(*names, "n").to_arrow().cast(pa.schema(list(schema)[:-1]))
            counted = counted.append_column("failure", pa.nulls(counted.num_rows, pa.binary()))
        except Exception as error:  # noqa: BLE001  told to the driver, which raises
            row = {name: [None] for name in [*names, "n"]} | {"failure": [_failure(error)]}
            counted = pa.Table.from_pydict(row, schema=schema)
        yield from counted.to_batches()


_CARRIED_ARROW = pa.schema(
    [("number", pa.int64()), ("after", pa.binary()), ("partial", pa.binary()), ("failure", pa.binary())]
)


def _each(batches: Iterator[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        yield from batch.to_pylist()


def _failure(error: Exception) -> bytes:
    """The error as the driver raises it; of a foreign one the name alone: its words may quote a cell."""
    if isinstance(error, AnonymizeError):
        return pickle.dumps(error)
    name = type(error).__name__
    return pickle.dumps(
        TaskFailed("分布式任务失败（{name}）。", "A distributed task failed ({name}).", name=name)
    )


def _to_bytes(frame: pl.DataFrame) -> bytes:
    sink = pa.BufferOutputStream()
    table = frame.to_arrow()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _from_bytes(data: pa.Buffer) -> pl.DataFrame:
    with pa.ipc.open_stream(data) as reader:
        return pl.DataFrame(reader.read_all())
