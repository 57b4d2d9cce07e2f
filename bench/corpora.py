"""Readers of public corpora of names, for whoever has them: none is kept here, their licences forbid it.

A reader gives texts and, of each, the spans of persons (characters, end excluded).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

Marked: TypeAlias = tuple[str, list[tuple[int, int]]]
_INLINE = re.compile(r"\{\{(\w+):(.*?)\}\}", re.S)
_SLASHED = re.compile(r"(.*?)/(o|ns|nt|nr)(?: |$)")


def lettered(path: Path) -> Iterator[Marked]:
    """MSRA as a character and its tag (``B-PER``, ``I-PER``, ``B-nr`` …) a line, sentences parted by empty lines."""  # noqa: E501
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        text, spans, begun = "", [], None
        for line in [*block.splitlines(), "。 O"]:
            parts = line.split()
            tag = parts[-1].upper() if len(parts) > 1 else "O"
            person = tag.endswith(("PER", "NR"))
            if begun is not None and (not person or tag.startswith("B")):
                spans.append((begun, len(text)))
                begun = None
            if person and begun is None:
                begun = len(text)
            text += parts[0] if parts else ""
        if text != "。":
            yield text[:-1], spans


def slashed(path: Path) -> Iterator[Marked]:
    """MSRA as ``江泽民/nr 主席/o`` a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text, spans = "", []
        for words, tag in _SLASHED.findall(line.strip()):
            if tag == "nr":
                spans.append((len(text), len(text) + len(words)))
            text += words
        if text:
            yield text, spans


def inline(path: Path) -> Iterator[Marked]:
    """Boson: ``{{person_name:方英}}`` inside the text, a text a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text, spans, at = "", [], 0
        for mark in _INLINE.finditer(line):
            text += line[at : mark.start()]
            kind, words = mark.groups()
            if kind == "person_name":
                spans.append((len(text), len(text) + len(words)))
            text += words
            at = mark.end()
        text += line[at:]
        if text:
            yield text, spans


def labelled(path: Path) -> Iterator[Marked]:
    """CLUENER: a JSON object a line, ``label.name`` holds persons with both ends included."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            told = json.loads(line)
            names = told.get("label", {}).get("name", {})
            yield told["text"], sorted((a, b + 1) for places in names.values() for a, b in places)


READERS: dict[str, Callable[[Path], Iterator[Marked]]] = {
    "boson": inline,
    "msra": lettered,
    "msra-slashed": slashed,
    "cluener": labelled,
}
MARKS = {"boson": (0.89, 0.94), "msra": (0.91, 0.95), "msra-slashed": (0.91, 0.95), "cluener": (0.63, 0.88)}
"""Precision and recall that issue 4 asks of each."""
