"""``drop``: the column leaves the table."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.operators.registry import Effect, OperatorContext, operator


@dataclass(frozen=True, slots=True)
class DropParams:
    """No parameters."""


@operator("drop", DropParams, zh="删除列", en="Drop column", effect=Effect.GONE)
def drop(column: pl.Series, params: DropParams, ctx: OperatorContext) -> None:
    """The column is not published at all: neither its cells nor its name."""
