"""The engine for one machine: reading, carrying out, proving and writing at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from anonymize.detect import scan
from anonymize.engines.base import Progress
from anonymize.engines.evidence import Evidence
from anonymize.engines.examine import examine
from anonymize.engines.plan import Moved, Plan
from anonymize.findings import Findings
from anonymize.keys import KeyRing
from anonymize.lanes import Lane, Lanes, ahead
from anonymize.policy import Policy
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.writers.base import Writer
from anonymize.writers.fanout import writer_lane


def apply(
    table: Table,
    policy: Policy | Plan,
    sinks: Sequence[Writer],
    *,
    key: bytes | None = None,
    keys: KeyRing | None = None,
    progress: Progress | None = None,
    findings: Findings | None = None,
) -> Report:
    """Carry out ``policy`` on ``table``; every sink gets the same frames and is closed at the end.

    Args:
        table: the source; read once, twice when cells must be suppressed, once more without ``findings``.
        policy: parsed; it must name the columns of the table (``Policy.bind``). A ``Plan`` is a policy that
            has been bound to this table already.
        sinks: writers whose fields are the published columns, in the table's order. May be empty.
        key: 32 random bytes of this release. ``None`` makes one and forgets it.
        keys: where the key is that the policy names; ``None`` looks into the environment.
        progress: called with rows done and total.
        findings: what a scan of this very table found, when it was made before.

    Returns:
        The evidence. The result may leave only when ``report.blockers()`` is empty: the caller decides
        what becomes of the sinks' outputs.

    Raises:
        PolicyInvalid: the policy does not fit the table, or would publish no column.
        KeyInvalid: the policy's key is nowhere.
        SourceUnreadable: the source cannot be read to its end.
    """
    if findings is None:
        if not isinstance(policy, Plan):
            policy.bind(table.columns)
        findings = scan(table, progress=progress)
    plan = policy if isinstance(policy, Plan) else Plan.make(table, policy, findings, key=key, keys=keys)
    evidence = Evidence(plan, findings)
    total = table.info.rows

    def prove(batches: Iterator[Moved]) -> None:
        for moved in batches:
            evidence.add(examine(plan, moved, evidence.again), moved.after)

    proof = Lane("prove", prove)
    writers = Lanes([writer_lane(sink) for sink in sinks])
    with Lanes([proof]) as provers, writers as outputs:
        # One thread reads and carries out: every further one holds a batch more in memory.
        for moved in ahead(carried_out(plan, table.batches())):
            outputs.put(moved.after)
            provers.put(moved)
            if progress is not None:
                progress("desensitise", moved.first + moved.read, total)
    if progress is not None:
        progress("assess", total, total)
    return evidence.report([sink.rows for sink in sinks])


def carried_out(plan: Plan, batches: Iterator[pl.DataFrame]) -> Iterator[Moved]:
    """Each batch of the table in order, carried out."""
    first = 0
    for batch in batches:
        yield plan.carry_out(batch, first)
        first += batch.height
