"""Words of the dictionary that the network takes for a name when it meets them where names stand.

Worked out once, when the weights are fetched, and kept beside them: it takes seconds, and the answer is
always the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from anonymize.tagger.protocol import PERSON, Span

FILE = "name_words-1.txt"
"""The number changes when the frames do, so that an older file is not used."""
FRAMES = (("居民", "，"), ("由", "负责"))
"""What stands around a word when it is tried."""
_PART = 8_192

Tag = Callable[[Sequence[str]], list[list[Span]]]


def find(words: Sequence[str], tag: Tag, progress: Callable[[int, int], None]) -> list[str]:
    """Those of ``words`` that are, or touch, a person in one of the frames; ``progress`` counts words
    tried.
    """
    found: set[str] = set()
    total = len(words) * len(FRAMES)
    done = 0
    for before, after in FRAMES:
        for first in range(0, len(words), _PART):
            part = words[first : first + _PART]
            tagged = tag([f"{before}{word}{after}" for word in part])
            for word, spans in zip(part, tagged, strict=True):
                start, end = len(before), len(before) + len(word)
                if any(span.label == PERSON and span.start < end and start < span.end for span in spans):
                    found.add(word)
            done += len(part)
            progress(done, total)
    return sorted(found)


def write(names: Sequence[str], folder: Path) -> None:
    """Keep ``names`` in ``folder``."""
    (folder / FILE).write_text("\n".join(names) + "\n", encoding="utf-8")


def read(folder: Path) -> frozenset[str]:
    """The names that were kept in ``folder``. Raises OSError when they are not there."""
    return frozenset((folder / FILE).read_text(encoding="utf-8").split())
