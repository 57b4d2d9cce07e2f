"""Overlap precision and recall of names, and the share of address characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Score:
    """``precision`` and ``recall`` are shares (0–1); ``found`` and ``gold`` are the numbers behind them."""

    precision: float
    recall: float
    found: int
    gold: int


def person_score(found: Sequence[Spans], gold: Sequence[Spans]) -> Score:
    """A span counts when it overlaps one of the other side."""
    right = sum(any(a < d and c < b for c, d in g) for f, g in zip(found, gold, strict=True) for a, b in f)
    met = sum(any(a < d and c < b for c, d in f) for f, g in zip(found, gold, strict=True) for a, b in g)
    n, m = sum(map(len, found)), sum(map(len, gold))
    return Score(right / max(1, n), met / max(1, m), n, m)


def address_score(found: Sequence[Spans], gold: Sequence[Spans]) -> Score:
    """Characters: what of the found ones is right, what of the true ones is covered."""
    right = n = m = 0
    for f, g in zip(found, gold, strict=True):
        mine = {i for a, b in f for i in range(a, b)}
        true = {i for a, b in g for i in range(a, b)}
        right, n, m = right + len(mine & true), n + len(mine), m + len(true)
    return Score(right / max(1, n), right / max(1, m), n, m)
