"""Parameters with which every operator runs, and the one way in which the tests call them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from anonymize.operators import Operator, OperatorContext, all_operators, get_operator

PARAMS: Mapping[str, Mapping[str, object]] = {
    "bottom_code": {"limit": 18},
    "date_shift": {"by": "证件号"},
    "generalise": {"to": "band", "width": 5},
    "noise": {"scale": 10},
    "round": {"step": 10},
    "sample": {"share": 0.5},
    "suppress_record": {"column": "c", "when": "empty"},
    "top_code": {"limit": 90},
}
"""What must be said to the operators that have no defaults."""

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))


def params_of(operator: Operator) -> object:
    return operator.parse(PARAMS.get(operator.name, {}))


def columns() -> list[str]:
    """Names of the operators that decide about cells."""
    return [found.name for found in all_operators() if found.scope.value == "column"]


def run(name: str, values: list[str], context: OperatorContext | None = None, **params: object) -> list[str]:
    """The column that the operator makes of ``values``; it must make one."""
    found = get_operator(name)
    context = context or OperatorContext(KEY, "c")
    result = found(pl.Series("c", values, dtype=pl.String), found.parse(params), context)
    assert result is not None
    return [str(value) for value in result]
