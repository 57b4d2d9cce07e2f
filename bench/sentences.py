"""Sentences of government work for the measurements of free text: invented, drawn anew, hardly a clause
twice.

A sentence is two or three clauses, about fifty characters. Clauses are filled from lists long enough
that few are equal, so that no reader gains by remembering.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

_LISTS = json.loads(Path(__file__).with_name("sentences.json").read_text(encoding="utf-8"))


def sentences(count: int, named: float, seed: int) -> list[str]:
    """``count`` different sentences; a share ``named`` (0–1) of them, evenly spread, names a person."""
    rng = Random(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        with_name = int((len(made) + 1) * named) > int(len(made) * named)
        clauses = [_clause(rng, _LISTS["without"]) for _ in range(rng.randrange(1, 3))]
        if with_name:
            clauses[rng.randrange(len(clauses))] = _clause(rng, _LISTS["with"])
        made["，".join([*clauses, _clause(rng, _LISTS["without"])]) + "。"] = None
    return list(made)


def _clause(rng: Random, patterns: list[str]) -> str:
    text = rng.choice(patterns)
    while "{" in text:
        slot = text[text.index("{") : text.index("}") + 1]
        text = text.replace(slot, _filling(rng, slot[1:-1]), 1)
    return text


def _filling(rng: Random, slot: str) -> str:
    if slot == "name":
        return rng.choice(_LISTS["surnames"]) + "".join(rng.choices(_LISTS["given"], k=rng.choice((1, 2, 2))))
    if slot == "date":
        return f"{rng.randrange(2015, 2026)}年{rng.randrange(1, 13)}月{rng.randrange(1, 29)}日"
    if slot == "n":
        return str(rng.randrange(2, 100))
    return rng.choice(_LISTS[slot].split())
