"""``bottom_code``: what lies below a limit becomes the limit."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.operators.coding import CodeParams, coded
from anonymize.operators.registry import Effect, OperatorContext, operator


@dataclass(frozen=True, slots=True)
class BottomCodeParams(CodeParams):
    """``limit``: the smallest number shown. ``mark``: write ``≤18`` instead of ``18``."""


@operator("bottom_code", BottomCodeParams, zh="下限编码", en="Bottom-code", effect=Effect.WHOLE)
def bottom_code(column: pl.Series, params: BottomCodeParams, ctx: OperatorContext) -> pl.Series:
    """Replaces every number below ``limit`` by the limit; the others stay as they are written."""
    return coded(column, params, above=False)
