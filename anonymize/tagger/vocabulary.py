"""The dictionaries beside the weights: what number a word has, and what a label means.

``word.dic`` holds ``number⇥word``, ``q2b.dic`` ``form⇥plain form`` (full width to half, traditional to
simplified), ``tag.dic`` ``number⇥label``; there a number may stand twice, and the later name holds
(16 is ``nr-B`` and then ``PER-B``).
"""

from __future__ import annotations

from pathlib import Path

from anonymize.tagger.protocol import LOC, ORG, PERSON, TIME

OUT_OF_VOCABULARY = "OOV"
NAMES = {"PER": PERSON, "LOC": LOC, "ORG": ORG, "TIME": TIME}
"""Part of speech in the dictionary → label of a `Span`."""


class Characters(dict[str, int]):
    """Number of every single character; worked out when a character is first met."""

    def __init__(self, numbers: dict[str, int], plain: dict[str, str]) -> None:
        super().__init__()
        self._numbers = numbers
        self._plain = plain

    def __missing__(self, character: str) -> int:
        plain = self._plain.get(character, character)
        number = self._numbers.get(plain, self._numbers[OUT_OF_VOCABULARY])
        self[character] = number
        return number


class Vocabulary:
    """Numbers of the units that the network reads, and the names of the labels that it writes."""

    def __init__(self, folder: Path) -> None:
        """Read the dictionaries of ``folder``. Raises OSError when one is missing."""
        self.numbers = {word: int(number) for number, word in pairs(folder / "word.dic")}
        self._plain = dict(pairs(folder / "q2b.dic"))
        self.characters = Characters(self.numbers, self._plain)
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
        return self.numbers.get(self._plain.get(unit, unit), self.numbers[OUT_OF_VOCABULARY])

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
