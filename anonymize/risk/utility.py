"""What generalisation costs: how much less the table says.

Discernibility: R. Bayardo, R. Agrawal, ICDE (2005). Average class size: K. LeFevre et al., ICDE (2006).
Loss: V. Iyengar, KDD (2002). Precision (generalisation intensity): L. Sweeney, IJUFKS 10 (2002).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from anonymize.risk.codes import Ints


@dataclass(frozen=True, slots=True)
class Utility:
    """``loss``: 0 (as it was) to 1 (nothing left), mean over rows and quasi-identifiers of the share of the
    column's values that a cell cannot be told from; a suppressed row counts 1. ``discernibility``: sum over
    rows of the rows that look the same, a suppressed row counting as all rows. ``average_class``: mean rows
    of a class, in units of k. ``intensity``: mean share 0–1 of the rungs climbed; None without ladders."""

    loss: float
    discernibility: int
    average_class: float
    intensity: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a report."""
        return asdict(self)


def utility_of(sizes: Ints, rows: int, k: int, loss: float, intensity: float | None) -> Utility:
    """The cost of a table whose shown classes have ``sizes`` rows; its other ``rows`` are suppressed."""
    shown = int(sizes.sum())
    return Utility(
        loss=loss,
        discernibility=int((sizes * sizes).sum()) + (rows - shown) * rows,
        average_class=shown / len(sizes) / k if len(sizes) else 0.0,
        intensity=intensity,
    )
