"""Cutting a text into the units that the network reads.

The best route through all dictionary words of the text: every unit scores log(length) − log(sum of all
counts), the sum counts, and of equal routes the one with the longer next unit wins. (The network was trained
on units whose score takes the length of a word for its count, so this is no oversight to mend.) Runs of
single ASCII letters and digits are one unit. A unit that the vocabulary does not know is read character by
character.
"""

from __future__ import annotations

from math import log
from pathlib import Path

from anonymize.tagger.vocabulary import Vocabulary

_ALPHANUMERIC = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


class Segmenter:
    """Cuts texts; knows nothing of the network but the numbers of its units."""

    def __init__(self, dictionary: Path, vocabulary: Vocabulary) -> None:
        """Read ``dictionary``: a word and its count a line, with a space between."""
        words: list[str] = []
        total = 0
        with dictionary.open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                word, count = line.strip().split(" ")
                words.append(word)
                total += int(count)
        logarithm = log(total)
        self._vocabulary = vocabulary
        self._single = log(1) - logarithm
        # A beginning of a word that is no word itself has no score: the search goes on without taking it.
        self._scores: dict[str, float | None] = {word: log(len(word)) - logarithm for word in words}
        for word in words:
            for end in range(2, len(word)):
                self._scores.setdefault(word[:end], None)
        self._units: dict[str, int | None] = {}

    def ends(self, text: str) -> list[int]:
        """For every position of ``text``: where the best unit that begins there ends."""
        size = len(text)
        scores, single = self._scores, self._single
        route = [0.0] * (size + 1)
        ends = [0] * size
        for start in range(size - 1, -1, -1):
            best, best_end = single + route[start + 1], start + 1
            end = start + 2
            while end <= size:
                word = text[start:end]
                if word not in scores:
                    break
                score = scores[word]
                if score is not None:
                    candidate = score + route[end]
                    if candidate >= best:  # a tie goes to the longer word
                        best, best_end = candidate, end
                end += 1
            route[start], ends[start] = best, best_end
        return ends

    def cut(self, text: str) -> list[str]:
        """The units of ``text`` in order; joined they are the text."""
        ends = self.ends(text)
        units = []
        at = 0
        size = len(text)
        while at < size:
            end = ends[at]
            if end == at + 1 and text[at] in _ALPHANUMERIC:
                while end < size and text[end] in _ALPHANUMERIC and ends[end] == end + 1:
                    end += 1
            units.append(text[at:end])
            at = end
        return units

    def numbers(self, text: str) -> tuple[list[int], list[int]]:
        """Numbers of the units of ``text`` as the network reads them, and their lengths in characters."""
        numbers: list[int] = []
        lengths: list[int] = []
        characters = self._vocabulary.characters
        known = self._units
        for unit in self.cut(text):
            size = len(unit)
            if size == 1:
                numbers.append(characters[unit])
                lengths.append(1)
                continue
            number = known.get(unit, -1)
            if number == -1:
                number = self._vocabulary.of_unit(unit)
                if (
                    unit in self._scores
                ):  # runs of letters and digits have no end; words of the dictionary have
                    known[unit] = number
            if number is None:
                numbers.extend(map(characters.__getitem__, unit))
                lengths.extend([1] * size)
            else:
                numbers.append(number)
                lengths.append(size)
        return numbers, lengths
