"""``pseudonym``: an invented value stands in, the same one for the same value inside a release."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from anonymize.entities import Entity
from anonymize.operators.fakes import MAKERS, Digests
from anonymize.operators.normal import compact
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
    another is still seen to be one. ``domain`` sets a column apart.
    """

    kind: Kind = "auto"
    domain: str = ""


@operator("pseudonym", PseudonymParams, zh="假名", en="Pseudonym", effect=Effect.INVENTED)
def pseudonym(column: pl.Series, params: PseudonymParams, ctx: OperatorContext) -> pl.Series:
    """Replaces each value by an invented one of the same kind, never by itself.

    The choice is a keyed BLAKE2b digest of the value's normal form. The key is random for each release
    and destroyed with it, so that pseudonyms of two releases cannot be joined. Two values may share an
    invented one, as people share names.
    """
    kind = params.kind if params.kind != "auto" else KIND_OF.get(ctx.entity or Entity.USCC, "code")
    make = MAKERS[kind]
    derived = hmac.new(ctx.key, f"anonymize/pseudonym/{kind}/{params.domain}".encode(), "sha256").digest()
    values = column.unique()
    values = values.filter(values.str.strip_chars() != "")
    if values.is_empty():
        return pl.Series(column.name, [""] * len(column), dtype=pl.String)
    normal = compact(values)
    numbers = _numbers(normal, derived)
    made = make(numbers)
    # The next in the pool steps in where the invented value is the value itself.
    for step in range(1, 4):
        clash = ((made == values) | (compact(made) == normal)).to_numpy()
        if not clash.any():
            break
        made = make(np.where(clash, numbers + np.uint64(step), numbers))
    unlucky = (made == values) | (compact(made) == normal)
    made = made.zip_with(~unlucky, pl.Series([REDACTED] * len(made)))
    return column.replace_strict(values, made, default="", return_dtype=pl.String)


def _numbers(values: pl.Series, key: bytes) -> Digests:
    digest = hashlib.blake2b
    joined = b"".join(digest(v.encode(), key=key, digest_size=8).digest() for v in values.to_list())
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64)
