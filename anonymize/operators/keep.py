"""``keep``: the column leaves as it came."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.operators.registry import Effect, OperatorContext, operator


@dataclass(frozen=True, slots=True)
class KeepParams:
    """No parameters."""


@operator("keep", KeepParams, zh="保留", en="Keep", effect=Effect.WHOLE)
def keep(column: pl.Series, params: KeepParams, ctx: OperatorContext) -> pl.Series:
    """Every cell stays exactly as it was decoded; the report proves it by a hash of input and output."""
    return column
