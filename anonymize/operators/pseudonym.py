"""``pseudonym``: an invented value stands in, the same one for the same value inside a release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from anonymize.entities import Entity
from anonymize.operators.fakes import COMPACT, MAKERS, unique_code
from anonymize.operators.keyed import Words, value_words
from anonymize.operators.normal import compact, normal, over_distinct
from anonymize.operators.params import Unfit
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator

Kind = Literal[
    "auto",
    "person",
    "address",
    "company",
    "mobile",
    "landline",
    "bank_card",
    "resident_id",
    "email",
    "plate",
    "passport",
    "code",
]

KIND_OF: dict[Entity, Kind] = {
    Entity.PERSON: "person",
    Entity.ADDRESS: "address",
    Entity.MOBILE: "mobile",
    Entity.LANDLINE: "landline",
    Entity.BANK_CARD: "bank_card",
    Entity.RESIDENT_ID: "resident_id",
    Entity.EMAIL: "email",
    Entity.PLATE: "plate",
    Entity.PASSPORT: "passport",
}
"""What ``auto`` invents for a column of each kind; ``code`` for every other."""


@dataclass(frozen=True, slots=True)
class PseudonymParams:
    """``kind``: what to invent; ``auto`` takes the column's entity.

    Columns of one kind share their pseudonyms, so that a person who is 户主 in one column and 联系人 in
    another is still seen to be one. ``domain`` sets a column apart. ``unique``: no two values get the
    same; for ``code`` alone, which then has 24 characters (120 bits: among 10⁹ values the probability of
    any two alike is under 10⁻¹⁸).
    """

    kind: Kind = "auto"
    domain: str = ""
    unique: bool = False

    def __post_init__(self) -> None:
        if self.unique and self.kind != "code":
            raise Unfit("unique 只能用于 kind: code", "unique belongs to kind: code")


@operator("pseudonym", PseudonymParams, zh="假名", en="Pseudonym", effect=Effect.INVENTED)
def pseudonym(column: pl.Series, params: PseudonymParams, ctx: OperatorContext) -> pl.Series:
    """Replaces each value by an invented one of the same kind, never by itself.

    The choice is a keyed digest (AES-256-CMAC) of the value's normal form. In an open release the key is
    random and destroyed with it, so that pseudonyms of two releases cannot be joined; under an agreement
    a lasting key joins its files. Two values may share an invented one, as people share names.
    """
    kind = params.kind if params.kind != "auto" else KIND_OF.get(ctx.entity or Entity.USCC, "code")
    key = ctx.derive(f"pseudonym/{kind}/{params.domain}")

    def make(words: Words) -> pl.Series:
        return unique_code(words) if params.unique else MAKERS[kind](words[:, 0])

    def invent(values: pl.Series) -> pl.Series:
        plain = normal(values)
        words = value_words(key, plain)

        def same(made: pl.Series) -> pl.Series:
            comparable = made if params.unique or kind in COMPACT else compact(made)
            return (made == values) | (comparable == plain)

        made = make(words)
        # The next in the pool steps in where the invented value is the value itself.
        for _ in range(3):
            clash = same(made)
            if not clash.any():
                return made
            words = np.where(clash.to_numpy()[:, None], words + np.uint64(1), words)
            made = make(words)
        return made.zip_with(~same(made), pl.Series([REDACTED] * len(made)))

    return over_distinct(column, invent)
