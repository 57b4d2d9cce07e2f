"""Re-identification risk of the result of a run: k, unique rows, l, t, and who could find whom.

k: L. Sweeney, k-Anonymity (2002). l and t: see ``diversity``. Attackers: see ``attackers``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from anonymize.risk.attackers import Attackers, attackers
from anonymize.risk.classes import Classes, Diversity
from anonymize.risk.groups import Groups


@dataclass(frozen=True, slots=True)
class Risk:
    """``k``: rows of the smallest class that still shows a quasi-identifier; None when none does.

    ``unique_share``, ``under_k_share``: shares (0–1) of all rows that are alone, or in a class under the
    policy's k. ``hidden_rows``: rows in which every quasi-identifier is empty or suppressed.
    ``diversity``: by sensitive column, the worst class (see ``classes.Diversity``).
    """

    quasi_identifiers: tuple[str, ...]
    k: int | None
    classes: int
    rows: int
    unique_rows: int
    under_k_rows: int
    hidden_rows: int
    suppressed_cells: Mapping[str, int] = field(default_factory=dict)
    diversity: Mapping[str, Diversity] = field(default_factory=dict)
    attackers: Attackers | None = None

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

    @property
    def l(self) -> Mapping[str, int]:  # noqa: E743  the literature's name
        """Least number of different values of each sensitive column in a class."""
        return {name: found.l for name, found in self.diversity.items()}

    @property
    def t(self) -> Mapping[str, float]:
        """Greatest distance (0–1) of a class's values of each sensitive column from the whole table's."""
        return {name: found.t for name, found in self.diversity.items()}

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
            "t": dict(self.t),
            "diversity": {name: found.as_dict() for name, found in self.diversity.items()},
            "attackers": None if self.attackers is None else self.attackers.as_dict(),
        }


def measure(
    groups: Groups, sensitive: Mapping[str, Groups], k: int, suppressed_cells: Mapping[str, int], rows: int
) -> Risk:
    """The risk of a result whose rows were counted in ``groups``.

    ``sensitive``: by column, the groups over the quasi-identifiers and that column. ``k``: the policy's.
    """
    if not groups.columns:
        return Risk((), None, 0, rows, 0, 0, rows)
    classes = Classes.of(groups.frame, groups.columns, counted=True)
    diversity = {
        name: Classes.of(both.frame, groups.columns, counted=True).sensitive(name, shown_only=True)
        for name, both in sensitive.items()
    }
    return risk_of(classes, diversity, k, suppressed_cells)


def risk_of(
    classes: Classes,
    diversity: Mapping[str, Diversity],
    k: int,
    suppressed_cells: Mapping[str, int] | None = None,
    population: pl.DataFrame | None = None,
) -> Risk:
    """The risk of classes that were counted elsewhere. ``k``: the bound that rows are held against;
    ``population``: see ``attackers.attackers``."""
    sizes = classes.sizes[classes.shown]
    return Risk(
        quasi_identifiers=classes.quasi,
        k=int(sizes.min()) if len(sizes) else None,
        classes=len(sizes),
        rows=classes.rows,
        unique_rows=int((sizes == 1).sum()),
        under_k_rows=int(sizes[sizes < k].sum()),
        hidden_rows=classes.rows - int(sizes.sum()),
        suppressed_cells=dict(suppressed_cells or {}),
        diversity=dict(diversity),
        attackers=attackers(classes, 1 / k, population),
    )
