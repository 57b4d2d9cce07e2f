"""Addresses in texts: chains of divisions, towns, streets, estates and numbered units.

A chain is built from left to right (湖北省 → 武汉市 → 洪山区 → 珞喻路 → 1037号 → 3栋 → 501室); it is an address when it
comes down to a number, when it leads from a division to a street or village, or when somebody is said
to live there. A division alone (武汉市) is none.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from anonymize.tagger.protocol import LOC, Span
from anonymize.text.place_words import CUT, DWELLS, GATE, OFFICE, RUN, STANDS, SURE_CUT, TOKEN, division_at

Found = tuple[int, int, int, float]
"""Row, start, end, score."""

_EXACT, _STREET, _HOME = 0.9, 0.6, 0.7
_NAME = 8
"""Characters of the longest name of a street, village or estate, its suffix included."""
_GUESS = 4
"""Characters taken before a suffix when nothing tells where the name begins."""
_LODGING = re.compile(r"\d.*(?:栋|幢|单元|号楼|室)")
"""A unit that makes an address without a street: 5栋302室, but not 丁栋."""
_NUMBERED = frozenset("0123456789附第")
_TAIL = re.compile(r"(?:[东西南北]侧|[东西南北][段户]|左|右)?(?:负?\d{1,2}层|[A-Z]区)?")


@dataclass(slots=True)
class _Chain:
    """Pieces so far; ``solid`` is where the last piece ended that makes an address."""

    start: int
    end: int
    kinds: list[str] = field(default_factory=list)


def addresses(texts: pl.Series, lines: Sequence[str], tags: Sequence[Sequence[Span]] | None) -> list[Found]:
    """All addresses of all texts, in order.

    Args:
        texts: ``String`` without nulls, folded; ``lines`` the same as a list.
        tags: what the tagger says of each text (its LOC tells where a name begins); None without one.
    """
    found: list[Found] = []
    for row in texts.str.contains(GATE).arg_true().to_list():
        text = lines[row]
        starts = {s.start for s in tags[row] if s.label == LOC} if tags is not None else set()
        for run in RUN.finditer(text):
            for start, end, score in _in_run(text, run.start(), run.end(), starts):
                found.append((row, start, end, score))
    return found


def _in_run(text: str, begin: int, stop: int, starts: set[int]) -> list[tuple[int, int, float]]:
    tokens = [(m.start(), m.end(), str(m.lastgroup)) for m in TOKEN.finditer(text, begin, stop)]
    if not tokens:
        return []
    tokens = _with_divisions(text, begin, stop, tokens)
    found: list[tuple[int, int, float]] = []
    chain: _Chain | None = None
    floor = begin
    for start, end, kind in tokens:
        if chain is not None and _continues(text, chain, start, end, kind):
            chain.end, chain.kinds = end, [*chain.kinds, kind]
            continue
        if chain is not None:
            found += _judged(text, begin, stop, chain)
            floor = chain.end
        opened = _opened(text, floor, start, end, kind, starts)
        chain = None if opened is None else _Chain(opened, end, [kind])
    if chain is not None:
        found += _judged(text, begin, stop, chain)
    return found


def _with_divisions(
    text: str, begin: int, stop: int, tokens: list[tuple[int, int, str]]
) -> list[tuple[int, int, str]]:
    """Tokens with the divisions among them; what lies inside the name of a division is no token."""
    found: list[tuple[int, int, str]] = []
    at = begin
    while at < stop:
        end, full = division_at(text, at, stop)
        if end and (full or division_at(text, end, stop)[1] or _soon(text, tokens, end)):
            found.append((at, end, "division"))
            at = end
        else:
            at += 1
    covered = {i for start, end, _ in found for i in range(start, end)}
    return sorted(found + [t for t in tokens if t[0] not in covered or t[2] in ("unit", "dash")])


def _soon(text: str, tokens: list[tuple[int, int, str]], end: int) -> bool:
    """A street or village with a name of its own follows: 武汉珞喻路, but not 中山北路."""
    return any(
        end + 2 <= start <= end + _NAME - 2
        and kind in ("road", "town", "village", "zone")
        and not CUT.search(text, end, start)
        for start, _, kind in tokens
    )


def _continues(text: str, chain: _Chain, start: int, end: int, kind: str) -> bool:
    gap = text[chain.end : start]
    bare = gap.strip()
    last = chain.kinds[-1]
    if kind == "unit":
        if not bare:
            return True
        # A name without a suffix between a street and its building: 12号保利心语3栋.
        return len(bare) <= 2 * _NAME and not CUT.search(bare) and text[start] in _NUMBERED
    if kind in ("dash", "bare"):
        if kind == "dash" and bare:
            return len(bare) <= _NAME and text.count("-", start, end) > 1 and not CUT.search(bare)
        return not bare and (last in ("unit", "dash", "estate", "weak", "road", "village") or kind == "dash")
    if kind == "division":
        return not gap and last in ("division", "zone")
    if kind == "town" and last not in ("division", "zone"):
        return False
    # A street, a village, an estate: its name lies in the gap.
    cut = SURE_CUT if last in ("division", "town", "zone") else CUT
    return len(bare) <= _NAME and end - chain.end > 1 and not cut.search(bare)


def _opened(text: str, floor: int, start: int, end: int, kind: str, starts: set[int]) -> int | None:
    """Where a chain begins whose first piece is this; None when it cannot begin one."""
    if kind == "division":
        return start
    if kind == "bare" or (kind == "dash" and not _dashed_home(text, floor, start, end)):
        return None
    if kind == "unit" and not _LODGING.match(text, start, end):
        return None
    low = max(floor, start - _NAME)
    cuts = [m.end() for m in CUT.finditer(text, low, start)]
    low = max([low, *cuts])
    if low == start and kind not in ("unit", "dash"):
        # The last word before the suffix is part of the name: 依干其镇.
        low = max(floor, start - _NAME)
        low = max([low, *(m.end() for m in SURE_CUT.finditer(text, low, start))])
    known = [s for s in starts if low <= s < start]
    if known:
        return min(known)
    while low < start and not "\u3400" <= text[low] <= "\u9fff":
        low += 1
    if kind in ("unit", "dash"):
        return low if start - low <= _NAME and cuts else max(low, start - 6)
    if start == low:
        return None
    return low if start - low <= _GUESS or cuts or low == floor else start - _GUESS


def _dashed_home(text: str, floor: int, start: int, end: int) -> bool:
    """A name and a room of three numbers behind a word that says that a place follows: 位于书香门第31-1-2901."""  # noqa: E501
    word = _word(text, floor, start)
    if text.count("-", start, end) < 2 or start - word < 2 or text[start] == "0":
        return False
    return bool(DWELLS.search(text, floor, word) or STANDS.search(text, floor, word) or word == floor)


def _word(text: str, floor: int, start: int) -> int:
    """Where the word before ``start`` begins: behind the last word that ends before a name."""
    cuts = [m.end() for m in CUT.finditer(text, max(floor, start - 2 * _NAME), start)]
    return cuts[-1] if cuts else floor


def _judged(text: str, begin: int, stop: int, chain: _Chain) -> list[tuple[int, int, float]]:
    kinds = chain.kinds
    end = chain.end
    units = sum(k in ("unit", "dash", "bare") for k in kinds)
    named = any(k in ("road", "village", "estate", "weak", "town", "zone", "division") for k in kinds)
    if (
        units
        and kinds[-2:] == ["weak", "unit"]
        and OFFICE.search(text, chain.start, end)
        and text[end - 1] in "楼层"
    ):
        return []
    if units and (
        named or units > 1 or kinds[0] == "dash" or re.search(r"室|单元|栋|幢", text[chain.start : end])
    ):
        tail = _TAIL.match(text, end, stop)
        return [(chain.start, tail.end() if tail else end, _EXACT)]
    if kinds[-1] == "weak":
        return []
    dwells = DWELLS.search(text, begin, chain.start) is not None
    if dwells and (len(kinds) > 1 or kinds[0] != "division"):
        rest = text[end:stop]
        if len(rest) <= _NAME and CUT.search(rest) is None and kinds[-1] in ("road", "town", "village"):
            end += len(rest.rstrip())
        return [(chain.start, end, _HOME)]
    if OFFICE.match(text, end):
        return []
    led = kinds[0] in ("division", "town", "zone")
    if led and kinds[-1] in ("road", "village", "estate") and len(kinds) > 1:
        return [(chain.start, end, _STREET)]
    return []
