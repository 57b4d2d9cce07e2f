"""The evidence of a run: what was found, what was done, what remains. Counts and names, never a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from anonymize.engines.residue import Residue
from anonymize.entities import Entity
from anonymize.findings import ColumnFinding, Findings, SourceInfo
from anonymize.grading import basis
from anonymize.operators import get_operator
from anonymize.policy import Policy
from anonymize.risk import GRADES, Risk
from anonymize.risk.mosaic import Overlap
from anonymize.writers.base import Writer


@dataclass(frozen=True, slots=True)
class Blocker:
    """A reason why the result may not leave, and what to do about it."""

    code: str
    zh: str
    en: str
    columns: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain data: ``code``, ``message`` in both languages, ``columns``."""
        return {"code": self.code, "message": {"zh": self.zh, "en": self.en}, "columns": list(self.columns)}


@dataclass(frozen=True, slots=True)
class ColumnDone:
    """What happened to a column. ``changed``: cells that differ from the input; ``unchanged``: non-empty
    cells of an operator that must change them and did not; digests only for kept columns."""

    name: str
    operator: str
    params: Mapping[str, Any]
    entity: str | None
    level: int
    published: bool
    rows: int
    empty: int
    changed: int
    suppressed: int = 0
    unchanged: int = 0
    sha256_in: str | None = None
    sha256_out: str | None = None

    @property
    def equal(self) -> bool | None:
        """Whether the decoded cells of a kept column are equal; None for the others."""
        return None if self.sha256_in is None else self.sha256_in == self.sha256_out


@dataclass(frozen=True, slots=True)
class Output:
    """One file that was written. ``notes``: cells by column that the format could not take as they are."""

    format: str
    filename: str
    size: int
    sha256: str
    rows: int
    notes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of ``anonymize.apply``. ``leaks``: rows by (identifier column, column it stands in)."""

    policy: Policy
    findings: Findings
    done: tuple[ColumnDone, ...]
    residual: tuple[Residue, ...]
    leaks: Mapping[tuple[str, str], int]
    risk: Risk
    grade: int
    rows_in: int
    rows_out: int
    rescan_marked: bool
    versions: Mapping[str, str]
    outputs: tuple[Output, ...] = ()
    mosaic: tuple[Overlap, ...] = ()
    removed: int = 0
    """Rows that the policy's records took out."""

    @property
    def source(self) -> SourceInfo:
        """The file as it came."""
        return self.findings.source

    def with_outputs(self, outputs: tuple[Output, ...]) -> Report:
        """This report with the files that were written."""
        return replace(self, outputs=outputs)

    def with_mosaic(self, overlaps: tuple[Overlap, ...]) -> Report:
        """This report with what joining the result with public tables shows."""
        return replace(self, mosaic=overlaps)

    def blockers(self) -> tuple[Blocker, ...]:
        """Why the result may not leave; empty when it may."""
        from anonymize.blockers import find_blockers

        return find_blockers(self)

    def as_dict(self) -> dict[str, Any]:
        """Plain data; ``json.dumps`` takes it."""
        return {
            "version": 1,
            "software": dict(self.versions),
            "source": {**asdict(self.source), "columns": list(self.source.columns)},
            "policy": self.policy.as_dict(),
            "policy_sha256": self.policy.sha256,
            "rows": {"in": self.rows_in, "removed": self.removed, "out": self.rows_out},
            "findings": [_finding(column) for column in self.findings.columns],
            "secret_marking": None
            if self.findings.secret_marking is None
            else {"zh": self.findings.secret_marking.zh, "en": self.findings.secret_marking.en},
            "done": [_done(column) for column in self.done],
            "residual": [residue.as_dict() for residue in self.residual],
            "row_leaks": [
                {"identifier": a, "column": b, "rows": rows} for (a, b), rows in sorted(self.leaks.items())
            ],
            "risk": self.risk.as_dict(),
            "grade": {"value": self.grade, "zh": GRADES[self.grade].zh, "en": GRADES[self.grade].en},
            "mosaic": [overlap.as_dict() for overlap in self.mosaic],
            "outputs": [asdict(output) for output in self.outputs],
            "blockers": [blocker.as_dict() for blocker in self.blockers()],
        }

    def to_json(self) -> str:
        """The report as JSON text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=2) + "\n"

    def to_html(self, lang: str = "zh") -> str:
        """The report as one printable page with no outside reference."""
        from anonymize.report_html import render

        return render(self.as_dict(), lang)

    def to_pdf(self, lang: str = "zh") -> bytes:
        """The report as a PDF (A4); the same report gives the same bytes."""
        from anonymize.report_pdf import render_pdf

        return render_pdf(self.as_dict(), lang)


def describe_output(writer: Writer, filename: str) -> Output:
    """An ``Output`` of a closed writer."""
    notes = {name: dict(counts) for name, counts in asdict(writer.notes).items() if counts}
    return Output(writer.format, filename, writer.size, writer.sha256, writer.rows, notes)


def findings_as_dict(findings: Findings) -> dict[str, Any]:
    """Findings as plain data, as ``anonymize scan --json`` prints them."""
    marking = findings.secret_marking
    return {
        "source": {**asdict(findings.source), "columns": list(findings.source.columns)},
        "columns": [
            {**_finding(c), "proposed": {"name": c.proposed.name, "params": dict(c.proposed.params)}}
            for c in findings.columns
        ],
        "secret_marking": None if marking is None else {"zh": marking.zh, "en": marking.en},
        "version": findings.version,
    }


def _finding(column: ColumnFinding) -> dict[str, Any]:
    return {
        "index": column.index,
        "name": column.name,
        "kind": column.kind,
        "entity": None if column.entity is None else column.entity.value,
        "confidence": column.confidence,
        "share": column.share,
        "rows": column.rows,
        "nulls": column.nulls,
        "distinct": column.distinct,
        "matched": column.matched,
        "embedded": {entity.value: rows for entity, rows in column.embedded.items()},
        "level": column.level,
        "declared_type": column.declared_type,
        "max_length": column.max_length,
        "reason": {"zh": column.reason.zh, "en": column.reason.en},
    }


def _done(column: ColumnDone) -> dict[str, Any]:
    label = get_operator(column.operator).label
    grounds = basis(None if column.entity is None else Entity(column.entity), column.level)
    return {
        **asdict(column),
        "params": dict(column.params),
        "label": {"zh": label.zh, "en": label.en},
        "basis": {"zh": grounds.zh, "en": grounds.en},
        "equal": column.equal,
    }
