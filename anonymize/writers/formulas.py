"""Cells that a spreadsheet would run as a formula when it opens a CSV."""

from __future__ import annotations

import polars as pl

# A number may start with a sign; a run of dashes is how departments write "none".
_NUMBER = r"^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+)?[%‰]?$"
_HARMLESS = r"^-+$"
FIRST = b"=+-@\t\r"
"""Characters with which a formula begins."""


def is_formula(cell: pl.Expr) -> pl.Expr:
    """True where the cell starts with ``= + - @``, a tab or a carriage return and is no number."""
    return cell.str.contains(r"^[=+\-@\t\r]") & ~cell.str.contains(_NUMBER) & ~cell.str.contains(_HARMLESS)
