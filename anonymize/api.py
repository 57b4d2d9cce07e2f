"""The calls of the library for whoever has a source rather than a ``Table``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

from anonymize.detect import ScanLimits
from anonymize.detect import scan as scan_table
from anonymize.engines import local
from anonymize.engines.base import Progress
from anonymize.engines.clean import clean as clean_table
from anonymize.engines.plan import Plan
from anonymize.errors import WrongUse
from anonymize.findings import Findings
from anonymize.keys import KeyRing
from anonymize.policy import Policy
from anonymize.readers import open_table
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.suggest import suggest
from anonymize.writers.base import Writer

Source = Table | Path | str | BinaryIO
"""An open table, a path, a seekable binary stream, or the URL of a database (``open_table``)."""
EngineName = Literal["local", "spark"]


def scan(
    source: Source,
    progress: Progress | None = None,
    limits: ScanLimits | None = None,
    *,
    name: str | None = None,
) -> Findings:
    """Find what every column of a source holds.

    Args:
        source: read once; again when names stand in other columns than its first rows let expect.
        progress: called as ``progress("scan", rows done, rows in all)``.
        limits: bounds on memory.
        name: the file's name as the sender gave it, for a stream.

    Raises:
        SourceUnreadable: the source is empty, damaged, too large, or no table.
    """
    return scan_table(_table(source, name), progress, limits)


def apply(
    source: Source,
    plan: Policy | Plan,
    sinks: Writer | Sequence[Writer],
    *,
    key: bytes | None = None,
    keys: KeyRing | None = None,
    progress: Progress | None = None,
    findings: Findings | None = None,
    engine: EngineName = "local",
    master: str = "local[*]",
) -> Report:
    """Carry out a policy, or a plan made of it, and prove what was done.

    Args:
        source: the table as it came.
        plan: a ``Policy`` that names the columns of the source, or a ``Plan`` made for this very source.
        sinks: writers whose fields are the published columns, in the table's order; closed at the end.
        key: 32 random bytes of this release. ``None`` makes one and forgets it.
        keys: where the key is that the policy names; ``None`` looks into the environment.
        progress: called with a stage, rows done and rows in all.
        findings: what a scan of this very source found, when it was made before.
        engine: ``local``: this machine, streaming; ``spark``: Apache Spark, with the same bytes and report.
        master: of Spark, e.g. ``local[2]``, ``spark://host:7077``, ``yarn``.

    Returns:
        The evidence. The result may leave only when ``report.blockers()`` is empty: the caller decides
        what becomes of the sinks' outputs.

    Raises:
        PolicyInvalid: the policy does not fit the table, or would publish no column.
        KeyInvalid: the policy's key is nowhere.
        SourceUnreadable: the source cannot be read to its end.
        EngineUnavailable: what the engine needs is not installed.
    """
    table = _table(source, None)
    outputs = [sinks] if isinstance(sinks, Writer) else list(sinks)
    if engine == "local":
        return local.apply(table, plan, outputs, key=key, keys=keys, progress=progress, findings=findings)
    if engine != "spark":
        raise WrongUse(
            "没有引擎 {engine}；可用：local、spark。",
            "There is no engine {engine}; there are: local, spark.",
            engine=engine,
        )
    from anonymize.engines import spark

    with spark.session(master) as running:
        return spark.apply(
            table, plan, outputs, spark=running, key=key, keys=keys, progress=progress, findings=findings
        )


def clean(
    source: Source,
    outputs: Callable[[Policy], Sequence[Writer]],
    *,
    decide: Callable[[Findings], Policy] = suggest,
    key: bytes | None = None,
    keys: KeyRing | None = None,
    progress: Progress | None = None,
    name: str | None = None,
) -> Report:
    """``scan``, ``suggest`` and ``apply`` in one call; a large table in one reading where that is possible.

    Bytes and report are those of the three calls, one after another. Where cells are suppressed for k, the
    combinations have to be counted before, so that the table is read as often as by these.

    Args:
        source: the table as it came.
        outputs: opens the writers for a policy. It is asked a second time when the rows decide otherwise
            than the first of them let expect; what was written before has then to be thrown away.
        decide: makes the policy of what was found. It is asked with what some rows show, then with what all
            do.
        key: 32 random bytes of this release. ``None`` makes one and forgets it.
        keys: where the key is that the policy names; ``None`` looks into the environment.
        progress: called with a stage, rows done and rows in all.
        name: the file's name as the sender gave it, for a stream.

    Returns:
        The evidence, with the policy and the findings. The result may leave only when ``report.blockers()``
        is empty.

    Raises:
        PolicyInvalid: the policy does not fit the table, or would publish no column.
        KeyInvalid: the policy's key is nowhere.
        SourceUnreadable: the source cannot be read to its end, or is no table.
    """
    return clean_table(_table(source, name), outputs, decide, key=key, keys=keys, progress=progress)


def _table(source: Source, name: str | None) -> Table:
    return source if isinstance(source, Table) else open_table(source, name)
