"""Re-identification risk of the result: k-anonymity, unique rows, l-diversity.

k: L. Sweeney, k-Anonymity (2002). l (distinct): A. Machanavajjhala et al., l-Diversity (2007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from anonymize.operators import REDACTED
from anonymize.risk.groups import COUNT, Groups


@dataclass(frozen=True, slots=True)
class Risk:
    """``k``: rows of the smallest class that still shows a quasi-identifier; None when none does.

    ``unique_share``, ``under_k_share``: shares (0–1) of all rows that are alone, or in a class under the
    policy's k. ``hidden_rows``: rows in which every quasi-identifier is empty or suppressed.
    ``l``: least number of different values of each sensitive column in a class.
    """

    quasi_identifiers: tuple[str, ...]
    k: int | None
    classes: int
    rows: int
    unique_rows: int
    under_k_rows: int
    hidden_rows: int
    suppressed_cells: Mapping[str, int] = field(default_factory=dict)
    l: Mapping[str, int] = field(default_factory=dict)  # noqa: E741  the literature's name

    @property
    def unique_share(self) -> float:
        return self.unique_rows / self.rows if self.rows else 0.0

    @property
    def under_k_share(self) -> float:
        return self.under_k_rows / self.rows if self.rows else 0.0

    @property
    def highest(self) -> float:
        """The greatest probability (0–1) of picking the right row for a known person: 1/k."""
        return 1 / self.k if self.k else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain data for the report."""
        return {
            "quasi_identifiers": list(self.quasi_identifiers),
            "k": self.k,
            "classes": self.classes,
            "rows": self.rows,
            "unique_rows": self.unique_rows,
            "unique_share": self.unique_share,
            "under_k_rows": self.under_k_rows,
            "under_k_share": self.under_k_share,
            "hidden_rows": self.hidden_rows,
            "highest_risk": self.highest,
            "suppressed_cells": dict(self.suppressed_cells),
            "l": dict(self.l),
        }


def measure(
    groups: Groups, sensitive: Mapping[str, Groups], k: int, suppressed_cells: Mapping[str, int], rows: int
) -> Risk:
    """The risk of a result whose rows were counted in ``groups``.

    ``sensitive``: by column, the groups over the quasi-identifiers and that column.
    """
    if not groups.columns:
        return Risk((), None, 0, rows, 0, 0, rows)
    shows = pl.any_horizontal(~pl.col(name).is_in(["", REDACTED]) for name in groups.columns)
    open_classes = groups.frame.filter(shows)
    counts = open_classes[COUNT]
    least = {
        name: int(
            both.frame.group_by(groups.columns)
            .len()
            .filter(shows)
            .select(pl.col("len").min().fill_null(0))
            .item()
        )
        for name, both in sensitive.items()
    }
    smallest = counts.min()
    return Risk(
        quasi_identifiers=tuple(groups.columns),
        k=None if smallest is None else int(smallest),  # type: ignore[arg-type]
        classes=len(open_classes),
        rows=rows,
        unique_rows=int((counts == 1).sum()),
        under_k_rows=int(counts.filter(counts < k).sum()),
        hidden_rows=rows - int(counts.sum()),
        suppressed_cells=dict(suppressed_cells),
        l=least,
    )
