"""The equivalence classes of a table, and every measure that is taken on them.

::

    classes = Classes.of(frame, ["出生年份", "性别", "区县"])
    classes.k                           # rows of the smallest class
    classes.sensitive("病种")            # l and t of one sensitive column

Counted tables (one row for each combination, with how often it stands) are taken as well, so that a table
larger than memory is measured by what ``Groups`` counted of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from anonymize.operators import REDACTED
from anonymize.risk.codes import Bools, Ints, add_up, combine, encode, ranks, renumber
from anonymize.risk.diversity import Sensitive, closeness_t, distinct_l, entropy_l, recursive_c, sensitive_of
from anonymize.risk.groups import COUNT


@dataclass(frozen=True, slots=True)
class Diversity:
    """What the classes say about one sensitive column, at worst.

    ``l``: different values in a class; ``entropy``: as many equally frequent values; ``c``: what ``c`` must
    exceed for recursive (c, l)-diversity with this ``l``, None when l is 1; ``t``: distance 0–1 from the
    whole table's values, ``ordered`` when they are numbers.
    """

    l: int  # noqa: E741  the literature's name
    entropy: float
    c: float | None
    t: float
    ordered: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a report."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Classes:
    """``frame``: the table, or its counted combinations; ``of_row``: (rows of frame,) class of each;
    ``sizes``: (classes,) rows of the table; ``weights``: rows that each row of frame stands for, None for
    one; ``shown``: (classes,) whether a quasi-identifier can still be read in it."""

    frame: pl.DataFrame
    quasi: tuple[str, ...]
    of_row: Ints
    sizes: Ints
    weights: Ints | None
    shown: Bools

    @classmethod
    def of(cls, frame: pl.DataFrame, quasi: Sequence[str], *, counted: bool = False) -> Classes:
        """The classes of equal cells in ``quasi``. ``counted``: column ``groups.COUNT`` tells how many rows
        each row of ``frame`` stands for. Empty and ``***`` count as any other cell."""
        codes = [encode(frame[name]) for name in quasi]
        of_row, sizes = combine([c.values for c in codes], [c.size for c in codes], frame.height)
        weights = frame[COUNT].to_numpy().astype(np.int64) if counted else None
        if weights is not None:
            sizes = add_up(of_row, len(sizes), weights)
        shows: Bools = np.zeros(len(sizes), dtype=np.bool_)
        for code in codes:
            hides = ((code.labels == "") | (code.labels == REDACTED)).to_numpy()
            if not hides.any():
                shows[:] = True
                break
            shows[of_row[~hides[code.values]]] = True
        return cls(frame, tuple(quasi), of_row, sizes, weights, shows)

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return int(self.sizes.sum())

    @property
    def k(self) -> int:
        """Rows of the smallest class, whatever it shows; 0 for an empty table."""
        return int(self.sizes.min()) if len(self.sizes) else 0

    def l_of(self, column: str) -> int:
        """Least number of different values of ``column`` in a class."""
        codes = encode(self.frame[column])
        size = max(codes.size, 1)
        number = len(self.sizes) * size
        keys = self.of_row * size + codes.values
        if number <= max(1 << 16, 8 * len(keys)):
            present = np.zeros(number, dtype=np.bool_)
            present[keys] = True
            return int(present.reshape(-1, size).sum(axis=1).min()) if number else 0
        return int(add_up(np.unique(keys) // size, len(self.sizes), None).min()) if len(keys) else 0

    def t_of(self, column: str) -> float:
        """Greatest distance (0–1) of a class's values of ``column`` from the whole table's."""
        return float(closeness_t(self._pairs(column)).max()) if len(self.sizes) else 0.0

    def sensitive(self, column: str, *, shown_only: bool = False) -> Diversity:
        """l and t of one sensitive column. ``shown_only``: leave out the classes of which nothing can be
        read; the distance is from all rows all the same."""
        pairs = self._pairs(column)
        mask = self.shown if shown_only else np.ones(len(self.sizes), dtype=np.bool_)
        if not mask.any():
            return Diversity(0, 0.0, None, 0.0, pairs.ordered)
        least = int(distinct_l(pairs)[mask].min())
        return Diversity(
            l=least,
            entropy=float(entropy_l(pairs)[mask].min()),
            c=float(recursive_c(pairs, least)[mask].max()) if least > 1 else None,
            t=float(closeness_t(pairs)[mask].max()),
            ordered=pairs.ordered,
        )

    def _pairs(self, column: str) -> Sensitive:
        codes = encode(self.frame[column])
        places, ordered = ranks(codes.labels)
        renumber(codes.values, places)
        return sensitive_of(
            self.of_row, len(self.sizes), codes.values, codes.size, self.weights, ordered=ordered
        )
