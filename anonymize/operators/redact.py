"""``redact``: every cell is replaced whole."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.operators.params import Unfit
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator


@dataclass(frozen=True, slots=True)
class RedactParams:
    """``text`` stands in each cell that was not empty."""

    text: str = REDACTED

    def __post_init__(self) -> None:
        if not self.text.strip() or len(self.text) > 20:
            raise Unfit("text 应为 1–20 个字", "text: 1–20 characters")
        if self.text[0] in "=+-@\t\r":
            raise Unfit("text 不能以公式符号开头", "text must not start a spreadsheet formula")


@operator("redact", RedactParams, zh="整体遮盖", en="Redact", effect=Effect.CLOSED)
def redact(column: pl.Series, params: RedactParams, ctx: OperatorContext) -> pl.Series:
    """Replaces every cell that is not empty by one fixed text: only *that* there was something remains.

    The default for free text, because nobody can list what people write into it.
    """
    frame = column.alias("v").to_frame()
    return frame.select(
        pl.when(pl.col("v").str.strip_chars() == "")
        .then(pl.lit(""))
        .otherwise(pl.lit(params.text))
        .alias("v")
    ).to_series()
