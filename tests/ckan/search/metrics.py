"""Measures of a ranking against graded judgements."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the first ``depth`` results; gain is ``2**grade - 1``."""
    gained = _dcg([grades.get(name, 0) for name in ranking[:depth]])
    ideal = _dcg(sorted(grades.values(), reverse=True)[:depth])
    return gained / ideal


def in_first(ranking: Sequence[str], grades: Mapping[str, int], places: int = 3) -> bool:
    """Whether one of the entries with the highest grade stands among the first ``places``."""
    best = max(grades.values())
    return any(grades.get(name) == best for name in ranking[:places])


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
