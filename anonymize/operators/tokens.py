"""What of an identifier cell must not be found elsewhere in its row."""

from __future__ import annotations

import polars as pl

from anonymize.entities import Entity
from anonymize.operators.normal import compact, folded

MOST_NAMES = 4
"""Names of one cell that are looked for; a cell with more is looked for as a whole as well."""


def identifier_tokens(values: pl.Series, entity: Entity | None) -> list[pl.Series]:
    """The pieces of each cell to look for, as columns of equal length; ``""`` where there is none.

    Names are split at their separators and freed of titles in brackets. A number is taken as it is
    written and in its compact form. What is too short to mean anything is left out.
    """
    plain = folded(values)
    if entity is Entity.PERSON:
        bare = plain.str.replace_all(r"[(（][^()（）]*[)）]", "").str.replace_all(
            r"(\p{Han})\s+(\p{Han})$", "$1$2"
        )
        return [_long_enough(part, 2) for part in (*_split(bare), bare)]
    return [_long_enough(plain, 6), _long_enough(compact(values), 6)]


def _split(names: pl.Series) -> list[pl.Series]:
    lists = names.str.replace_all(r"[,，;；/|\s]+", "、").str.split("、")
    return [lists.list.get(n, null_on_oob=True).fill_null("") for n in range(MOST_NAMES)]


def _long_enough(token: pl.Series, least: int) -> pl.Series:
    frame = token.alias("t").to_frame()
    return frame.select(
        pl.when(pl.col("t").str.len_chars() >= least).then(pl.col("t")).otherwise(pl.lit(""))
    ).to_series()
