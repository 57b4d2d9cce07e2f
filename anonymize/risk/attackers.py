"""Re-identification risk by who tries: prosecutor, journalist and marketer.

K. El Emam, F. Dankar, Protecting Privacy Using k-Anonymity, JAMIA 15 (2008). The prosecutor knows that a
person is in the table; the journalist only that the person is in the population it was drawn from, and wants
any one hit; the marketer wants as many hits as he can get. k-map: L. Sweeney (2002). δ-presence: M. Nergiz,
M. Atzori, C. Clifton, SIGMOD (2007).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from anonymize.errors import WrongUse
from anonymize.risk.classes import Classes
from anonymize.risk.codes import add_up, combine, encode
from anonymize.risk.groups import COUNT


@dataclass(frozen=True, slots=True)
class Attackers:
    """Probabilities, 0–1. ``prosecutor``: of the right row for a known person, at worst; ``at_risk``: share
    of rows where it is above ``threshold``; ``marketer``: share of rows hit on average. With a population:
    ``journalist``: of the right person for a row, at worst; ``k_map``: persons of the population that share
    the rarest combination shown; ``delta``: least and greatest probability that one of the population is in
    the table. None without one: the prosecutor's risk is then the bound for all."""

    threshold: float
    prosecutor: float
    at_risk: float
    marketer: float
    journalist: float | None = None
    journalist_marketer: float | None = None
    k_map: int | None = None
    delta: tuple[float, float] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a report."""
        return {**asdict(self), "delta": None if self.delta is None else list(self.delta)}


def attackers(classes: Classes, threshold: float, population: pl.DataFrame | None = None) -> Attackers:
    """The three risks of a table. Classes of which nothing can be read are not linked to anybody.

    Args:
        classes: of the table as it leaves.
        threshold: probability that counts as a risk: 1/k of the policy.
        population: everybody whom the table was drawn from, with the same quasi-identifiers generalised in
            the same way.

    Raises:
        WrongUse: a row stands for more persons than the population has with its combination.
    """
    sizes, rows = classes.sizes[classes.shown], classes.rows
    if not len(sizes):
        return Attackers(threshold, 0.0, 0.0, 0.0)
    risky = sizes[1.0 / sizes > threshold + 1e-12]
    found = Attackers(
        threshold=threshold,
        prosecutor=float(1 / sizes.min()),
        at_risk=float(risky.sum() / rows),
        marketer=float(len(sizes) / rows),
    )
    return found if population is None else _with_population(found, classes, population)


def _with_population(found: Attackers, classes: Classes, population: pl.DataFrame) -> Attackers:
    quasi = list(classes.quasi)
    table = classes.frame.select(quasi)
    both = pl.concat([table, population.select(quasi)])
    codes = [encode(both[name]) for name in quasi]
    ids, sizes = combine([c.values for c in codes], [c.size for c in codes], both.height)
    ours = add_up(ids[: table.height], len(sizes), classes.weights)
    weights = population[COUNT].to_numpy().astype(np.int64) if COUNT in population.columns else None
    theirs = add_up(ids[table.height :], len(sizes), weights)
    shown = np.zeros(len(sizes), dtype=np.bool_)
    shown[ids[: table.height]] = classes.shown[classes.of_row]
    if (ours[shown] > theirs[shown]).any():
        raise WrongUse(
            "总体中与表相同的组合比表还少：总体应包含表中所有人，且按相同方式泛化。",
            "The population has fewer of some combination than the table: it must hold everybody of the "
            "table, generalised in the same way.",
        )
    f, big = ours[shown], theirs[shown]
    present = theirs > 0
    share = ours[present] / theirs[present]
    return Attackers(
        threshold=found.threshold,
        prosecutor=found.prosecutor,
        at_risk=found.at_risk,
        marketer=found.marketer,
        journalist=float(1 / big.min()),
        journalist_marketer=float((f / big).sum() / classes.rows),
        k_map=int(big.min()),
        delta=(float(share.min()), float(share.max())),
    )
