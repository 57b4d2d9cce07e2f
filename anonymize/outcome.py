"""What came of a run, as bare facts: what was done to each column, what was written, what was measured.

Counts and names, never a value. Whether it may leave is judged in ``blockers``; ``report`` shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anonymize.engines.residue import Residue
from anonymize.findings import Findings, SourceInfo
from anonymize.policy import Policy
from anonymize.risk import Risk
from anonymize.risk.mosaic import Overlap


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
class Outcome:
    """One run. ``leaks``: rows by (identifier column, column it stands in); ``key_check``: by what the
    lasting key is known, empty where there was none."""

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
    key_check: str = ""

    @property
    def source(self) -> SourceInfo:
        """The file as it came."""
        return self.findings.source
