"""What a scan says: counts and shares, never a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from anonymize.entities import Entity

ColumnKind = Literal["empty", "identifier", "quasi", "free_text", "plain"]
"""identifier: one personal value a cell; quasi: identifies only in combination (date of birth,
region, sex); free_text: prose that may hold anything; plain: nothing personal."""

DeclaredType = Literal["text", "integer", "decimal", "boolean", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One reason or message, in both languages of the interface."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class OperatorSpec:
    """An operator by name and its parameters, as they stand in a policy file."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnFinding:
    """What one column holds.

    ``share`` is ``matched / distinct``: the share of *distinct non-empty values* that pass the
    recognizer whole (a true ID column passes near 1.0, a coincidence at 0.09–0.10).
    ``embedded`` counts *rows* in which an entity stands inside a longer text.
    """

    index: int
    name: str
    kind: ColumnKind
    entity: Entity | None
    confidence: float
    rows: int
    nulls: int
    distinct: int
    matched: int
    embedded: Mapping[Entity, int]
    level: int
    declared_type: DeclaredType
    max_length: int
    proposed: OperatorSpec
    reason: Sentence

    @property
    def share(self) -> float:
        return self.matched / self.distinct if self.distinct else 0.0


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """The file as it came: nothing here is content."""

    name: str
    format: str
    encoding: str | None
    delimiter: str | None
    size: int
    sha256: str
    rows: int
    columns: tuple[str, ...]
    header_rows: int
    """Rows taken as title and header (a title row and a merged header make 3, say)."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The outcome of ``anonymize.scan``."""

    source: SourceInfo
    columns: tuple[ColumnFinding, ...]
    secret_marking: Sentence | None
    """Set when the material carries a secrecy marking (绝密/机密/秘密★): it may not enter (SX-2)."""
    version: str
    notes: tuple[Sentence, ...] = ()
    """What a person should know about how the source was read (sheets left out, digits lost by Excel)."""

    profiles: tuple[Any, ...] = field(default=(), compare=False, repr=False)
    """What the scan gathered of each column (``detect.profile.ColumnProfile``), while it is in memory: a
    column that leaves unchanged needs no second look. It holds cells, so it goes into no document."""

    @property
    def personal(self) -> tuple[ColumnFinding, ...]:
        """Columns that may not stay as they are."""
        return tuple(c for c in self.columns if c.kind in ("identifier", "free_text") or c.embedded)
