"""From what was found to what should be done: a policy to start from, which people then change."""

from __future__ import annotations

from anonymize.entities import LEVEL, Entity
from anonymize.findings import ColumnFinding, Findings, OperatorSpec
from anonymize.operators import check_spec
from anonymize.policy import ColumnRule, Policy

_CLASSES = frozenset({"generalise", "keep", "suppress", "mask"})
"""Operators after which a column still tells people apart."""

_RESIDUE = frozenset({Entity.DATE_OF_BIRTH, Entity.ADDRESS, Entity.RESIDENT_ID})
"""Kinds of which a class or a region is left."""


def suggest(findings: Findings) -> Policy:
    """A policy for the table that was scanned, in the order of its columns.

    Where the table is about people, the columns that identify in combination (date of birth, district,
    sex) become quasi-identifiers, and those of them that would be kept are suppressed in rows that stand
    out. A table without any identifier is statistics: everything in it is kept as it is.

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
    return Policy(columns=rules, name=findings.source.name, quasi_identifiers=quasi)


def reasons(findings: Findings, lang: str = "zh") -> dict[str, str]:
    """Why each column is treated as suggested: the comments of ``Policy.to_yaml``."""
    return {c.name: c.reason.zh if lang.startswith("zh") else c.reason.en for c in findings.columns}


def _direct(column: ColumnFinding) -> bool:
    """Whether the column names persons: an identifier above level 1, or prose with such inside."""
    if column.kind == "free_text":
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
