"""The plan: a policy bound to one table, with everything decided that an engine must know before row one.

What a batch becomes depends on the plan, the batch and the number of its first row, and on nothing else:
batches may be carried out in any order, on any machine, and give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import polars as pl

from anonymize.allow import AllowList
from anonymize.entities import LEVEL, Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import ColumnFinding, Findings
from anonymize.keys import KeyRing
from anonymize.lanes import ahead
from anonymize.operators import REDACTED, Effect, Operator, OperatorContext, get_operator
from anonymize.policy import ColumnRule, Policy
from anonymize.readers.table import Table
from anonymize.records import RecordFilter
from anonymize.risk import Groups, Suppression, plan_suppression

KEY_BYTES = 32
_PUBLIC_AT_LEVEL_1 = frozenset({Entity.USCC, Entity.LANDLINE, Entity.ADDRESS})
_SIBLINGS = frozenset({"scrub_text"})
"""Operators that look at the other identifiers of the row."""


class Moved(NamedTuple):
    """One batch: the rows as read that stay, as transformed, and as they leave (after suppression).

    ``first``: number of the batch's first row in the table; ``read``: rows of the batch, whether they stay or
    not.
    """

    first: int
    read: int
    before: pl.DataFrame
    plain: pl.DataFrame
    after: pl.DataFrame


class _Step(NamedTuple):
    rule: ColumnRule
    operator: Operator
    params: Any


@dataclass(frozen=True)
class Plan:
    """What an engine carries out. It can be pickled; it then holds the key, so it belongs into no file.

    ``policy``: bound to the table's columns. ``identifiers``: input columns that hold one identifier a cell,
    with their kind, whose values must not be found elsewhere in their row. ``suppression``: which
    combinations of quasi-identifiers lose which cells. ``whole``: columns that an operator has to see whole.
    """

    policy: Policy
    columns: tuple[str, ...]
    identifiers: Mapping[str, Entity | None]
    key: bytes = field(repr=False)
    keys: KeyRing = field(repr=False)
    suppression: Suppression = field(default_factory=lambda: Suppression((), pl.DataFrame()), repr=False)
    whole: Mapping[str, pl.Series] = field(default_factory=dict, repr=False)

    @classmethod
    def make(
        cls,
        table: Table,
        policy: Policy,
        findings: Findings,
        *,
        key: bytes | None = None,
        keys: KeyRing | None = None,
    ) -> Plan:
        """Bind ``policy`` to ``table`` and read the table as far as the decisions need it.

        Args:
            table: read once when cells must be suppressed for k or a column has to be seen whole.
            policy: it must name the columns of the table.
            findings: what a scan of this very table found.
            key: 32 random bytes of this release. ``None`` makes one and forgets it.
            keys: where the key is that the policy names; ``None`` looks into the environment.

        Raises:
            PolicyInvalid: the policy does not fit the table, or would publish no column.
            KeyInvalid: the policy's key is nowhere.
        """
        plan = cls.bind(table.columns, policy, findings, key=key, keys=keys)
        if not plan.needs_all_rows:
            return plan
        groups = Groups(plan.policy.quasi_identifiers)
        pieces: list[pl.DataFrame] = []
        row = 0
        for batch in ahead(table.batches()):
            if plan.suppressible:
                groups.add(plan.classes(batch, row))
            pieces.append(plan.staying_cells(batch, row))
            row += batch.height
        return plan.decided(groups, pieces)

    @classmethod
    def bind(
        cls,
        columns: tuple[str, ...],
        policy: Policy,
        findings: Findings,
        *,
        key: bytes | None = None,
        keys: KeyRing | None = None,
    ) -> Plan:
        """The plan as far as it needs no look at the rows."""
        bound = policy.bind(columns)
        if key is not None and len(key) != KEY_BYTES:
            raise PolicyInvalid("发布密钥应为 32 字节。", "The key of a release has 32 bytes.")
        ring = keys if keys is not None and key is None else KeyRing(key)
        plan = cls(bound, columns, identifiers_of(bound, findings), ring.derive("release", fresh=True), ring)
        plan._ring  # noqa: B018  a key that is nowhere is an error before row one
        if not plan.published:
            raise PolicyInvalid("方案没有留下任何一列可以发布。", "The policy leaves no column to publish.")
        return plan

    def decided(self, groups: Groups, pieces: Sequence[pl.DataFrame]) -> Plan:
        """This plan with what the rows decide.

        Args:
            groups: the classes of all rows (``classes``).
            pieces: ``staying_cells`` of all batches, in their order.
        """
        whole = {name: pl.concat([p[name] for p in pieces], rechunk=True) for name in self.seen_whole}
        suppression = self.suppression
        if self.suppressible:
            suppression = plan_suppression(groups, self.fixed, self.policy.k)
        return Plan(self.policy, self.columns, self.identifiers, self.key, self.keys, suppression, whole)

    def as_found(self, findings: Findings) -> Plan:
        """This plan with the identifiers that findings tell of; itself when it has the very same."""
        identifiers = identifiers_of(self.policy, findings)
        return self if identifiers == self.identifiers else replace(self, identifiers=identifiers)

    def __getstate__(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    # -- what it says ------------------------------------------------------------------------------

    @cached_property
    def _steps(self) -> tuple[_Step, ...]:
        steps = []
        for rule in self.policy.columns:
            operator = get_operator(rule.operator.name)
            steps.append(_Step(rule, operator, operator.parse(rule.operator.params)))
        return tuple(steps)

    @cached_property
    def allow(self) -> AllowList:
        """What the policy lets stay because a public body publishes it of itself."""
        return AllowList(self.policy.allow)

    @cached_property
    def published(self) -> tuple[str, ...]:
        """Names of the columns that leave, in the table's order."""
        return tuple(step.rule.name for step in self._steps if step.operator.effect is not Effect.GONE)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Published columns whose cells may hold what stood in the input."""
        return tuple(step.rule.name for step in self._steps if step.operator.effect is Effect.WHOLE)

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        """Quasi-identifiers whose cells must stay."""
        return tuple(
            name for name in self.policy.quasi_identifiers if self.policy.rule(name).operator.name == "keep"
        )

    @property
    def key_check(self) -> str:
        """By what the lasting key is known again; empty for a key that goes with the release."""
        return self._ring.check()

    @property
    def suppressible(self) -> bool:
        """Whether cells may have to go so that k holds."""
        return len(self.fixed) < len(self.policy.quasi_identifiers)

    @property
    def needs_all_rows(self) -> bool:
        """Whether something is decided by the whole table before its first batch is carried out."""
        return self.suppressible or bool(self.seen_whole)

    @cached_property
    def sees_siblings(self) -> bool:
        """Whether a cell may depend on which other columns hold identifiers."""
        return any(_regards_siblings(step.operator) for step in self._steps)

    @cached_property
    def seen_whole(self) -> tuple[str, ...]:
        """Columns that have to be read whole before the first batch."""
        return tuple(step.rule.name for step in self._steps if step.operator.whole)

    # -- carrying out ------------------------------------------------------------------------------

    def carry_out(self, batch: pl.DataFrame, first: int) -> Moved:
        """What becomes of a batch whose first row is number ``first`` of the table, from 0."""
        before, row = self._staying(batch, first)
        plain = self._transform(before, row, None)
        return Moved(first, batch.height, before, plain, self.suppression.apply(plain))

    def classes(self, batch: pl.DataFrame, first: int) -> pl.DataFrame:
        """The quasi-identifiers of the rows that stay, as transformed."""
        before, row = self._staying(batch, first)
        return self._transform(before, row, frozenset(self.policy.quasi_identifiers))

    def _staying(self, batch: pl.DataFrame, first: int) -> tuple[pl.DataFrame, pl.Series]:
        row = pl.int_range(first, first + batch.height, dtype=pl.UInt64, eager=True)
        if not self.policy.records:
            return batch, row
        stays = RecordFilter(self.policy, self.key, self._ring)(batch, row)
        return batch.filter(stays), row.filter(stays)

    def staying_cells(self, batch: pl.DataFrame, first: int) -> pl.DataFrame:
        """The columns that are seen whole, with nothing in the rows that do not leave: no operator may hand
        their cells on."""
        columns = batch.select(self.seen_whole)
        if not self.policy.records or not columns.width:
            return columns
        _, row = self._staying(batch, first)
        stays = pl.int_range(first, first + batch.height, dtype=pl.UInt64, eager=True).is_in(row.implode())
        return columns.select(pl.when(pl.lit(stays)).then(pl.all()).otherwise(pl.lit("")).name.keep())

    @cached_property
    def _ring(self) -> KeyRing:
        return self.keys.bind(self.policy.key, self.policy.key_check)

    def _transform(self, batch: pl.DataFrame, row: pl.Series, only: frozenset[str] | None) -> pl.DataFrame:
        columns: list[pl.Series] = []
        for rule, operator, params in self._steps:
            if operator.effect is Effect.GONE or (only is not None and rule.name not in only):
                continue
            others = (
                {
                    name: (entity, batch[name])
                    for name, entity in self.identifiers.items()
                    if name != rule.name
                }
                if _regards_siblings(operator)
                else {}
            )
            by = operator.reads(params)
            context = OperatorContext(
                self.key,
                rule.name,
                rule.entity,
                siblings=others,
                row=row,
                keys=self._ring,
                person=None if by is None else batch[by],
                whole=self.whole.get(rule.name),
            )
            result = self._run(operator, batch[rule.name], params, context)
            if result is None:
                continue
            columns.append(
                _without_coincidence(result, others) if operator.effect is Effect.INVENTED else result
            )
        return pl.DataFrame(columns)

    def _run(
        self, operator: Operator, cells: pl.Series, params: Any, context: OperatorContext
    ) -> pl.Series | None:
        """The operator on what the policy does not allow; a public cell or piece of text stays."""
        if not self.allow or operator.name == "keep":
            return operator(cells, params, context)
        if operator.name in _SIBLINGS:
            return self.allow.around(cells, lambda texts: _column(operator, texts, params, context))
        result = operator(cells, params, context)
        return result if result is None else self.allow.restore(cells.name, cells, result)


def _regards_siblings(operator: Operator) -> bool:
    """An invented cell is compared with the row's other identifiers, and a text is cleared of them."""
    return operator.effect is Effect.INVENTED or operator.name in _SIBLINGS


def _column(operator: Operator, cells: pl.Series, params: Any, context: OperatorContext) -> pl.Series:
    result = operator(cells, params, context)
    if result is None:
        raise TypeError(f"operator {operator.name} gives no column")
    return result


def identifiers_of(policy: Policy, findings: Findings) -> dict[str, Entity | None]:
    """Input columns whose cells must not be found anywhere else in what leaves of their row."""
    found = {column.name: column for column in findings.columns}
    result: dict[str, Entity | None] = {}
    for rule in policy.columns:
        entity = _kind(rule, found.get(rule.name))
        if entity is None or entity is Entity.DATE_OF_BIRTH or LEVEL.get(entity, 4) == 2:
            # The same day, age or post stands in many columns for other reasons.
            continue
        public = LEVEL.get(entity, 4) == 1 or (rule.level == 1 and entity in _PUBLIC_AT_LEVEL_1)
        if public and rule.operator.name in ("keep", "suppress"):
            continue
        result[rule.name] = entity
    return result


def _kind(rule: ColumnRule, finding: ColumnFinding | None) -> Entity | None:
    if rule.entity is not None or finding is None or finding.kind != "identifier":
        return rule.entity
    return finding.entity


def _without_coincidence(
    made: pl.Series, siblings: Mapping[str, tuple[Entity | None, pl.Series]]
) -> pl.Series:
    """An invented value that happens to be another real one of the same row is hidden."""
    for _, values in siblings.values():
        clash = (made == values) & (made != "")
        if clash.any():
            made = made.zip_with(~clash, pl.Series([REDACTED] * len(made))).alias(made.name)
    return made
