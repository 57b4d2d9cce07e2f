"""The dictionaries beside the weights: what number a word has, and what a label means.

``word.dic`` holds ``number⇥word``, ``q2b.dic`` ``form⇥plain form`` (full width to half, traditional to
simplified), ``tag.dic`` ``number⇥label``; there a number may stand twice, and the later name holds
(16 is ``nr-B`` and then ``PER-B``).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from anonymize.tagger.protocol import LOC, ORG, PERSON, TIME
from anonymize.tagger.wordtable import BITS

OUT_OF_VOCABULARY = "OOV"
NAMES = {"PER": PERSON, "LOC": LOC, "ORG": ORG, "TIME": TIME}
"""Part of speech in the dictionary → label of a `Span`."""


class Vocabulary:
    """Numbers of the units that the network reads, and the names of the labels that it writes."""

    def __init__(self, folder: Path) -> None:
        """Read the dictionaries of ``folder``. Raises OSError when one is missing."""
        self.numbers = {word: int(number) for number, word in pairs(folder / "word.dic")}
        self.plain = dict(pairs(folder / "q2b.dic"))
        self.labels = {int(number): label for number, label in pairs(folder / "tag.dic")}

    @property
    def size(self) -> int:
        """One more than the greatest number of a word."""
        return max(self.numbers.values()) + 1

    def of_unit(self, unit: str) -> int | None:
        """Number of a unit that is read as a whole, or None when its characters are read one by one.

        The unit is looked up as it is written; only then is it replaced by its plain form.
        """
        if unit not in self.numbers:
            return None
        return self.numbers.get(self.plain.get(unit, unit), self.numbers[OUT_OF_VOCABULARY])

    def by_code_point(self) -> npt.NDArray[np.int32]:
        """Number of every single character, at its code point + 1."""
        unknown = self.numbers[OUT_OF_VOCABULARY]
        found = np.full(1 << BITS, unknown, dtype=np.int32)
        for word, number in self.numbers.items():
            if len(word) == 1:
                found[ord(word) + 1] = number
        for form, plain in self.plain.items():
            if len(form) == 1:
                found[ord(form) + 1] = self.numbers.get(plain, unknown)
        return found

    def part_of_speech(self, label: int) -> str:
        """What label ``label`` says of a word, e.g. ``PER``; empty for "no word"."""
        return self.labels[label][:-2]

    def begins_word(self, label: int) -> bool:
        """Whether a unit of this label is the first of a word."""
        return self.labels[label].endswith(("B", "S"))


def pairs(path: Path) -> list[tuple[str, str]]:
    """The lines of ``path`` that are two fields with a tab between, in order."""
    found = []
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            fields = line.strip("\n").split("\t")
            if len(fields) == 2:
                found.append((fields[0], fields[1]))
    return found
