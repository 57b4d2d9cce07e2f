"""From what was found to what should be done: a policy to start from, which people then change."""

from __future__ import annotations

from dataclasses import replace

from anonymize.entities import LEVEL, Entity
from anonymize.findings import ColumnFinding, Findings, OperatorSpec, Sentence
from anonymize.operators import check_spec
from anonymize.policy import ColumnRule, Policy
from anonymize.readers.table import Table
from anonymize.suggest_levels import settle_levels

_CLASSES = frozenset({"generalise", "keep", "suppress", "mask", "round"})
"""Operators after which a column still tells people apart."""

_SENSITIVE = frozenset({Entity.HEALTH, Entity.RELIGION})
"""Classes that make a table one about persons even where nobody is named."""

_RESIDUE = frozenset({Entity.DATE_OF_BIRTH, Entity.ADDRESS, Entity.RESIDENT_ID})
"""Kinds of which a class or a region is left."""


def suggest(findings: Findings, table: Table | None = None, k: int = 5) -> Policy:
    """A policy for the table that was scanned, in the order of its columns.

    Where the table is about people, the columns that identify in combination (date of birth, district,
    sex) become quasi-identifiers, and those of them that would be kept are suppressed in rows that stand
    out. A table without any identifier is statistics: everything in it is kept as it is.

    Args:
        findings: what the scan found.
        table: the source once more; when given, its quasi-identifiers are made so coarse that k holds with
            the least loss (``suggest_levels``). Without it, local suppression hides what stands out.
        k: rows that share a combination of quasi-identifiers, at least.

    Raises:
        PolicyInvalid: a finding proposes an operator that does not exist.
    """
    about_people = any(_direct(column) for column in findings.columns)
    rules = tuple(_rule(column, about_people=about_people) for column in findings.columns)
    quasi = tuple(
        rule.name
        for rule, column in zip(rules, findings.columns, strict=True)
        if about_people and _quasi(column) and rule.operator.name in _CLASSES
    )
    policy = Policy(columns=rules, name=findings.source.name, quasi_identifiers=quasi, k=k)
    return policy if table is None or not quasi else _settled(policy, table)


def _settled(policy: Policy, table: Table) -> Policy:
    """``policy`` with its quasi-identifiers as coarse as k needs."""
    settled, ladders = settle_levels(table, policy.columns, policy.quasi_identifiers, policy.k)
    if not settled:
        return policy
    rules = tuple(
        replace(rule, operator=settled[rule.name]) if rule.name in settled else rule
        for rule in policy.columns
    )
    return replace(policy, columns=rules, hierarchies=ladders)


def reasons(findings: Findings, lang: str = "zh", policy: Policy | None = None) -> dict[str, str]:
    """Why each column is treated as suggested: the comments of ``Policy.to_yaml``.

    ``policy``: the suggestion, when it was settled with the table; a column that k made coarser says so.
    """
    said = {}
    for column in findings.columns:
        reason = column.reason
        if policy is not None and policy.rule(column.name).operator not in _kept_or(column.proposed):
            reason = Sentence(
                f"{reason.zh}\n为使每种组合至少有 {policy.k} 行，比单列所需更粗。",
                f"{reason.en}\nCoarser than the column alone needs: {policy.k} rows share each combination.",
            )
        said[column.name] = reason.zh if lang.startswith("zh") else reason.en
    return said


def _kept_or(proposed: OperatorSpec) -> tuple[OperatorSpec, ...]:
    """What a proposal becomes without any search."""
    return (proposed, OperatorSpec("suppress"), OperatorSpec("keep"))


def _direct(column: ColumnFinding) -> bool:
    """Whether the column tells of persons: an identifier above level 1, prose with such inside, health or faith."""  # noqa: E501
    if column.kind == "free_text" or (column.kind == "quasi" and column.entity in _SENSITIVE):
        return True
    if column.kind == "identifier":
        return column.entity is None or LEVEL.get(column.entity, 4) > 1
    return any(rows and LEVEL.get(entity, 4) > 1 for entity, rows in column.embedded.items())


def _quasi(column: ColumnFinding) -> bool:
    """A masked resident ID counts too: the region that stays readable tells as much as an address."""
    return column.kind == "quasi" or column.entity in _RESIDUE


def _rule(column: ColumnFinding, *, about_people: bool) -> ColumnRule:
    spec = column.proposed
    check_spec(spec)
    if about_people and _quasi(column) and spec.name == "keep" and column.level != 1:
        spec = OperatorSpec("suppress")
    if not about_people and column.kind == "quasi":
        spec = OperatorSpec("keep")
    return ColumnRule(
        name=column.name,
        operator=spec,
        entity=column.entity,
        level=column.level,
        declared_type=column.declared_type if spec.name == "keep" else "text",
    )
