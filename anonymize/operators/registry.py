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
from typing import Any, TypeVar

import polars as pl

from anonymize.entities import Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import OperatorSpec, Sentence
from anonymize.operators.params import parse_params

REDACTED = "***"
"""Stands for a cell of which nothing may be shown. Its length says nothing."""


@dataclass(frozen=True, slots=True)
class OperatorContext:
    """What an operator may know besides its own column.

    ``key``: 32 random bytes of this release. ``siblings``: the *input* columns of the same rows that
    hold identifiers, by name, so that free text can be cleared of the row's own names and numbers.
    """

    key: bytes
    column: str
    entity: Entity | None = None
    siblings: Mapping[str, tuple[Entity | None, pl.Series]] = field(default_factory=dict)


OperatorFunction = Callable[[pl.Series, Any, OperatorContext], "pl.Series | None"]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Operator:
    """A registered operator. ``reversible`` ones are refused for open releases."""

    name: str
    params_type: type[Any]
    function: OperatorFunction
    label: Sentence
    reversible: bool

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0]

    def parse(self, params: Mapping[str, Any]) -> Any:
        """The typed parameters, or PolicyInvalid."""
        return parse_params(self.name, self.params_type, params)

    def __call__(self, column: pl.Series, params: Any, ctx: OperatorContext) -> pl.Series | None:
        result = self.function(column, params, ctx)
        return None if result is None else result.alias(column.name)


_OPERATORS: dict[str, Operator] = {}


def operator(
    name: str, params_type: type[Any], *, zh: str, en: str, reversible: bool = False
) -> Callable[[F], F]:
    """Register the decorated function under ``name``; a name already taken raises ValueError."""

    def register(function: F) -> F:
        if name in _OPERATORS:
            raise ValueError(f"operator {name!r} is registered twice")
        _OPERATORS[name] = Operator(name, params_type, function, Sentence(zh, en), reversible)
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
    """Every registered operator, by name."""
    return tuple(_OPERATORS[name] for name in sorted(_OPERATORS))


def check_spec(spec: OperatorSpec) -> None:
    """Raise PolicyInvalid unless the operator exists and takes these parameters."""
    get_operator(spec.name).parse(spec.params)
