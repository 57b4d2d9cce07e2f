"""What a column was found to be."""

from __future__ import annotations

from dataclasses import dataclass

from anonymize.entities import Entity
from anonymize.findings import ColumnKind, Sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column is, for how sure, and why; ``quasi`` names the kind of quasi-identifier."""

    kind: ColumnKind
    entity: Entity | None
    confidence: float
    reason: Sentence
    quasi: str | None = None
