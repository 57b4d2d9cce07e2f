"""From the evidence of the batches to the report: the same whichever engine carried the plan out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

import polars as pl

from anonymize.blockers import within_bound
from anonymize.detect import Scanner
from anonymize.detect.profile import ColumnProfile
from anonymize.engines.equality import CellDigest
from anonymize.engines.examine import Cells, Partial
from anonymize.engines.leaks import Leaks
from anonymize.engines.plan import Plan
from anonymize.engines.residue import judge
from anonymize.entities import LEVEL
from anonymize.findings import ColumnFinding, Findings
from anonymize.operators import Effect, get_operator
from anonymize.policy import ColumnRule
from anonymize.report import ColumnDone, Report
from anonymize.risk import Groups, grade, measure


class Evidence:
    """Adds up what batches prove, in the order of the table.

    A column that is kept is proved equal cell by cell; where the scan of the input has looked at these very
    cells, what it saw holds for the output too, and the column is not looked at a second time.
    """

    def __init__(self, plan: Plan, profiles: Sequence[ColumnProfile]) -> None:
        """``profiles``: what a scan gathers of the same rows; it may still be gathering until ``report``."""
        self._plan = plan
        scanned = {} if plan.policy.records or plan.allow else {p.name: p for p in profiles}
        self._reused = {
            name: scanned[name]
            for name in plan.published
            if name in scanned and plan.policy.rule(name).operator.name == "keep"
        }
        self.again = tuple(name for name in plan.published if name not in self._reused)
        """Columns that ``examine`` has to look at again."""
        self._rescan = Scanner(self.again)
        self._groups = Groups(plan.policy.quasi_identifiers)
        self._sensitive: dict[str, Groups] = {}
        self._leaks: Leaks = Counter()
        self._cells = {name: Cells() for name in plan.columns}
        kept = [rule.name for rule in plan.policy.columns if rule.operator.name == "keep"]
        self._out = {name: CellDigest() for name in kept}
        self._in: dict[str, CellDigest] = {}
        self._read = self._rows = self._rows_out = 0

    def add(self, partial: Partial, after: pl.DataFrame) -> None:
        """The next batch: what it proves, and its rows as they leave."""
        self._read += partial.read
        self._rows += partial.rows
        self._rows_out += partial.rows_out
        self._groups.merge(partial.groups)
        for name, groups in partial.sensitive.items():
            self._sensitive.setdefault(name, Groups(groups.columns)).merge(groups)
        self._leaks.update(partial.leaks)
        self._rescan.merge(partial.rescan)
        for name, cells in partial.cells.items():
            total = self._cells[name]
            total.empty += cells.empty
            total.changed += cells.changed
            total.unchanged += cells.unchanged
            total.suppressed += cells.suppressed
        for name, digest in self._out.items():
            if name in partial.unequal and name not in self._in:
                self._in[name] = digest.copy()
            if name in self._in:
                self._in[name].add(partial.unequal.get(name, after[name]))
            digest.add(after[name])

    def report(self, rows_written: list[int], findings: Findings) -> Report:
        """The report. ``rows_written``: by each sink; ``findings``: of the scan of the input."""
        plan = self._plan
        rescan = self._whole_rescan()
        residual = judge(rescan.columns(), plan.policy, findings.columns)
        suppressed = {name: cells.suppressed for name, cells in self._cells.items() if cells.suppressed}
        risk = measure(self._groups, self._sensitive, plan.policy.k, suppressed, self._rows)
        columns = tuple(self._done(rule) for rule in plan.policy.columns)
        direct = (
            any(r.refused or r.free_text for r in residual)
            or bool(self._leaks)
            or any(c.unchanged for c in columns)
        )
        about_people = bool(self._groups.columns) or any(_about_people(c) for c in findings.columns)
        return Report(
            policy=plan.policy,
            findings=findings,
            done=columns,
            residual=residual,
            leaks=dict(self._leaks),
            risk=risk,
            grade=grade(
                direct=direct, within_bound=within_bound(risk, plan.policy), about_people=about_people
            ),
            rows_in=self._read,
            removed=self._read - self._rows,
            rows_out=min([self._rows_out, *rows_written]),
            rescan_marked=bool(rescan.secret_columns()),
            versions=versions(),
            key_check=plan.key_check,
        )

    def _whole_rescan(self) -> Scanner:
        looked = {profile.name: profile for profile in self._rescan.profiles} | self._reused
        return Scanner.of([looked[name] for name in self._plan.published])

    def _done(self, rule: ColumnRule) -> ColumnDone:
        cells, digest = self._cells[rule.name], self._out.get(rule.name)
        out = None if digest is None else digest.hexdigest()
        return ColumnDone(
            name=rule.name,
            operator=rule.operator.name,
            params=dict(rule.operator.params),
            entity=None if rule.entity is None else rule.entity.value,
            level=rule.level,
            published=get_operator(rule.operator.name).effect is not Effect.GONE,
            rows=self._rows,
            empty=cells.empty,
            changed=cells.changed,
            suppressed=cells.suppressed,
            unchanged=cells.unchanged,
            sha256_in=self._in[rule.name].hexdigest() if rule.name in self._in else out,
            sha256_out=out,
        )


def _about_people(column: ColumnFinding) -> bool:
    level = LEVEL.get(column.entity, 4) if column.entity is not None else 1
    return (
        (column.kind == "identifier" and level > 1)
        or column.kind == "free_text"
        or any(LEVEL.get(entity, 4) > 1 and rows for entity, rows in column.embedded.items())
    )


def versions() -> dict[str, str]:
    """The software that a report was made with."""
    names = ("govdata", "polars", "presidio-analyzer", "faker", "pyarrow", "xlsxwriter")
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "?"
    return found
