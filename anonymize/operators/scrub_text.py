"""``scrub_text``: identifiers inside a text become labels, the text stays."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.entities import Entity
from anonymize.operators.normal import folded
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator
from anonymize.operators.tokens import identifier_tokens
from anonymize.text import default_tagger, redact
from anonymize.text.patterns import LABEL


@dataclass(frozen=True, slots=True)
class ScrubTextParams:
    """No parameters: every kind that the recognizers know is removed."""


@operator("scrub_text", ScrubTextParams, zh="文本清洗", en="Scrub text", effect=Effect.WHOLE)
def scrub_text(column: pl.Series, params: ScrubTextParams, ctx: OperatorContext) -> pl.Series:
    """Replaces numbers, names and addresses found inside a text by ``[手机号]``, ``[姓名]`` and so on.

    What the same row's identifier columns hold is removed from the text too, even where nothing in the
    text itself gives it away. Names of third persons are found by the tagger, which misses one in fifty:
    that is why ``redact``, not this, is the default for free text. Where no tagger is installed, a cell
    that holds anything is redacted whole.
    """
    engine = default_tagger()
    if engine is None:
        frame = column.alias("text").to_frame()
        hidden = pl.when(pl.col("text") == "").then(pl.lit("")).otherwise(pl.lit(REDACTED))
        return frame.select(hidden.alias(column.name)).to_series()
    clean = redact(column, engine)
    for entity, values in ctx.siblings.values():
        clean = _without(
            clean, identifier_tokens(values, entity), LABEL.get(entity or Entity.PERSON, "[***]")
        )
    return clean


def _without(texts: pl.Series, tokens: list[pl.Series], label: str) -> pl.Series:
    """``texts`` with each row's own tokens replaced by ``label``.

    First as they are written; then, for full-width and invisible characters, in the folded text.
    """
    for token in tokens:
        for fold in (False, True):
            written = folded(texts) if fold else texts
            frame = pl.DataFrame({"text": written, "token": token})
            hit = frame.select(
                (pl.col("token") != "") & pl.col("text").str.contains(pl.col("token"), literal=True)
            ).to_series()
            # Rows are few, and polars takes no pattern from a column here.
            rows = hit.arg_true()
            parts = zip(written.gather(rows).to_list(), token.gather(rows).to_list(), strict=True)
            cleaned = [text.replace(part, label) for text, part in parts]
            texts = texts.clone().scatter(rows, pl.Series(cleaned, dtype=pl.String))
    return texts
