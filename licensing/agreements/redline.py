"""What changed between two versions: inserted and deleted words, article by article.

Chinese is compared by character, Latin words and figures as wholes, so that a changed
figure is seen as a figure.
Articles are matched by their item, so that an inserted item does not shift all that follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Final, Literal

from licensing.agreements.wording import AgreementText

_TOKEN: Final = re.compile(r"[A-Za-z]+|\d+|.", re.DOTALL)
_ALIKE: Final = 0.3
"""Lines less alike than this are shown as one deleted and one inserted: a mixture would not be read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: in both (``same``), only in the new (``ins``) or only in the old (``del``)."""

    kind: Literal["same", "ins", "del"]
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of an article; ``item`` is empty for title, preamble and closing."""

    item: str
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


def redline(old: AgreementText, new: AgreementText) -> tuple[Passage, ...]:
    """Every line of both texts in order, with what changed in it."""
    sections = list(
        dict.fromkeys(["", *(a.item for a in new.articles), *(a.item for a in old.articles), "end"])
    )
    return tuple(
        Passage(item.removesuffix("end"), pieces)
        for item in sections
        for pieces in _lines(_section(old, item), _section(new, item))
    )


def pieces_between(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that make ``old`` of ``same`` and ``del``, and ``new`` of ``same`` and ``ins``."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if old and new and matcher.ratio() < _ALIKE:
        return (Piece("del", old), Piece("ins", new))
    pieces: list[Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[i:j])))
            continue
        if j > i:
            pieces.append(Piece("del", "".join(before[i:j])))
        if m > k:
            pieces.append(Piece("ins", "".join(after[k:m])))
    return tuple(pieces)


def to_html(passages: Sequence[Passage], *, only_changed: bool = False) -> str:
    """A paragraph a line with ``ins`` and ``del``; everything that was written is escaped."""
    tag = {"same": "{}", "ins": "<ins>{}</ins>", "del": "<del>{}</del>"}
    return "\n".join(
        f'<p data-item="{escape(passage.item)}">'
        + "".join(tag[piece.kind].format(escape(piece.text)) for piece in passage.pieces)
        + "</p>"
        for passage in passages
        if passage.changed or not only_changed
    )


def to_plain(passages: Sequence[Passage], *, only_changed: bool = False) -> str:
    """The same for a terminal or a mail: ``[-deleted-]`` and ``{+inserted+}``."""
    frame = {"same": ("", ""), "ins": ("{+", "+}"), "del": ("[-", "-]")}
    return "\n".join(
        "".join(f"{frame[p.kind][0]}{p.text}{frame[p.kind][1]}" for p in passage.pieces)
        for passage in passages
        if passage.changed or not only_changed
    )


def _section(text: AgreementText, item: str) -> tuple[str, ...]:
    if item == "":
        return (text.title, *text.preamble)
    if item == "end":
        return text.closing
    return next((article.lines() for article in text.articles if article.item == item), ())


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((Piece("same", line),) for line in old[i:j])
            continue
        common = min(j - i, m - k)
        for before, after in zip(old[i : i + common], new[k : k + common], strict=True):
            yield pieces_between(before, after)
        yield from ((Piece("del", line),) for line in old[i + common : j])
        yield from ((Piece("ins", line),) for line in new[k + common : m])
