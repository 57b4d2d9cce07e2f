"""How alike two information items are, as a number from 0 to 1.

    s(a, b) = 0.80 · n(a, b) + 0.12 · t(a, b) + 0.08 · l(a, b)

- ``n``, of the names: 1 when head and owner agree (see :mod:`.names`), 0.9 when one of them names no owner,
  and 0.55 when both name different owners (申请人姓名, 监护人姓名). Different heads of which both are known
  groups: 0.3 · D. Otherwise the Dice coefficient D of the bigrams of both names, 2·|A∩B| / (|A|+|B|), where a
  name of one character is its own bigram. (Dice 1945.)
- ``t``, of the types: 1 when equal, 0.8 between whole and decimal numbers and between date and date with
  time, 0.5 between text and anything else (departments keep dates and numbers as text), 0 otherwise.
- ``l``, of the lengths: shorter over longer; 0.5 when one of them is not given.

:data:`SAME` is the value from which two items count as the same item of information; it was set on the judged
pairs in ``tests/unit/portal/catalogue/one_source_pairs.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ckanext.govdata.catalogue.one_source.names import Name, plain, read

SAME: Final = 0.75
_KIN: Final = (frozenset({"integer", "number"}), frozenset({"date", "datetime"}))


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it is compared; ``type`` of the list ``item_type``, ``length`` 0 when unknown."""

    label: str
    type: str = ""
    length: int = 0

    @classmethod
    def of(cls, item: dict[str, Any]) -> Item:
        """Of a catalogue entry's item; its label, or its field name where there is no label."""
        length = str(item.get("length") or "")
        said = str(item.get("label") or item.get("name") or "")
        return cls(said, str(item.get("type") or ""), int(length) if length.isdecimal() else 0)

    @property
    def name(self) -> Name:
        return read(self.label)


def similarity(a: Item, b: Item) -> float:
    """``s(a, b)`` as above; symmetric, 1 for equal items of a known length."""
    return 0.80 * _names(a, b) + 0.12 * _types(a.type, b.type) + 0.08 * _lengths(a.length, b.length)


def _names(a: Item, b: Item) -> float:
    first, second = a.name, b.name
    if first.head == second.head:
        if first.owner == second.owner:
            return 1.0
        return 0.9 if not (first.owner and second.owner) else 0.55
    alike = dice(plain(a.label), plain(b.label))
    return 0.3 * alike if first.known and second.known else alike


def dice(a: str, b: str) -> float:
    """The Dice coefficient of the bigrams of two texts."""
    first, second = _bigrams(a), _bigrams(b)
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0


def _bigrams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(max(len(text) - 1, 1))) if text else frozenset()


def _types(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if any(a in kin and b in kin for kin in _KIN):
        return 0.8
    return 0.5 if "string" in (a, b) or not (a and b) else 0.0


def _lengths(a: int, b: int) -> float:
    return min(a, b) / max(a, b) if a and b else 0.5
