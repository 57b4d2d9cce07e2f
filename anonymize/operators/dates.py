"""Days as departments write them, read as calendar days."""

from __future__ import annotations

import polars as pl

from anonymize.operators.normal import folded

_TIME = r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
SEPARATED = (
    r"^(?P<y>\d{4})(?P<s1>\s*[-/.年]\s*)(?P<m>\d{1,2})(?P<s2>\s*[-/.月]\s*)"
    rf"(?P<d>\d{{1,2}})(?P<t>日?{_TIME})$"
)
"""1990-05-02, 1990/5/2, 1990年5月2日, with or without a time of day."""
SOLID = r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$"
"""19900502."""
_MONTH = r"^(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})月?$"
_YEAR = r"^(?P<y>\d{4})年?$"


def read_days(values: pl.Series) -> pl.DataFrame:
    """``y``, ``m``, ``d`` (``Int32``, null where not written) and ``day``.

    ``day`` is a real calendar day between 1800 and 2200, a month or a year alone counting as its first;
    null where the cell is none.
    """
    frame = folded(values).alias("v").to_frame()

    def part(name: str, *patterns: str) -> pl.Expr:
        found = [pl.col("v").str.extract_groups(p).struct.field(name) for p in patterns]
        return pl.coalesce(found).cast(pl.Int32)

    frame = frame.select(
        y=part("y", SEPARATED, SOLID, _MONTH, _YEAR),
        m=part("m", SEPARATED, SOLID, _MONTH),
        d=part("d", SEPARATED, SOLID),
    )
    first = pl.concat_str(
        pl.col("y").cast(pl.String).str.zfill(4),
        pl.lit("-"),
        pl.col("m").fill_null(1).cast(pl.String).str.zfill(2),
        pl.lit("-"),
        pl.col("d").fill_null(1).cast(pl.String).str.zfill(2),
    )
    day = first.str.to_date("%Y-%m-%d", strict=False)
    return frame.with_columns(pl.when(pl.col("y").is_between(1800, 2200)).then(day).alias("day"))
