"""The one normal form in which values are compared and patterns are matched.

Departments send full-width digits, padded names and numbers grouped by spaces; an operator that
matched raw characters would let those through or give one person two pseudonyms.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

INVISIBLE = r"[\u{00AD}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}\u{FEFF}]"
"""Zero-width and direction characters: nobody sees them, every comparison stumbles over them."""


_TO_FOLD = r"[^\x20-\x7E\n\p{Unified_Ideograph}、。《》“”‘’]"
"""What NFKC may change: most columns have none of it and are spared the pass."""


def folded(column: pl.Series) -> pl.Series:
    """NFKC (full-width to half-width), invisible characters removed, outer blanks stripped."""
    if column.str.contains(_TO_FOLD).any():
        column = column.str.normalize("NFKC").str.replace_all(INVISIBLE, "")
    return column.str.strip_chars()


def compact(column: pl.Series) -> pl.Series:
    """``folded`` without blanks, dashes, dots and brackets, upper case: how numbers are compared."""
    return folded(column).str.replace_all(r"[\s\-‐-―−._()·*/]+", "").str.to_uppercase()


def over_distinct(column: pl.Series, function: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """``function`` applied once to each distinct non-empty cell and spread back over the column."""
    values = column.unique()
    values = values.filter(values != "")
    if values.is_empty():
        return column
    return column.replace_strict(values, function(values), default="", return_dtype=pl.String)
