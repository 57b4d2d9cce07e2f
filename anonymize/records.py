"""Which rows of a table leave: the policy's rules for records, applied before anything else."""

from __future__ import annotations

from typing import Any

import polars as pl

from anonymize.keys import KeyRing
from anonymize.operators import Operator, OperatorContext, get_operator
from anonymize.policy import Policy


class RecordFilter:
    """The ``records`` of a policy, under one key.

    ``removed``: rows taken out so far, by the number of the rule from 0; a row that several rules take
    out counts for the first.
    """

    def __init__(self, policy: Policy, key: bytes, keys: KeyRing | None = None) -> None:
        self._key, self._keys = key, keys
        self._rules: list[tuple[Operator, Any]] = []
        for spec in policy.records:
            operator = get_operator(spec.name)
            self._rules.append((operator, operator.parse(spec.params)))
        self.removed: dict[int, int] = dict.fromkeys(range(len(self._rules)), 0)

    @property
    def total(self) -> int:
        """Rows taken out so far by all rules together."""
        return sum(self.removed.values())

    def __call__(self, batch: pl.DataFrame, row: pl.Series) -> pl.Series:
        """Which rows of ``batch`` stay (``Boolean``). ``row``: their numbers in the whole table, from 0."""
        stays = pl.Series("stays", [True] * batch.height, dtype=pl.Boolean)
        for number, (operator, params) in enumerate(self._rules):
            name = getattr(params, "column", None) or batch.columns[0]
            context = OperatorContext(self._key, name, row=row, keys=self._keys)
            kept = operator(batch[name], params, context)
            assert kept is not None  # noqa: S101  operators on records always answer
            self.removed[number] += int((stays & ~kept).sum())
            stays = stays & kept
        return stays
