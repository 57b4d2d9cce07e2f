"""The type a column declares to the public: only one that gives every cell back as it was written.

Integers without leading zeros or signs of plus, decimals, ISO dates and date-times; everything else,
codes and identifiers included, is text.
"""

from __future__ import annotations

import polars as pl

from anonymize.cells import begins_with
from anonymize.detect.census import Census
from anonymize.findings import DeclaredType
from anonymize.iso_days import iso_days

_FORMS: dict[DeclaredType, str] = {
    "integer": r"^(?:0|-?[1-9]\d{0,17})$",
    "decimal": r"^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,12})?$",
    "date": r"^(?:1[5-9]|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$",
    "datetime": r"^(?:1[5-9]|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[ T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$",  # noqa: E501
}
_DAY = 10
"""Bytes of a date."""
_INTEGER, _WHOLE = 18, 15
"""Digits of an integer, and of a decimal without places, at most."""


class TypeWatch:
    """Narrows the possible types batch by batch."""

    def __init__(self) -> None:
        self._possible: list[DeclaredType] = list(_FORMS)
        self._seen = False

    def feed(self, values: pl.Series, seen: Census) -> None:
        """``values``: non-empty cells, exactly as decoded, and what is true of them all."""
        if values.len() == 0:
            return
        self._seen = True
        if seen.digits and seen.longest <= _INTEGER and not begins_with(values, b"0").any():
            known = {"integer", "decimal"} if seen.longest <= _WHOLE else {"integer"}
            self._possible = [t for t in self._possible if t in known]
            return
        if "date" in self._possible and seen.longest == _DAY and iso_days(values, 1500, 2099).all():
            self._possible = ["date"]
            return
        self._possible = [t for t in self._possible if self._fits(t, values)]

    def merge(self, other: TypeWatch) -> None:
        """Take in what another one saw of the same column."""
        self._possible = [t for t in self._possible if t in other._possible]
        self._seen = self._seen or other._seen

    @staticmethod
    def _fits(kind: DeclaredType, values: pl.Series) -> bool:
        if not values.str.contains(_FORMS[kind]).all():
            return False
        if kind in ("date", "datetime"):
            return values.str.head(10).str.to_date("%Y-%m-%d", strict=False).null_count() == 0
        return True

    @property
    def declared(self) -> DeclaredType:
        """The narrowest type that all cells have; text when there were none."""
        return self._possible[0] if self._seen and self._possible else "text"
