"""From a figure to a share of an indicator's weight: the table of formulas that indicator sets name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Figure:
    """``count`` records of which ``good`` are as they should be; ``mean`` of their values, if any."""

    count: int = 0
    good: int = 0
    mean: float | None = None

    def document(self) -> dict[str, int | float | None]:
        return {"count": self.count, "good": self.good, "mean": self.mean}


def share(figure: Figure, _scale: float) -> float | None:
    """Good records among all; None where there is no record: the indicator does not apply."""
    return figure.good / figure.count if figure.count else None


def target(figure: Figure, scale: float) -> float:
    """Full from ``scale`` records on, in proportion below."""
    return min(1.0, figure.count / scale)


def mean(figure: Figure, scale: float) -> float | None:
    """The mean value of ``scale``; None where nothing was measured."""
    return None if figure.mean is None else min(1.0, figure.mean / scale)


def penalty(figure: Figure, scale: float) -> float:
    """Full without a bad record; each costs one ``scale``-th, down to nothing."""
    return max(0.0, 1 - (figure.count - figure.good) / scale)


FORMULAS: Final[Mapping[str, Callable[[Figure, float], float | None]]] = {
    "share": share, "target": target, "mean": mean, "penalty": penalty,
}  # fmt: skip
BY_HAND: Final = "hand"
"""The formula of what no measure gives: a person enters a percentage."""
GRADES: Final = ((90.0, "excellent"), (75.0, "good"), (60.0, "pass"), (0.0, "fail"))
GRADE_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "excellent": ("优秀", "Excellent"), "good": ("良好", "Good"), "pass": ("合格", "Pass"),
    "fail": ("不合格", "Fail"),
}  # fmt: skip


def grade(score: float) -> str:
    """The grade of a score from 0 to 100."""
    return next(name for least, name in GRADES if score >= least)
