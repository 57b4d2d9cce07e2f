"""What every class of a generalised table must satisfy, and which classes do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.errors import WrongUse
from anonymize.risk.codes import Bools, Ints, add_up
from anonymize.risk.diversity import closeness_t, distinct_l, sensitive_of
from anonymize.risk.rollup import Counted


@dataclass(frozen=True, slots=True)
class Bounds:
    """``k``: rows of a class, at least. ``l``: different sensitive values in a class, at least. ``t``:
    distance (0–1) of a class's sensitive values from those of the table, at most; 1 is no bound.
    ``suppress``: share (0–1) of the rows that may be hidden instead."""

    k: int
    l: int = 1  # noqa: E741  the literature's name
    t: float = 1.0
    suppress: float = 0.0

    def __post_init__(self) -> None:
        if self.k < 1 or self.l < 1 or not 0 <= self.t <= 1 or not 0 <= self.suppress <= 1:
            raise WrongUse(
                "k、l 至少为 1，t 与抑制比例应在 0 与 1 之间。",
                "k and l are at least 1, t and the share of suppressed rows lie between 0 and 1.",
            )

    @property
    def monotone(self) -> bool:
        """Whether joining classes can never make more rows break a bound.

        Not so for t with suppression: a class that keeps to t joined with one that does not may break it.
        """
        return self.t >= 1 or self.suppress == 0


@dataclass(frozen=True, slots=True)
class Judge:
    """Bounds with what is needed to test them. ``tables``: for each sensitive column the place of its value
    (in its order) by the joint code of all sensitive columns; ``ordered``: which of them are numbers."""

    bounds: Bounds
    tables: Sequence[Ints] = ()
    ordered: Sequence[bool] = ()

    def bad_rows(self, counted: Counted) -> Bools:
        """(combinations,) whether the class of each breaks a bound."""
        if counted.values is None:
            return counted.counts < self.bounds.k
        classes, number = counted.classes()
        return self.bad_classes(classes, number, counted.values, counted.counts)[classes]

    def bad_classes(self, classes: Ints, number: int, values: Ints | None, counts: Ints | None) -> Bools:
        """(classes,) whether each breaks a bound; ``values``: joint sensitive code of each row."""
        bad: Bools = add_up(classes, number, counts) < self.bounds.k
        if values is None:
            return bad
        for table, ordered in zip(self.tables, self.ordered, strict=True):
            sensitive = sensitive_of(
                classes, number, table[values], int(table.max()) + 1, counts, ordered=ordered
            )
            bad |= distinct_l(sensitive) < self.bounds.l
            if self.bounds.t < 1:
                # A hair of room: the distance of a class equal to the whole is not always exactly 0.
                bad |= closeness_t(sensitive) > self.bounds.t + 1e-12
        return np.asarray(bad)
