"""The engine for one machine: reading, carrying out, proving and writing at the same time.

Without findings the table is scanned while it is carried out, where that is possible (``Foreseen``), and
scanned before where it is not. Bytes and report are the same.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple

import polars as pl

from anonymize.detect import Look, scan
from anonymize.detect.batch import Batch
from anonymize.engines.base import Progress
from anonymize.engines.evidence import Evidence
from anonymize.engines.examine import examine
from anonymize.engines.foresee import foreseen
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
        table: the source; read once, twice when cells must be suppressed, once more without ``findings`` when
            the scan cannot go on beside.
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
    if findings is not None:
        plan = policy if isinstance(policy, Plan) else Plan.make(table, policy, findings, key=key, keys=keys)
        return _carry_out(plan, table, sinks, findings, progress)
    guess = foreseen(table, policy, key=key, keys=keys)
    if guess is None:
        return apply(
            table,
            policy,
            sinks,
            key=key,
            keys=keys,
            progress=progress,
            findings=scan(table, progress=progress),
        )
    done = scan_and_carry_out(guess, table, sinks, progress)
    if done.plan is guess:
        return done.report
    # The bytes are right; what was looked for in them was not all that there is.
    return _carry_out(done.plan, table, [], done.report.findings, progress, written=sinks)


class Done(NamedTuple):
    """``plan``: what the findings make of the plan that was carried out; itself when it was foreseen."""

    plan: Plan
    report: Report


def scan_and_carry_out(
    plan: Plan, table: Table, sinks: Sequence[Writer], progress: Progress | None = None
) -> Done:
    """One reading for both: each batch is looked at, carried out, proved and written.

    The evidence in the report is whole when the plan is what the findings make of it (``Done``).
    """
    looking = Look(table)
    evidence = Evidence(plan, looking.profiles)
    total = table.info.rows
    with closing(_read_ahead(plan, table)) as steps:
        first = next(steps, None)
        lookers = [] if first is None else looking.lanes(first.moved.before)
        with Lanes(lookers) as lookouts, _provers(plan, evidence) as provers, _outputs(sinks) as outputs:
            step, first = first, None  # a batch that is done with is not kept
            while step is not None:
                if step.read is not None:
                    lookouts.put(step.read)
                outputs.put(step.moved.after)
                provers.put(step)
                if progress is not None:
                    progress("desensitise", step.moved.first + step.moved.read, total)
                step = next(steps, None)
    if progress is not None:
        progress("assess", total, total)
    findings = looking.findings()
    return Done(plan.as_found(findings), evidence.report([sink.rows for sink in sinks], findings))


def _carry_out(
    plan: Plan,
    table: Table,
    sinks: Sequence[Writer],
    findings: Findings,
    progress: Progress | None,
    written: Sequence[Writer] = (),
) -> Report:
    """One reading of a table that was scanned. ``written``: sinks that have all rows already."""
    evidence = Evidence(plan, findings.profiles)
    total = table.info.rows
    with _provers(plan, evidence) as provers, _outputs(sinks) as outputs:
        # One thread reads and carries out: every further one holds a batch more in memory.
        for moved in ahead(carried_out(plan, table.batches())):
            outputs.put(moved.after)
            provers.put(_Step(None, moved))
            if progress is not None:
                progress("desensitise", moved.first + moved.read, total)
    if progress is not None:
        progress("assess", total, total)
    return evidence.report([sink.rows for sink in (*sinks, *written)], findings)


class _Step(NamedTuple):
    """A batch as read, when a scan looks at it beside, and what became of it."""

    read: Batch | None
    moved: Moved


def _provers(plan: Plan, evidence: Evidence) -> Lanes[_Step]:
    def prove(steps: Iterator[_Step]) -> None:
        for step in steps:
            evidence.add(examine(plan, step.moved, evidence.again, step.read), step.moved.after)

    return Lanes([Lane("prove", prove)])


def _outputs(sinks: Sequence[Writer]) -> Lanes[pl.DataFrame]:
    return Lanes([writer_lane(sink) for sink in sinks])


def _read_ahead(plan: Plan, table: Table) -> Generator[_Step, None, None]:
    def steps() -> Iterator[_Step]:
        first = 0
        for frame in table.batches():
            yield _Step(Batch(frame), plan.carry_out(frame, first))
            first += frame.height

    return ahead(steps())


def carried_out(plan: Plan, batches: Iterator[pl.DataFrame]) -> Iterator[Moved]:
    """Each batch of the table in order, carried out."""
    first = 0
    for batch in batches:
        yield plan.carry_out(batch, first)
        first += batch.height
