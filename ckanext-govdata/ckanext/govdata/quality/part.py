"""One part of the score, and the whole made of parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Key = Literal["completeness", "timeliness", "machine", "dictionary", "validity"]

WEIGHTS: dict[Key, float] = {
    "completeness": 0.25,
    "timeliness": 0.20,
    "machine": 0.15,
    "dictionary": 0.20,
    "validity": 0.20,
}
"""What each part counts for; together 1."""


@dataclass(frozen=True, slots=True)
class Part:
    """``score`` is from 0 to 1, None where nothing can be said (an entry that is updated irregularly).

    ``facts`` are the numbers that the page explains the score by.
    """

    key: Key
    score: float | None
    facts: dict[str, int] = field(default_factory=dict)

    @property
    def points(self) -> int | None:
        """The score out of 100, rounded down so that 100 means that nothing is missing."""
        return None if self.score is None else int(self.score * 100 + 1e-9)


@dataclass(frozen=True, slots=True)
class Quality:
    """``points`` out of 100 and ``stars`` from 1 to 5; None where no part is known."""

    parts: tuple[Part, ...]
    points: int | None

    @property
    def stars(self) -> int | None:
        return None if self.points is None else max(1, min(5, self.points // 20 + (self.points % 20 >= 10)))


def whole(parts: Sequence[Part]) -> Quality:
    """The weighted mean of the parts that are known."""
    known = [(WEIGHTS[part.key], part.score) for part in parts if part.score is not None]
    if not known:
        return Quality(tuple(parts), None)
    mean = sum(weight * score for weight, score in known) / sum(weight for weight, _ in known)
    return Quality(tuple(parts), int(mean * 100 + 1e-9))


def share(part: float, whole_: float) -> float:
    """``part`` of ``whole_`` within 0 and 1; of nothing, everything is there."""
    return 1.0 if whole_ <= 0 else min(1.0, max(0.0, part / whole_))
