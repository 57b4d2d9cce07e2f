"""Cutting texts into the units that the network reads, many texts at a time.

The best route through all dictionary words of a text: every unit scores log(length) − log(sum of all counts),
the scores add up, and of equal routes the one with the longer next unit wins. (The network was trained on
units whose score takes the length of a word for its count, so this is no oversight to mend.) Runs of single
ASCII letters and digits are one unit. A unit that the vocabulary does not know is read character by
character.

Words have two or three characters, so that what begins at a position is known from the three characters
there. All texts are walked side by side, from their ends: every step settles one position of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anonymize.tagger.packing import Integers
from anonymize.tagger.vocabulary import Vocabulary
from anonymize.tagger.wordtable import BITS, NONE, WordTable, code_points

_BREAK = "\U0010ffff"
"""Stands behind every text: no character, so in no word."""


@dataclass(frozen=True)
class Units:
    """Texts cut into units, in order; characters count through all texts, with one `_BREAK` after each."""

    text: str
    """All texts, a `_BREAK` after each."""
    codes: Integers
    """Code point + 1 of every character (characters,)."""
    bounds: Integers
    """First character of every text, and where the next would begin (texts + 1,)."""
    starts: Integers
    """First character of every unit (units,)."""
    lengths: Integers
    """Characters of every unit (units,)."""
    words: Integers
    """Index in the dictionary, or -1 for single characters and runs of letters and digits (units,)."""

    def within(self, starts: Integers, ends: Integers) -> Units:
        """Only the units of these stretches of characters, which lie in order and split no unit."""
        stretch = np.searchsorted(starts, self.starts, side="right") - 1
        kept = (stretch >= 0) & (self.starts < np.append(ends, 0)[stretch])
        return replace(self, starts=self.starts[kept], lengths=self.lengths[kept], words=self.words[kept])


@dataclass(frozen=True)
class Read:
    """What the network reads of many texts: numbers, and how many characters each stands for."""

    numbers: Integers
    lengths: Integers
    characters: Integers
    """First character of each, through all texts (numbers,)."""


class Segmenter:
    """Cuts texts; knows nothing of the network but the numbers of its units."""

    def __init__(self, dictionary: Path, vocabulary: Vocabulary) -> None:
        """Read ``dictionary``: a word and its count a line, with a space between."""
        self.words: list[str] = []
        self.counts: list[int] = []
        with dictionary.open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                word, count = line.strip().split(" ")
                self.words.append(word)
                self.counts.append(int(count))
        logarithm = log(sum(self.counts))
        self._scores = [log(length) - logarithm for length in (1, 2, 3)]
        self._table = WordTable(self.words)
        self._vocabulary = vocabulary
        self._numbers = np.array([_or_none(vocabulary.of_unit(word)) for word in self.words], dtype=np.int64)
        self._characters = vocabulary.by_code_point()
        self._alphanumeric = np.zeros(1 << BITS, dtype=bool)
        for first, last in ("az", "AZ", "09"):
            self._alphanumeric[ord(first) + 1 : ord(last) + 2] = True

    def cut(self, texts: Sequence[str]) -> Units:
        """The units of ``texts``; an empty text has none."""
        sizes = np.fromiter(map(len, texts), np.int64, len(texts))
        bounds = np.concatenate([[0], np.cumsum(sizes + 1)])
        text = _BREAK.join([*texts, ""])
        codes = code_points(text)
        pairs = codes[:-1] << BITS | codes[1:]
        two = np.append(self._table.find(pairs), NONE)
        three = np.append(self._table.find(pairs[:-1] << BITS | codes[2:]), [NONE, NONE])[: len(codes)]
        length = self._best(two >= 0, three >= 0, sizes, bounds)
        begins = _walk(length, sizes, bounds)
        starts = np.flatnonzero(begins)
        lengths = length[starts]
        words = np.where(lengths == 2, two[starts], np.where(lengths == 3, three[starts], NONE))
        loose = (lengths == 1) & self._alphanumeric[codes[starts]]
        # of two neighbouring loose ones the second belongs to the first; between texts stands a break
        joined = np.flatnonzero(loose[1:] & loose[:-1] & (starts[1:] == starts[:-1] + 1)) + 1
        if len(joined):
            starts, words, lengths = _merged(starts, words, lengths, joined)
        return Units(text, codes, bounds, starts, lengths, words)

    def _best(
        self, two: npt.NDArray[np.bool_], three: npt.NDArray[np.bool_], sizes: Integers, bounds: Integers
    ) -> Integers:
        """Length of the best unit at every character, by dynamic programming from the ends of the texts."""
        one_score, two_score, three_score = self._scores
        length = np.ones(len(two), dtype=np.int64)
        order = np.argsort(-sizes, kind="stable")
        sorted_sizes = sizes[order]
        ends = bounds[1:][order] - 1  # of every text: where its break stands
        routes = [np.zeros(len(order)), np.full(len(order), -np.inf), np.full(len(order), -np.inf)]
        longest = int(sorted_sizes[0]) if len(order) else 0
        running = len(order) - np.searchsorted(sorted_sizes[::-1], np.arange(1, longest + 1), side="left")
        for step, count in enumerate(running.tolist(), start=1):
            at = ends[:count] - step
            next_one, next_two, next_three = (route[:count] for route in routes)
            best = one_score + next_one
            chosen = np.ones(count, dtype=np.int64)
            for size, is_word, score, route in (
                (2, two[at], two_score, next_two),
                (3, three[at], three_score, next_three),
            ):
                candidate = np.where(is_word, score + route, -np.inf)
                better = candidate >= best  # a tie goes to the longer unit
                best = np.where(better, candidate, best)
                chosen[better] = size
            length[at] = chosen
            routes = [best, next_one, next_two]
        return length

    def read(self, units: Units) -> Read:
        """The numbers of ``units`` as the network reads them."""
        whole = np.where(units.words >= 0, self._numbers[units.words], NONE)
        single = units.lengths == 1
        whole[single] = self._characters[units.codes[units.starts[single]]]
        for unit in np.flatnonzero((units.words == NONE) & ~single).tolist():
            first, size = int(units.starts[unit]), int(units.lengths[unit])
            run = "".join(map(chr, units.codes[first : first + size] - 1))
            whole[unit] = _or_none(self._vocabulary.of_unit(run))
        # a unit without a number is read character by character
        pieces = np.where(whole >= 0, 1, units.lengths)
        total = int(pieces.sum())
        offset = np.arange(total) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        numbers = np.repeat(whole, pieces)
        characters = np.repeat(units.starts, pieces) + offset
        loose = numbers < 0
        numbers[loose] = self._characters[units.codes[characters[loose]]]
        lengths = np.repeat(np.where(whole >= 0, units.lengths, 1), pieces)
        return Read(numbers, lengths, characters)


def _or_none(number: int | None) -> int:
    return NONE if number is None else number


def _merged(
    starts: Integers, words: Integers, lengths: Integers, joined: Integers
) -> tuple[Integers, Integers, Integers]:
    """Units without those of ``joined``, whose characters go to the unit before."""
    keep = np.ones(len(starts), dtype=bool)
    keep[joined] = False
    return starts[keep], words[keep], np.add.reduceat(lengths, np.flatnonzero(keep))


def _walk(length: Integers, sizes: Integers, bounds: Integers) -> npt.NDArray[np.bool_]:
    """From the beginning of every text, unit by unit: which characters begin one."""
    begins = np.zeros(len(length), dtype=bool)
    filled = sizes > 0
    at, ends = bounds[:-1][filled], (bounds[1:] - 1)[filled]
    while len(at):
        begins[at] = True
        at = at + length[at]
        on = at < ends
        if not on.all():
            at, ends = at[on], ends[on]
    return begins
