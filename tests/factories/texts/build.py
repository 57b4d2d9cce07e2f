"""Templates filled with drawn persons and addresses; every fill is a span of the truth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Literal

from tests.factories.texts import held, pools, tuned

Set = Literal["tuned", "held"]
_SLOT = re.compile(r"<([A-Z])(\d?)>")
_KIND = {"P": "PERSON", "M": "PERSON", "A": "ADDRESS", "H": "ADDRESS", "T": "CN_MOBILE"}
_FILL = {
    "P": pools.name, "M": pools.disguised, "A": pools.address, "H": pools.home, "T": pools.number, "C": pools.division,  # noqa: E501
    "D": lambda rng: f"2025年{rng.randrange(1, 13)}月{rng.randrange(1, 29)}日",
    "N": lambda rng: str(rng.randrange(2, 9000)),
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A text and what stands in it: start, end (characters), entity."""

    text: str
    gold: tuple[tuple[int, int, str], ...]
    template: int


def sentences(which: Set, each: int = 3, seed: str = "texts") -> list[Sentence]:
    """``each`` fillings of every template: P person, M disguised person, A address, H home, T mobile, C division,
    D date, N number; a digit behind the letter names the same one again."""  # noqa: E501
    templates = [*(tuned if which == "tuned" else held).TEMPLATES]
    made = []
    for n, template in enumerate(templates):
        # Without a slot every filling is the same sentence, which would count as often.
        for k in range(each if _SLOT.search(template) else 1):
            made.append(_fill(template, n, Random(f"{seed}-{which}-{n}-{k}")))
    return made


def _fill(template: str, number: int, rng: Random) -> Sentence:
    known: dict[str, str] = {}
    text, gold, at = "", [], 0
    for slot in _SLOT.finditer(template):
        text += template[at : slot.start()]
        kind, again = slot.groups()
        value = known.get(kind + again) if again else None
        if value is None:
            value = _FILL[kind](rng)
            known[kind + again] = value
        if kind in _KIND:
            gold.append((len(text), len(text) + len(value), _KIND[kind]))
        text += value
        at = slot.end()
    return Sentence(text + template[at:], tuple(gold), number)
