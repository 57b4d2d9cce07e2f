"""The columns that a policy lets out, as writers want them."""

from __future__ import annotations

from anonymize.policy import Policy
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
