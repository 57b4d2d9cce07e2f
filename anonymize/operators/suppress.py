"""``suppress``: the column stays, except where a row would stand out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.operators.registry import Effect, OperatorContext, operator


@dataclass(frozen=True, slots=True)
class SuppressParams:
    """No parameters: which rows stand out follows from the policy's ``k`` and quasi-identifiers."""


@operator("suppress", SuppressParams, zh="局部抑制", en="Local suppression", effect=Effect.WHOLE)
def suppress(column: pl.Series, params: SuppressParams, ctx: OperatorContext) -> pl.Series:
    """Cells stay, but become ``***`` in rows whose combination of quasi-identifiers fewer than k rows share.

    The cells that must go are known only after the whole table has been counted, so the engine sets
    them (``risk/suppression.py``); here nothing changes.
    """
    return column
