"""The columns that a policy lets out, as writers want them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from anonymize.findings import OperatorSpec
from anonymize.policy import ColumnRule, Policy
from anonymize.writers.base import FieldSpec


def published_fields(policy: Policy, columns: tuple[str, ...]) -> tuple[FieldSpec, ...]:
    """The published columns of a table with these columns, in its order.

    Only a kept column may carry a type: stars and classes stand in every other. Raises PolicyInvalid when
    policy and table do not fit.
    """
    return tuple(
        FieldSpec(
            name=rule.name,
            declared_type=rule.declared_type if rule.operator.name == "keep" else "text",
            title=rule.name,
            description=rule.description,
        )
        for rule in policy.bind(columns).columns
        if rule.operator.name != "drop"
    )


def policy_of_output(policy: Policy, columns: Sequence[str]) -> Policy:
    """The policy for a table that it made and that has these columns: dropped ones are not there any more.

    A column that the policy does not name counts as kept and personal (level 3), so that whatever is found in
    it is refused.
    """
    known = {rule.name: rule for rule in policy.columns if rule.operator.name != "drop"}
    rules = tuple(known.get(name) or ColumnRule(name, OperatorSpec("keep"), level=3) for name in columns)
    here = set(columns)
    return replace(
        policy,
        columns=rules,
        quasi_identifiers=tuple(name for name in policy.quasi_identifiers if name in here),
        sensitive=tuple(name for name in policy.sensitive if name in here),
        hierarchies={name: specs for name, specs in policy.hierarchies.items() if name in here},
    )
