"""``sample``: a share of the records leaves, the others do not."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.operators.keyed import fractions, row_words
from anonymize.operators.params import Unfit
from anonymize.operators.registry import Effect, OperatorContext, Scope, operator


@dataclass(frozen=True, slots=True)
class SampleParams:
    """``share``: of the records that stay, above 0 and below 1."""

    share: float

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise Unfit("share 应大于 0、小于 1", "share: above 0 and below 1")


@operator("sample", SampleParams, zh="抽样", en="Sample", effect=Effect.GONE, scope=Scope.RECORD)
def sample(column: pl.Series, params: SampleParams, ctx: OperatorContext) -> pl.Series:
    """Lets each record stay with probability ``share``, by the release's key and the row's number.

    Nobody can tell whether a person whom they know to be in the register is in the published part.
    """
    words = row_words(ctx.derive("sample", fresh=True), ctx.rows(len(column)))
    return pl.Series(fractions(words[:, 0]) < params.share)
