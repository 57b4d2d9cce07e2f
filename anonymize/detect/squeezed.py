"""Numbers with marks between their groups, or in quotes: ``110105/19491231/002X``, ``“138…”``, ``tel:138…``.

What stands between the digits is put away and the recognizers are asked again. Numbers with a check character
may be taken apart anywhere; a mobile number, which has none, only where people group it (3-4-4), since codes of
three parts often have eleven digits in all.
"""  # noqa: E501

from __future__ import annotations

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers import mobile
from anonymize.recognizers.registry import recognizers

_CHECKED = (Entity.RESIDENT_ID, Entity.RESIDENCE_PERMIT, Entity.FOREIGN_PERMIT, Entity.BANK_CARD)
_MARKED = r"^[^\p{Han}A-WYZa-wyz]*\d[^\p{Han}A-WYZa-wyz]*$"
_ENOUGH = r"(?:\d[^\dA-Za-z\p{Han}]{0,2}){15}"
_THOUSANDS = r"^\d{1,3}(?:,\d{3})+$"
_NEARLY_ALL = 0.85
_BY_CHANCE = 0.1
_GROUPS = (
    r"^(?i:tel|mob|mobile|phone|cell|手机|电话)?[^0-9A-Za-z]{0,3}(?:\+?86[^0-9A-Za-z]{0,2})?"
    r"(1[3-9]\d)[^0-9A-Za-z]?(\d{4})[^0-9A-Za-z]?(\d{4})[^0-9A-Za-z]{0,2}$"
)


def squeezed(values: pl.Series) -> dict[Entity, pl.Series]:
    """Which values are an identifier once the marks are gone, by entity; only entities with any.

    Args:
        values: distinct canonical values, ``String`` without nulls.
    """
    found: dict[Entity, pl.Series] = {}
    split = values.str.contains("[^0-9A-Za-z]")
    if not split.any():
        return found
    marked = split & values.str.contains(_MARKED) & values.str.contains(_ENOUGH)
    if marked.any():
        bare = values.filter(marked).str.replace_all("[^0-9Xx]", "")
        # Fifteen digits are too few to be sure of: sixteen or more, or a card's number.
        sure = bare.str.len_bytes() >= 16
        for entity in _CHECKED:
            hit = recognizers()[entity].validate(bare) & sure
            if hit.any():
                found[entity] = _at(marked, hit)
    phones = values.str.contains(_GROUPS) | _in_thousands(values)
    if phones.any():
        found[Entity.MOBILE] = phones
    return found


def _in_thousands(values: pl.Series) -> pl.Series:
    """``13,812,345,678``: a spreadsheet took mobile numbers for amounts.

    Amounts spread over all beginnings and lengths; only where nearly all that are written so could be mobile
    numbers, and few are of segments that nobody telephones from, they are.
    """
    written = values.str.contains(_THOUSANDS)
    bare = values.filter(written).str.replace_all(",", "")
    like = recognizers()[Entity.MOBILE].validate(bare)
    chance = float(mobile.unassigned(bare).mean() or 0.0)  # type: ignore[arg-type]
    sure = like.sum() >= _NEARLY_ALL * len(bare) and chance < _BY_CHANCE
    return _at(written, like if sure else like & False)


def _at(places: pl.Series, inner: pl.Series) -> pl.Series:
    """``places`` with its true ones replaced by ``inner``, in order."""
    return places.clone().scatter(places.arg_true(), inner)
