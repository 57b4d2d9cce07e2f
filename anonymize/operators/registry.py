"""The register of operators: one name, one parameter type, one function over a whole column.

::

    @operator("mask", MaskParams, zh="掩码", en="Mask")
    def mask(column: pl.Series, params: MaskParams, ctx: OperatorContext) -> pl.Series: ...

An operator takes a ``String`` column without nulls (an empty cell is ``""``) and returns one of the
same length in which an empty cell is still empty, or ``None`` when the column leaves the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar

import polars as pl

from anonymize.entities import Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import OperatorSpec, Sentence
from anonymize.keys import KeyRing, derive
from anonymize.operators.params import parse_params

REDACTED = "***"
"""Stands for a cell of which nothing may be shown. Its length says nothing."""


class Effect(str, Enum):
    """What of a cell may still stand in the output: the re-scan and the report are built on it."""

    WHOLE = "whole"
    """Cells of the input, as they were, in their row or in another."""
    PART = "part"
    """A fixed part of the cell; every other character is hidden."""
    CLASS = "class"
    """The class that the cell belongs to."""
    CHANGED = "changed"
    """A value near the true one; some cells may stay by chance."""
    INVENTED = "invented"
    """A made-up value that may look like anything and is never the cell."""
    CLOSED = "closed"
    """One fixed text."""
    GONE = "gone"
    """Nothing: the column leaves the table."""


class Scope(str, Enum):
    """What an operator decides about."""

    COLUMN = "column"
    """The cells of one column; stands under ``columns`` of a policy."""
    RECORD = "record"
    """Which rows stay; stands under ``records`` of a policy and returns a ``Boolean`` column."""


@dataclass(frozen=True, slots=True)
class OperatorContext:
    """What an operator may know besides its own column.

    ``key``: 32 random bytes of this release. ``siblings``: the *input* columns of the same rows that
    hold identifiers, by name, so that free text can be cleared of the row's own names and numbers.
    ``row``: number of each row in the whole table, from 0, ``UInt64``: whatever is random is keyed by it,
    so that cutting the table into other batches changes nothing; ``None``: the column is the whole table.
    ``keys``: the ring bound to the policy's key; ``None``: the release's key alone. ``person``: the input
    column that ``by`` of the parameters names. ``whole``: the whole column of the table, in the order of
    rows, for an operator that was registered so.
    """

    key: bytes = field(repr=False)
    column: str
    entity: Entity | None = None
    siblings: Mapping[str, tuple[Entity | None, pl.Series]] = field(default_factory=dict, repr=False)
    row: pl.Series | None = field(default=None, repr=False)
    keys: KeyRing | None = field(default=None, repr=False)
    person: pl.Series | None = field(default=None, repr=False)
    whole: pl.Series | None = field(default=None, repr=False)

    def derive(self, purpose: str, *, fresh: bool = False) -> bytes:
        """32 bytes for one purpose under the bound key, or the release's (``KeyRing.derive``)."""
        return derive(self.key, purpose) if self.keys is None else self.keys.derive(purpose, fresh=fresh)

    def rows(self, length: int) -> pl.Series:
        """The row numbers of ``length`` cells."""
        return pl.int_range(length, dtype=pl.UInt64, eager=True) if self.row is None else self.row


OperatorFunction = Callable[[pl.Series, Any, OperatorContext], "pl.Series | None"]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Operator:
    """A registered operator.

    ``reversible`` ones are refused for open releases. ``whole``: the engine fills ``ctx.whole``, which
    needs one more pass over that column.
    """

    name: str
    params_type: type[Any]
    function: OperatorFunction
    label: Sentence
    reversible: bool
    effect: Effect = Effect.CLOSED
    scope: Scope = Scope.COLUMN
    whole: bool = False

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0]

    def parse(self, params: Mapping[str, Any]) -> Any:
        """The typed parameters, or PolicyInvalid."""
        return parse_params(self.name, self.params_type, params)

    def reads(self, params: Any) -> str | None:
        """The other column that these parameters make it look at (``by``), which becomes ``ctx.person``."""
        return getattr(params, "by", "") or None

    def __call__(self, column: pl.Series, params: Any, ctx: OperatorContext) -> pl.Series | None:
        result = self.function(column, params, ctx)
        return None if result is None else result.alias(column.name)


_OPERATORS: dict[str, Operator] = {}


def operator(
    name: str,
    params_type: type[Any],
    *,
    zh: str,
    en: str,
    effect: Effect,
    reversible: bool = False,
    scope: Scope = Scope.COLUMN,
    whole: bool = False,
) -> Callable[[F], F]:
    """Register the decorated function under ``name``; a name already taken raises ValueError."""

    def register(function: F) -> F:
        if name in _OPERATORS:
            raise ValueError(f"operator {name!r} is registered twice")
        _OPERATORS[name] = Operator(
            name, params_type, function, Sentence(zh, en), reversible, effect, scope, whole
        )
        return function

    return register


def get_operator(name: str) -> Operator:
    """The operator of that name, or PolicyInvalid which names the ones that exist."""
    try:
        return _OPERATORS[name]
    except KeyError:
        raise PolicyInvalid(
            "没有名为 {name} 的算子；可用算子：{known}。",
            "There is no operator {name}; there are: {known}.",
            name=name,
            known=", ".join(sorted(_OPERATORS)),
        ) from None


def all_operators() -> tuple[Operator, ...]:
    """Every registered operator of columns and of records, by name."""
    return tuple(_OPERATORS[name] for name in sorted(_OPERATORS))


def with_effect(*effects: Effect) -> frozenset[str]:
    """Names of the operators that leave this of a cell."""
    return frozenset(found.name for found in _OPERATORS.values() if found.effect in effects)


def check_spec(spec: OperatorSpec) -> None:
    """Raise PolicyInvalid unless the operator exists and takes these parameters."""
    get_operator(spec.name).parse(spec.params)
