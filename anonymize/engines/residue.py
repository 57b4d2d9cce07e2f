"""What of the re-scan of the output is a reason to refuse, and what the policy permits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from anonymize.entities import LEVEL, Entity
from anonymize.findings import ColumnFinding
from anonymize.operators import Effect, with_effect
from anonymize.policy import ColumnRule, Policy

INVENTED = with_effect(Effect.INVENTED)
"""Their output is made up and may look like anything; that no cell stayed as it was is proved otherwise."""
CLOSED = with_effect(Effect.CLOSED)
"""Their output is one fixed text."""
KEPT = with_effect(Effect.WHOLE, Effect.CHANGED) - {"scrub_text"}
"""Cells of the input may leave whole."""
PARTIAL = frozenset({Entity.PERSON, Entity.ADDRESS, Entity.DATE_OF_BIRTH})
"""Kinds of which a mask or a class leaves a part (surname, county, year) that still looks like the kind."""
COMBINING = frozenset({Entity.DATE_OF_BIRTH, Entity.ETHNIC_GROUP, Entity.COORDINATES})
"""Classes that identify in combination: where the policy counts the column as a quasi-identifier, k decides."""  # noqa: E501
SENSITIVE_CLASSES = frozenset({Entity.RELIGION, Entity.HEALTH})
"""Classes that are sensitive by themselves; a group that shares one gives it away whatever k is."""
_LOCAL = frozenset({Entity.STUDENT_NUMBER, Entity.SOCIAL_SECURITY})
"""Kinds that carry an ID, or are numbers that a school or an insurer made up: those have no value that matches."""  # noqa: E501
_IN_BANDS = frozenset({Entity.COORDINATES, Entity.HEALTH, Entity.RELIGION, Entity.ETHNIC_GROUP})
"""Kinds beyond level 2 whose numbers are measures, shared by many: a band says less than they do."""
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


def judge(
    columns: Sequence[ColumnFinding], policy: Policy, found: Sequence[ColumnFinding] = ()
) -> tuple[Residue, ...]:
    """Every output column as the re-scan saw it, with what is refused.

    ``found``: what the scan of the input saw. That a column tells of persons is often to be known only while their names
    stand beside it, so a sensitive class that was found there counts where cells of it stay.
    """  # noqa: E501
    sensitive = {c.name: c.entity for c in found if c.kind == "quasi" and c.entity in SENSITIVE_CLASSES}
    before = {c.name: c for c in found}
    return tuple(
        _without_bands(
            _judge_column(finding, policy.rule(finding.name), policy, sensitive.get(finding.name)),
            policy.rule(finding.name),
            before.get(finding.name),
        )
        for finding in columns
    )


def _without_bands(residue: Residue, rule: ColumnRule, found: ColumnFinding | None) -> Residue:
    """The residue, with bands of numbers that each belong to one person refused.

    A telephone in a band of one, of ten or of a thousand is still nearly the telephone, and the re-scan does
    not know it again: what the input held decides.
    """
    if rule.operator.name != "generalise" or rule.operator.params.get("to") != "band":
        return residue
    entity = rule.entity
    if entity is None and found is not None and found.kind in ("identifier", "quasi"):
        entity = found.entity
    if entity is None:
        unnamed = found is not None and found.kind == "identifier" and rule.level != 1
        return replace(residue, unnamed=True) if unnamed else residue
    if entity in _IN_BANDS or LEVEL.get(entity, 4) <= 2:
        return residue
    return replace(residue, refused=tuple(sorted({*residue.refused, entity.value})))


def _judge_column(
    finding: ColumnFinding, rule: ColumnRule, policy: Policy, sensitive: Entity | None
) -> Residue:
    operator = rule.operator.name
    whole = (
        {finding.entity} if finding.entity is not None and finding.kind in ("identifier", "quasi") else set()
    )
    local = finding.entity in _LOCAL and not finding.matched
    if local:
        whole = set()
    if sensitive is not None and operator in KEPT:
        whole = whole | {sensitive}
    inside = {entity for entity, rows in finding.embedded.items() if rows}
    refused = {entity for entity in whole | inside if not _permitted(entity, rule, policy)}
    kept = operator in KEPT and rule.level != 1
    return Residue(
        column=finding.name,
        operator=operator,
        kind=finding.kind,
        entity=finding.entity,
        matched=finding.matched,
        embedded={entity.value: rows for entity, rows in finding.embedded.items() if rows},
        refused=tuple(sorted(entity.value for entity in refused)),
        free_text=kept and finding.kind == "free_text",
        unnamed=kept and finding.kind == "identifier" and (finding.entity is None or local),
    )


def _permitted(entity: Entity, rule: ColumnRule, policy: Policy) -> bool:
    operator = rule.operator.name
    if operator in INVENTED or operator in CLOSED or LEVEL.get(entity, 4) == 1:
        return True
    if operator in ("mask", "generalise"):
        return entity in PARTIAL
    if LEVEL.get(entity, 4) == 2 or (entity in COMBINING and rule.name in policy.quasi_identifiers):
        # Not an identifier by itself: the bound on k decides.
        return True
    if entity in SENSITIVE_CLASSES:
        # A person says it is public, or k or l bounds it.
        bounded = rule.name in policy.quasi_identifiers or (rule.name in policy.sensitive and policy.l >= 2)
        return rule.level == 1 or bounded
    return rule.level == 1 and entity in PUBLIC_AT_LEVEL_1
