"""One batch through the policy: the only place where operators are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from anonymize.entities import Entity
from anonymize.operators import REDACTED, Operator, OperatorContext, get_operator
from anonymize.policy import ColumnRule, Policy


class Transformer:
    """``policy`` bound to a table, under one key.

    ``identifiers``: the input columns that hold one person's (or firm's) identifier a cell, with their
    kind; operators see them as siblings.
    """

    def __init__(self, policy: Policy, key: bytes, identifiers: Mapping[str, Entity | None]) -> None:
        self._key = key
        self._identifiers = dict(identifiers)
        self._steps: list[tuple[ColumnRule, Operator, Any]] = []
        for rule in policy.columns:
            operator = get_operator(rule.operator.name)
            self._steps.append((rule, operator, operator.parse(rule.operator.params)))

    @property
    def published(self) -> tuple[ColumnRule, ...]:
        """The rules of the columns that leave."""
        return tuple(rule for rule, operator, _ in self._steps if operator.name != "drop")

    def __call__(self, batch: pl.DataFrame, only: frozenset[str] | None = None) -> pl.DataFrame:
        """The batch as it leaves, before suppression; ``only``: these columns alone."""
        siblings = {name: (entity, batch[name]) for name, entity in self._identifiers.items()}
        columns: list[pl.Series] = []
        for rule, operator, params in self._steps:
            if only is not None and rule.name not in only:
                continue
            others = {name: pair for name, pair in siblings.items() if name != rule.name}
            context = OperatorContext(self._key, rule.name, rule.entity, others)
            result = operator(batch[rule.name], params, context)
            if result is None:
                continue
            if operator.name == "pseudonym":
                result = _without_coincidence(result, others)
            columns.append(result)
        return pl.DataFrame(columns)


def _without_coincidence(
    made: pl.Series, siblings: Mapping[str, tuple[Entity | None, pl.Series]]
) -> pl.Series:
    """An invented name that happens to be another real one of the same row is hidden."""
    for _, values in siblings.values():
        clash = (made == values) & (made != "")
        if clash.any():
            made = made.zip_with(~clash, pl.Series([REDACTED] * len(made))).alias(made.name)
    return made
