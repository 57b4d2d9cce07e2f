"""Small questions about a column: do its numbers count up, are they amounts, how many values fit."""

from __future__ import annotations

import polars as pl

from anonymize.detect import vocabulary
from anonymize.detect.evidence import Evidence
from anonymize.entities import Entity
from anonymize.recognizers import mobile

STRONG = 0.5
"""Share of values that proves a kind whatever the header says."""
WITH_HEADER = 0.2
"""Share that is enough where the header promises the kind."""


def fits(e: Evidence, pattern: str) -> float:
    """Share of values that match."""
    return mean(e.values.str.contains(pattern))


def mean(mask: pl.Series) -> float:
    """Share of true ones; 0 of none."""
    return float(mask.mean() or 0.0)  # type: ignore[arg-type]


def serial(e: Evidence) -> bool:
    """Numbers that were counted up: many values, hardly any variety at the front."""
    if e.judged < 20 or not vocabulary.CODE_HEADER.search(e.name):
        return False
    return bool(e.values.str.head(3).n_unique() <= 2) or bool(
        e.values.str.head(5).n_unique() <= max(2, e.judged // 200)
    )


def merely_eleven(e: Evidence) -> bool:
    """Eleven-digit numbers of another kind: of all that begin with 1, two in three look like mobile numbers."""  # noqa: E501
    eleven = e.values.str.contains(r"^\d{11}$")
    if not eleven.any():
        return False
    enough = STRONG if e.promises(Entity.MOBILE) else 0.85
    return mean(e.masks[Entity.MOBILE].filter(eleven)) < enough


def sums(e: Evidence) -> bool:
    """Amounts of eleven digits, all from 13 to 19 thousand million: a tenth of them are numbers that no operator has.

    Asked only where the header speaks of amounts and not of telephones: 数量 may well hold mobile numbers.
    """  # noqa: E501
    if e.judged < 20 or not vocabulary.AMOUNT_HEADER.search(e.name) or e.promises(Entity.MOBILE):
        return False
    plain = e.values.str.replace_all(",", "")
    eleven = plain.str.contains(r"^1[3-9]\d{9}$")
    return bool(eleven.sum() >= 20) and mean(mobile.unassigned(plain.filter(eleven))) >= 0.1


def coincidental(e: Evidence, length: int) -> bool:
    """Whether numbers of ``length`` digits are strays: of amounts with decimals, or of codes with letters."""
    if fits(e, r"^-?\d+\.\d*[1-9]\d*$") >= 0.3:
        return True
    alike = e.values.str.len_chars() == length
    lettered = e.values.str.contains(r"^[0-9A-Za-z]+$") & e.values.str.contains("[A-Za-z]")
    return length >= 12 and mean(alike & lettered) >= STRONG


def none(e: Evidence) -> pl.Series:
    """False for every value."""
    return pl.repeat(False, e.judged, dtype=pl.Boolean, eager=True)


def is_code(e: Evidence) -> bool:
    """Whether the header speaks of codes and serial numbers."""
    return bool(vocabulary.CODE_HEADER.search(e.name))


def amounts(e: Evidence) -> bool:
    """Whether the header or the form speaks of amounts."""
    return bool(vocabulary.AMOUNT_HEADER.search(e.name)) or e.profile.declared.declared == "decimal"


def scattered(e: Evidence) -> bool:
    """Whether seven- or eight-digit endings spread as numbers that nobody counts up."""
    numbers = e.values.str.extract(r"(\d{7,8})$", 1).cast(pl.Int64, strict=False)
    low, high = numbers.min(), numbers.max()
    return low is not None and high is not None and int(str(high)) - int(str(low)) > 1_000_000
