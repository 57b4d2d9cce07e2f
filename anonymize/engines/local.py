"""The engine for one machine: one pass that transforms, writes, re-scans and counts at the same time."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

import polars as pl

from anonymize.blockers import within_bound
from anonymize.detect import Scanner, scan
from anonymize.engines.base import Progress
from anonymize.engines.leaks import RowLeaks
from anonymize.engines.residue import PUBLIC_AT_LEVEL_1, judge
from anonymize.engines.tally import Tally
from anonymize.engines.transform import Transformer
from anonymize.entities import LEVEL, Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import ColumnFinding, Findings
from anonymize.lanes import Lane, Lanes
from anonymize.policy import Policy
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.risk import Groups, Suppression, grade, measure, plan_suppression
from anonymize.writers.base import Writer
from anonymize.writers.fanout import writer_lane

KEY_BYTES = 32
_SEEN = ("keep", "suppress", "scrub_text")
"""Operators whose output may still hold cells of the input."""


def apply(
    table: Table,
    policy: Policy,
    sinks: Sequence[Writer],
    *,
    key: bytes | None = None,
    progress: Progress | None = None,
    findings: Findings | None = None,
) -> Report:
    """Carry out ``policy`` on ``table``; every sink gets the same frames and is closed at the end.

    Args:
        table: the source; read once, twice when cells must be suppressed, once more without ``findings``.
        policy: parsed; it must name the columns of the table (``Policy.bind``).
        sinks: writers whose fields are the published columns, in the table's order. May be empty.
        key: 32 random bytes of this release. ``None`` makes one and forgets it.
        progress: called with rows done and total.
        findings: what a scan of this very table found, when it was made before.

    Returns:
        The evidence. The result may leave only when ``report.blockers()`` is empty: the caller decides
        what becomes of the sinks' outputs.

    Raises:
        PolicyInvalid: the policy does not fit the table, or would publish no column.
        SourceUnreadable: the source cannot be read to its end.
    """
    bound = policy.bind(table.columns)
    key = _checked_key(key)
    if findings is None:
        findings = scan(table, progress=progress)
    found = {column.name: column for column in findings.columns}
    identifiers = _identifiers(bound, found)
    transformer = Transformer(bound, key, identifiers)
    published = [rule.name for rule in transformer.published]
    if not published:
        raise PolicyInvalid("方案没有留下任何一列可以发布。", "The policy leaves no column to publish.")
    total = table.info.rows
    suppression = _suppression(table, bound, transformer)
    texts = [rule.name for rule in transformer.published if rule.operator.name in _SEEN]
    leaks = RowLeaks(identifiers, [name for name in texts if name not in identifiers])
    groups = Groups(bound.quasi_identifiers)
    sensitive = {name: Groups([*bound.quasi_identifiers, name]) for name in bound.sensitive if groups.columns}
    tally = Tally(bound)

    def scan_again(frames: Iterator[pl.DataFrame]) -> Scanner:
        scanner = Scanner(tuple(published))
        for frame in frames:
            scanner.feed(frame)
        return scanner

    rescan = Lane("rescan", scan_again)
    with Lanes([rescan, *(writer_lane(sink) for sink in sinks)]) as lanes:
        done = 0
        for batch in table.batches():
            plain = transformer(batch)
            after = suppression.apply(plain)
            lanes.put(after)
            leaks.add(batch, after)
            groups.add(after)
            for both in sensitive.values():
                both.add(after)
            tally.add(batch, plain, after)
            done += batch.height
            if progress is not None:
                progress("desensitise", done, total)
    if progress is not None:
        progress("assess", total, total)

    rescanned = rescan.result
    residual = judge(rescanned.columns(), bound)
    risk = measure(groups, sensitive, bound.k, tally.suppressed, tally.rows)
    columns = tally.columns()
    direct = (
        any(r.refused or r.free_text for r in residual)
        or bool(leaks.counts)
        or any(c.unchanged for c in columns)
    )
    about_people = bool(groups.columns) or any(_about_people(column) for column in findings.columns)
    return Report(
        policy=bound,
        findings=findings,
        done=columns,
        residual=residual,
        leaks=dict(leaks.counts),
        risk=risk,
        grade=grade(direct=direct, within_bound=within_bound(risk, bound), about_people=about_people),
        rows_in=tally.rows,
        rows_out=min([tally.rows_out, *(sink.rows for sink in sinks)]),
        rescan_marked=bool(rescanned.secret_columns()),
        versions=_versions(),
    )


def _checked_key(key: bytes | None) -> bytes:
    if key is None:
        return secrets.token_bytes(KEY_BYTES)
    if len(key) != KEY_BYTES:
        raise PolicyInvalid("发布密钥应为 32 字节。", "The key of a release has 32 bytes.")
    return key


def _identifiers(policy: Policy, found: dict[str, ColumnFinding]) -> dict[str, Entity | None]:
    """Input columns whose cells must not be found anywhere else in what leaves of their row."""
    result: dict[str, Entity | None] = {}
    for rule in policy.columns:
        finding = found.get(rule.name)
        entity = rule.entity
        if entity is None and finding is not None and finding.kind == "identifier":
            entity = finding.entity
        if entity is None or entity is Entity.DATE_OF_BIRTH:
            # The same day stands in many columns for other reasons.
            continue
        public = LEVEL.get(entity, 4) == 1 or (rule.level == 1 and entity in PUBLIC_AT_LEVEL_1)
        if public and rule.operator.name in ("keep", "suppress"):
            continue
        result[rule.name] = entity
    return result


def _suppression(table: Table, policy: Policy, transformer: Transformer) -> Suppression:
    """Count the combinations of the transformed quasi-identifiers; what must go so that k holds."""
    quasi = policy.quasi_identifiers
    fixed = [name for name in quasi if policy.rule(name).operator.name == "keep"]
    if len(fixed) == len(quasi):
        return Suppression((), pl.DataFrame())
    groups = Groups(quasi)
    for batch in table.batches():
        groups.add(transformer(batch, frozenset(quasi)))
    return plan_suppression(groups, fixed, policy.k)


def _about_people(column: ColumnFinding) -> bool:
    level = LEVEL.get(column.entity, 4) if column.entity is not None else 1
    return (
        (column.kind == "identifier" and level > 1)
        or column.kind == "free_text"
        or any(LEVEL.get(entity, 4) > 1 and rows for entity, rows in column.embedded.items())
    )


def _versions() -> dict[str, str]:
    names = ("govdata", "polars", "presidio-analyzer", "faker", "pyarrow", "xlsxwriter")
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "?"
    return found
