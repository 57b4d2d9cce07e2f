"""The columns that a policy lets out, as writers want them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from anonymize.findings import OperatorSpec
from anonymize.operators import get_operator
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
    # What looked at a column that is not there any more has done its work: nothing of it is checked here.
    rules = tuple(_settled(rule, here) for rule in rules)
    allow = (replace(a, columns=tuple(name for name in a.columns if name in here)) for a in policy.allow)
    return replace(
        policy,
        columns=rules,
        records=(),
        allow=tuple(a for a in allow if a.values or a.prefixes or a.columns),
        quasi_identifiers=tuple(name for name in policy.quasi_identifiers if name in here),
        sensitive=tuple(name for name in policy.sensitive if name in here),
        hierarchies={name: specs for name, specs in policy.hierarchies.items() if name in here},
    )


def _settled(rule: ColumnRule, here: set[str]) -> ColumnRule:
    """The rule, without the name of another column that did not leave (``by``): the column names itself."""
    operator = get_operator(rule.operator.name)
    other = operator.reads(operator.parse(rule.operator.params))
    if other is None or other in here:
        return rule
    params = {**rule.operator.params, "by": rule.name}
    return replace(rule, operator=OperatorSpec(rule.operator.name, params))
