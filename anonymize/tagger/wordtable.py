"""A dictionary of words of two and three characters that whole arrays can be looked up in.

A word is one number: 21 bits a character (code point + 1, so that a short word is never taken for the tail of
a longer one). Numbers are hashed into a table; those whose place is taken go on into a smaller table, until
none is left. A look-up is a few array operations a table, whatever the number of texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anonymize.tagger.packing import Integers

BITS = 21
LONGEST = 3
NONE = -1
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2⁶⁴ divided by the golden ratio (Knuth, TAOCP 3, 6.4)
_SLOTS_A_WORD = 3


def code_points(text: str) -> Integers:
    """Code points of ``text`` plus one; lone surrogates, which a damaged file may hold, are let through."""
    encoded = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(encoded, dtype="<u4").astype(np.int64) + 1


class WordTable:
    """Finds the index of words in the list that it was made of."""

    def __init__(self, words: Sequence[str]) -> None:
        """``words`` are all different and of two or three characters; raises ValueError otherwise."""
        if any(not 1 < len(word) <= LONGEST for word in words):
            raise ValueError("a word of another length than two or three characters")
        keys = np.array([_key(word) for word in words], dtype=np.int64)
        if len(np.unique(keys)) != len(keys):
            raise ValueError("a word stands twice")
        self._tables: list[tuple[np.uint64, Integers, Integers]] = []
        left = np.arange(len(keys))
        while len(left):
            bits = max(4, int(len(left) * _SLOTS_A_WORD).bit_length())
            shift = np.uint64(64 - bits)
            places = _places(keys[left], shift)
            _, first = np.unique(places, return_index=True)
            table = np.zeros(1 << bits, dtype=np.int64)  # no word has the number 0
            index = np.full(1 << bits, NONE, dtype=np.int64)
            table[places[first]] = keys[left[first]]
            index[places[first]] = left[first]
            self._tables.append((shift, table, index))
            left = np.delete(left, first)

    def find(self, keys: Integers) -> Integers:
        """Index of every word of ``keys``, or `NONE`."""
        found = np.full(len(keys), NONE, dtype=np.int64)
        for shift, table, index in self._tables:
            places = _places(keys, shift)
            hit = np.flatnonzero(table[places] == keys)
            found[hit] = index[places[hit]]
        return found


def _key(word: str) -> int:
    key = 0
    for character in word:
        key = key << BITS | ord(character) + 1
    return key


def _places(keys: Integers, shift: np.uint64) -> Integers:
    return ((keys.astype(np.uint64) * _MULTIPLIER) >> shift).astype(np.int64)
