"""Numbers that carry a whole resident ID inside them, with a few characters before or after.

Pupils' numbers (``G`` and the ID), social security numbers (``0`` and the ID), disability certificates (the ID and two
digits), file names (``T11010519491231002X_A``): whoever holds the number holds the ID.

>>> numbers = ["G11010519491231002X", "11010519491231002X42", "G110105194912310021"]
>>> holds_id(pl.Series(numbers)).to_list()
[True, True, False]
"""  # noqa: E501

from __future__ import annotations

import polars as pl

from anonymize.recognizers.resident_id import ResidentIdRecognizer

AROUND = r"^([0-9A-Za-z_\-]{0,6}?)([1-9]\d{5}(?:18|19|20)\d{9}[\dXx])([0-9A-Za-z_\-]{0,4})$"
_LAST = r"([1-9]\d{5}(?:18|19|20)\d{9}[\dXx])$"
_FORM = r"^[0-9A-Za-z_\-]{18,28}$"


def holds_id(values: pl.Series) -> pl.Series:
    """Which values are a valid resident ID of 18 characters with at most ten characters around it."""
    longer = values.str.contains(_FORM)
    if not longer.any():
        return longer
    chosen = values.filter(longer)
    check = ResidentIdRecognizer().validate
    found = check(chosen.str.extract(AROUND, 2).fill_null(""))
    missed = ~found
    if missed.any():
        found = found.scatter(
            missed.arg_true(), check(chosen.filter(missed).str.extract(_LAST, 1).fill_null(""))
        )
    return longer.clone().scatter(longer.arg_true(), found)
