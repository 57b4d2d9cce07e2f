"""What of the re-scan of the output is a reason to refuse, and what the policy permits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from anonymize.entities import LEVEL, Entity
from anonymize.findings import ColumnFinding
from anonymize.policy import ColumnRule, Policy

INVENTED = frozenset({"hash", "pseudonym"})
"""Their output is made up and may look like anything; that no cell stayed as it was is proved otherwise."""
CLOSED = frozenset({"redact"})
"""Their output is one fixed text."""
PARTIAL = frozenset({Entity.PERSON, Entity.ADDRESS, Entity.DATE_OF_BIRTH})
"""Kinds of which a mask or a class leaves a part (surname, county, year) that still looks like the kind."""
PUBLIC_AT_LEVEL_1 = frozenset({Entity.USCC, Entity.LANDLINE, Entity.ADDRESS})
"""What an organisation publishes about itself: kept when the policy says level 1 (public)."""


@dataclass(frozen=True, slots=True)
class Residue:
    """One output column of the re-scan. ``found``: cells (distinct) and rows by kind; ``refused``: the
    kinds that may not leave; ``free_text``: prose that may hold anything; ``unnamed``: a personal number of
    no kind of its own (a pupil's, a certificate's, a chat account)."""

    column: str
    operator: str
    kind: str
    entity: Entity | None
    matched: int
    embedded: dict[str, int] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    free_text: bool = False
    unnamed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain data for the report."""
        return {
            "column": self.column,
            "operator": self.operator,
            "kind": self.kind,
            "entity": None if self.entity is None else self.entity.value,
            "matched": self.matched,
            "embedded": dict(self.embedded),
            "refused": list(self.refused),
            "free_text": self.free_text,
            "unnamed": self.unnamed,
            "permitted": not (self.refused or self.free_text or self.unnamed),
        }


def judge(columns: Sequence[ColumnFinding], policy: Policy) -> tuple[Residue, ...]:
    """Every output column as the re-scan saw it, with what is refused."""
    return tuple(_judge_column(finding, policy.rule(finding.name), policy) for finding in columns)


def _judge_column(finding: ColumnFinding, rule: ColumnRule, policy: Policy) -> Residue:
    operator = rule.operator.name
    whole = (
        {finding.entity} if finding.entity is not None and finding.kind in ("identifier", "quasi") else set()
    )
    inside = {entity for entity, rows in finding.embedded.items() if rows}
    refused = {entity for entity in whole | inside if not _permitted(entity, rule, policy)}
    kept = operator in ("keep", "suppress") and rule.level != 1
    return Residue(
        column=finding.name,
        operator=operator,
        kind=finding.kind,
        entity=finding.entity,
        matched=finding.matched,
        embedded={entity.value: rows for entity, rows in finding.embedded.items() if rows},
        refused=tuple(sorted(entity.value for entity in refused)),
        free_text=kept and finding.kind == "free_text",
        unnamed=kept and finding.kind == "identifier" and finding.entity is None,
    )


def _permitted(entity: Entity, rule: ColumnRule, policy: Policy) -> bool:
    operator = rule.operator.name
    if operator in INVENTED or operator in CLOSED or LEVEL.get(entity, 4) == 1:
        return True
    if operator in ("mask", "generalise"):
        return entity in PARTIAL
    if entity is Entity.DATE_OF_BIRTH and rule.name in policy.quasi_identifiers:
        # Not an identifier by itself: the bound on k decides.
        return True
    return rule.level == 1 and entity in PUBLIC_AT_LEVEL_1
