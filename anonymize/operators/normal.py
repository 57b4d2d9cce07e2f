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


_GAPS = r"[\s\-‐-―−._()·*/]"


def compact(column: pl.Series) -> pl.Series:
    """``folded`` without blanks, dashes, dots and brackets, upper case: how numbers are compared."""
    column = folded(column)
    # Looking costs a fraction of replacing, and most columns have nothing to replace.
    if column.str.contains(_GAPS).any():
        column = column.str.replace_all(_GAPS + "+", "")
    return column.str.to_uppercase() if column.str.contains(r"\p{Ll}").any() else column


def normal(column: pl.Series) -> pl.Series:
    """The form under which equal values get equal digests: ``compact``, or the cell itself where nothing
    of it would be left (a placeholder such as ``-``)."""
    short = compact(column)
    return short.zip_with(short != "", column)


_LOOKED_AT = 4096
_WORTH_IT = 0.5


def over_distinct(column: pl.Series, function: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """``function`` applied to the non-empty cells, once to each distinct one where values repeat.

    ``function`` must look at one cell at a time: whether a column is taken apart into distinct values
    changes nothing but the time.
    """
    filled = column.str.strip_chars() != ""
    head = column.head(_LOOKED_AT)
    if head.n_unique() > _WORTH_IT * len(head):
        if filled.all():
            return function(column)
        return _spread(function(column.filter(filled)), filled)
    values = column.filter(filled).unique()
    if values.is_empty():
        return pl.Series(column.name, [""] * len(column), dtype=pl.String)
    return column.replace_strict(values, function(values), default="", return_dtype=pl.String)


def _spread(made: pl.Series, filled: pl.Series) -> pl.Series:
    """``made`` at the places where ``filled`` is true, ``""`` elsewhere."""
    result = pl.Series([""] * len(filled), dtype=pl.String)
    return result.scatter(filled.arg_true(), made)
