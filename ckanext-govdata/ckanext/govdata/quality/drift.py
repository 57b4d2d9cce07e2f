"""How far a release lies from the one before it: rows, empty cells, distributions.

Everything is made of the figures that were counted of both tables (:mod:`ckanext.govdata.tables.statistics`):
at most twenty steps of a number, eight frequent values of a text. What comes out names columns and shares, no
value.

The distance of two distributions is the population stability index, Σ (q − p) · ln(q / p) over their steps;
above 0.25 it is taken for a shift. Source: N. Siddiqi, Credit Risk Scorecards (2006). Article: HB-17.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from ckanext.govdata.tables.statistics import ColumnFacts, TableFacts

ROWS: Final = 0.5
"""Rows that are gone or new, as a share of those before, above which somebody has to look."""
EMPTY: Final = 0.1
"""The same for the share of empty cells of a column, in either direction."""
SHIFT: Final = 0.25
LEAST_ROWS: Final = 50
"""Below this a distribution says more of chance than of the data."""
_GRID: Final = 10
_HALF: Final = 0.5
"""Added to each step, so that an empty one is no infinite distance."""

Kind = Literal["rows", "empty", "shift", "lost", "kind"]


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that moved. ``before`` and ``after`` are row counts or shares; ``measure`` is how far.

    ``rows``: relative change; ``empty``: difference of the shares of empty cells; ``shift``: the index above;
    ``lost``: the column is gone; ``kind``: its cells are of another kind than before.
    """

    kind: Kind
    column: str
    before: float
    after: float
    measure: float


@dataclass(frozen=True, slots=True)
class Drifts:
    """Compared with release ``against``; ``columns`` maps each compared column to its index."""

    against: int
    found: list[Drift] = field(default_factory=list)
    columns: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Drifts:
        """From what :meth:`document` wrote."""
        return cls(**{**document, "found": [Drift(**each) for each in document["found"]]})


def drift(against: int, old: TableFacts, new: TableFacts) -> Drifts:
    """What moved from ``old`` (release number ``against``) to ``new``."""
    found = [*_rows(old, new)]
    index: dict[str, float] = {}
    for before in old.columns:
        after = new.of(before.id)
        if after is None:
            found.append(Drift("lost", before.id, 1.0, 0.0, 1.0))
            continue
        if after.kind != before.kind:
            found.append(Drift("kind", before.id, 1.0, 1.0, 1.0))
            continue
        found += _empty(before, after, old.rows, new.rows)
        distance = _distance(before, after)
        if distance is not None:
            index[before.id] = round(distance, 4)
            if distance > SHIFT:
                found.append(Drift("shift", before.id, 0.0, 0.0, round(distance, 4)))
    return Drifts(against, found, index)


def stability(old: Sequence[float], new: Sequence[float]) -> float:
    """The index of two distributions over the same steps, given as counts; never negative, 0 for equal ones.

    >>> round(stability([50, 50], [50, 50]), 3), stability([90, 10], [10, 90]) > 1
    (0.0, True)
    """
    width = len(old)
    p = [(count + _HALF) / (sum(old) + _HALF * width) for count in old]
    q = [(count + _HALF) / (sum(new) + _HALF * width) for count in new]
    return sum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))


def _rows(old: TableFacts, new: TableFacts) -> list[Drift]:
    if not old.rows:
        return []
    change = (new.rows - old.rows) / old.rows
    return [Drift("rows", "", old.rows, new.rows, round(change, 4))] if abs(change) > ROWS else []


def _empty(before: ColumnFacts, after: ColumnFacts, old: int, new: int) -> list[Drift]:
    if before.filled is None or after.filled is None or not old or not new:
        return []
    was, is_ = 1 - before.filled / old, 1 - after.filled / new
    if abs(is_ - was) <= EMPTY:
        return []
    return [Drift("empty", before.id, round(was, 4), round(is_, 4), round(is_ - was, 4))]


def _distance(before: ColumnFacts, after: ColumnFacts) -> float | None:
    """None where the figures say nothing of the distribution."""
    if min(before.filled or 0, after.filled or 0) < LEAST_ROWS:
        return None
    if before.bins and after.bins:
        ends = _ends(before), _ends(after)
        low, high = min(end[0] for end in ends), max(end[1] for end in ends)
        return stability(
            *(_spread(each.bins, *end, low, high) for each, end in zip((before, after), ends, strict=True))
        )
    if before.top and after.top:
        was, is_ = dict(before.top), dict(after.top)
        names = sorted({*was, *is_})
        rest = [
            max((each.filled or 0) - sum(known.values()), 0) for each, known in ((before, was), (after, is_))
        ]
        return stability(
            [*(was.get(name, 0) for name in names), rest[0]], [*(is_.get(name, 0) for name in names), rest[1]]
        )
    return None


def _ends(column: ColumnFacts) -> tuple[float, float]:
    return float(column.low or 0), float(column.high or 0)


def _spread(bins: Sequence[int], low: float, high: float, least: float, greatest: float) -> list[float]:
    """Counts over equal steps from ``low`` to ``high`` as counts over the common grid, by overlap."""
    step, wide = (high - low) / len(bins), (greatest - least) / _GRID
    found = [0.0] * _GRID
    if step <= 0 or wide <= 0:
        return found
    for number, count in enumerate(bins):
        begin, end = low + number * step, low + (number + 1) * step
        for place in range(
            max(int((begin - least) / wide), 0), min(int((end - least) / wide), _GRID - 1) + 1
        ):
            overlap = min(end, least + (place + 1) * wide) - max(begin, least + place * wide)
            found[place] += count * max(overlap, 0.0) / step
    return found
