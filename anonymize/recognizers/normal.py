"""One writing for values that people write in many: full width, spaces, hyphens, invisible characters.

Two forms, because they serve two needs. ``canonical`` is for a value as a whole: NFKC, outer spaces
and invisible characters gone. ``fold`` is for text in which positions matter: it maps characters
one to one, so that a span found in the folded text is the span in the original.
"""

from __future__ import annotations

import polars as pl

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"
_INVISIBLE_CLASS = f"[{INVISIBLE}]"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\uff0d\ufe63\u00b7—"
_SPACES = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t"
_OTHER_DIGITS = (0x0660, 0x06F0, 0x0966)
"""Arabic, Persian and Devanagari digits, of which NFKC makes nothing."""

_FOLD: dict[str, str] = (
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {chr(0x1D7CE + i): str(i % 10) for i in range(50)}
    | dict.fromkeys(_DASHES.replace("\u00b7", ""), "-")
    | {chr(base + i): str(i) for base in _OTHER_DIGITS for i in range(10)}
    | {chr(0x2460 + i): str(i + 1) for i in range(9)}
    | {"\u24ea": "0"}
    | dict.fromkeys(_SPACES, " ")
)
_NEEDS_FOLD = (
    "[\uff01-\uff5e\U0001d7ce-\U0001d7ff\u2010-\u2015\u2212\u30fc\ufe63\u00a0\u2002-\u200a\u202f\u3000\t"
    "\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u2460-\u2468\u24ea]"
)
_TABLE = str.maketrans(_FOLD)


_SPREADSHEET = r"^=|^\d{11,19}\.0+$"


def canonical(values: pl.Series) -> pl.Series:
    """Whole values: NFKC, dashes as ``-``, invisible characters and outer spaces and quotes gone."""
    if values.str.contains(r"[^\x21-\x7e\p{Han}]").any():
        values = values.str.normalize("NFKC")
        values = values.str.replace_all(_INVISIBLE_CLASS, "").str.replace_all(
            r"[\u2010-\u2015\u2212\u30fc]", "-"
        )
        if values.str.contains(r"[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]").any():
            values = fold(values)
    # ="110…" keeps Excel from rounding; 13800138000.0 is what a table of floats makes of a number.
    if values.str.contains(_SPREADSHEET).any():
        values = values.str.replace(r'^="?([^"]*)"?$', "$1").str.replace(r"^(\d{11,19})\.0+$", "$1")
    return values.str.strip_chars(" \t\r\n'`\u3000")


def compact(values: pl.Series) -> pl.Series:
    """Canonical values without the spaces, hyphens and dots that group digits."""
    return values.str.replace_all(r"[\s\-.]", "")


def fold(values: pl.Series) -> pl.Series:
    """The same texts, character for character, in half width."""
    touched = values.str.contains(_NEEDS_FOLD)
    if not touched.any():
        return values
    if touched.sum() == values.len():
        return values.str.replace_many(_FOLD)
    return pl.select(pl.when(touched).then(values.str.replace_many(_FOLD)).otherwise(values)).to_series()


def fold_text(text: str) -> str:
    """``fold`` for one text."""
    return text.translate(_TABLE)


def has_invisible(values: pl.Series) -> pl.Series:
    """Which texts hold characters that show nothing and may split a number."""
    return values.str.contains(_INVISIBLE_CLASS)
