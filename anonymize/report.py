"""The evidence of a run: what was found, what was done, what remains. Counts and names, never a value."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from anonymize.blockers import Blocker, find_blockers
from anonymize.entities import Entity
from anonymize.findings import ColumnFinding, Findings
from anonymize.grading import basis
from anonymize.operators import get_operator
from anonymize.outcome import ColumnDone, Outcome, Output
from anonymize.risk import GRADES
from anonymize.risk.mosaic import Overlap
from anonymize.writers.base import Writer

__all__ = ["Blocker", "ColumnDone", "Output", "Report", "describe_output", "findings_as_dict"]


@dataclass(frozen=True, slots=True)
class Report(Outcome):
    """The outcome of ``anonymize.apply``, judged and ready to be shown."""

    def with_outputs(self, outputs: tuple[Output, ...]) -> Report:
        """This report with the files that were written."""
        return replace(self, outputs=outputs)

    def with_mosaic(self, overlaps: tuple[Overlap, ...]) -> Report:
        """This report with what joining the result with public tables shows."""
        return replace(self, mosaic=overlaps)

    def blockers(self) -> tuple[Blocker, ...]:
        """Why the result may not leave; empty when it may."""
        return find_blockers(self)

    def as_dict(self) -> dict[str, Any]:
        """Plain data; ``json.dumps`` takes it."""
        return {
            "version": 1,
            "software": dict(self.versions),
            "source": {**asdict(self.source), "columns": list(self.source.columns)},
            "policy": self.policy.as_dict(),
            "policy_sha256": self.policy.sha256,
            "key": {"name": self.policy.key, "check": self.key_check or None},
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
        from anonymize.report_html import render  # templates and typesetting are loaded for those who look

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
