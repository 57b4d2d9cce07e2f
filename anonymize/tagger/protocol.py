"""What the rest of the library knows of a tagger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

PERSON = "PERSON"
LOC = "LOC"
ORG = "ORG"
TIME = "TIME"
LABELS = (PERSON, LOC, ORG, TIME)
MAYBE = "MAYBE"
"""Label of a further span that is a person only if something else speaks for it; see ``load_tagger``."""


class Span(NamedTuple):
    """A stretch of one text: characters ``start`` up to, and without, ``end``; ``label`` is one of
    `LABELS`.
    """

    start: int
    end: int
    label: str


class Tagger(Protocol):
    """Finds names in texts. Spans count characters of the text as it was given, before any folding."""

    @property
    def name(self) -> str:
        """What stands in reports, e.g. ``lac-2.1.2``."""

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """Spans of every text, in order of their start, without overlap.

        The answer has the length and order of ``texts``; an empty text has none. ``texts`` is left as it is.
        """

    def close(self) -> None:
        """End what the tagger keeps running (processes); it cannot be used afterwards."""
