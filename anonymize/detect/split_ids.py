"""Resident IDs that were cut in two: the first characters in one column, the last in the next.

The halves are no numbers by themselves. Together they have 18 characters (GB 11643-1999), and whichever half holds
the division, the year, the month or the day has to fit it; few other pairs of columns do.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from anonymize.detect.evidence import Evidence
from anonymize.detect.verdict import Verdict
from anonymize.findings import Sentence
from anonymize.recognizers import regions

_PIECES = (
    (0, 6, r"[1-9]\d{5}"),
    (6, 10, r"(?:19|20)\d{2}"),
    (10, 12, r"(?:0[1-9]|1[0-2])"),
    (12, 14, r"(?:0[1-9]|[12]\d|3[01])"),
    (14, 17, r"\d{3}"),
    (17, 18, r"[\dXx]"),
)
"""Characters from and up to, and what they are."""
_LENGTH = 18
_FEWEST = 6
"""Different halves from which on a fit is no chance."""
_FITTING = 0.95
_LETTER = 0.02
"""Share of IDs that end in X, at least: one in eleven does."""
_KNOWN = 0.9


def split_ids(evidence: Sequence[Evidence], settled: Collection[int]) -> dict[int, Verdict]:
    """Verdicts on the halves of IDs, by the column's place; empty when there are none.

    Args:
        evidence: of all columns of one table, in order.
        settled: places that are hidden whole already, by a verdict that the halves need not change.
    """
    found: dict[int, Verdict] = {}
    for place in range(len(evidence) - 1):
        for front, back in ((place, place + 1), (place + 1, place)):
            if _are_halves(evidence[front], evidence[back]):
                found |= {half: _VERDICT for half in (front, back) if half not in settled}
    return found


def _are_halves(front: Evidence, back: Evidence) -> bool:
    cut = _length(front)
    if not (6 <= cut < _LENGTH) or _length(back) != _LENGTH - cut:
        return False
    if min(front.judged, back.judged) < _FEWEST:
        return False
    if (
        _fits(front.values, _pattern(0, cut)) < _FITTING
        or _fits(back.values, _pattern(cut, _LENGTH)) < _FITTING
    ):
        return False
    codes = front.values.str.head(6).cast(pl.Int64, strict=False).drop_nulls()
    if float(regions.resident_table()[codes.to_numpy()].mean()) < _KNOWN:
        return False
    if cut >= 12 and _fits(back.values, "[Xx]$") < _LETTER:
        # The last digits alone might be a year or a count: it is the letter that no other number ends in.
        return False
    if cut < 10:
        return True
    # Serial numbers of projects have a division and a year too; births lie decades apart.
    born = front.values.str.slice(6, 4).cast(pl.Int32, strict=False).drop_nulls()
    early, late = born.quantile(0.1), born.quantile(0.9)
    return early is not None and late is not None and late - early >= 15 and early < 1995


def _length(e: Evidence) -> int:
    """Characters of every value; 0 where they differ."""
    lengths = e.values.str.len_chars()
    shortest, longest = lengths.min(), lengths.max()
    return int(str(longest)) if shortest is not None and shortest == longest else 0


def _pattern(start: int, end: int) -> str:
    """What characters ``start`` to ``end`` of an ID look like; a piece that is cut is digits."""
    parts = []
    for first, last, pattern in _PIECES:
        if start <= first and last <= end:
            parts.append(pattern)
        elif start < last and first < end:
            parts.append(rf"\d{{{min(last, end) - max(first, start)}}}")
    return f"^{''.join(parts)}$"


def _fits(values: pl.Series, pattern: str) -> float:
    return float(values.str.contains(pattern).mean() or 0.0)  # type: ignore[arg-type]


_VERDICT = Verdict(
    "identifier",
    None,
    0.85,
    Sentence(
        "身份证号拆成了相邻两列，本列是其中一段，默认整列遮盖。",
        "A resident ID was cut into two neighbouring columns, this is one half: redacted whole by default.",
    ),
)
