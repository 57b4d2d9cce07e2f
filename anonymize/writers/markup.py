"""Text as XML 1.0 character data, by whole columns."""

from __future__ import annotations

import polars as pl

# XML 1.0, production 2: what no document may contain, not even as a character reference.
FORBIDDEN = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"


def escaped(cell: pl.Expr) -> pl.Expr:
    """``& < > "`` and the carriage return (which parsers would turn into a line feed) as references."""
    return cell.str.replace_many(["&", "<", ">", '"', "\r"], ["&amp;", "&lt;", "&gt;", "&quot;", "&#13;"])
