"""``top_code``: what lies above a limit becomes the limit."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.operators.coding import CodeParams, coded
from anonymize.operators.registry import Effect, OperatorContext, operator


@dataclass(frozen=True, slots=True)
class TopCodeParams(CodeParams):
    """``limit``: the largest number shown. ``mark``: write ``≥90`` instead of ``90``."""


@operator("top_code", TopCodeParams, zh="上限编码", en="Top-code", effect=Effect.WHOLE)
def top_code(column: pl.Series, params: TopCodeParams, ctx: OperatorContext) -> pl.Series:
    """Replaces every number above ``limit`` by the limit; the others stay as they are written.

    The oldest, the richest and the largest are few and known: 103 years name a person where 41 do not.
    """
    return coded(column, params, above=True)
