"""Persons in texts: what a tagger sees, what rules see, and what follows from both.

From names already found others follow: the one between two names of a list (甲、乙、丙), the second mention
of a name that was recognised once, the Latin writing in brackets behind it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import polars as pl

from anonymize.tagger.protocol import LOC, MAYBE, ORG, PERSON, Span
from anonymize.text.lexicon import (
    BRANDS,
    COMMON,
    COMPOUNDS,
    FOREIGN,
    GIVENS,
    HAN,
    NOT_AFTER,
    SURNAME,
    TITLE,
    WARES,
)
from anonymize.text.name_rules import Candidate, is_word, rule_names

Found = tuple[int, int, int, float]
"""Row, start, end, score."""

TAGGED = 0.85
"""Score of what the tagger is sure of."""
_FOLLOWS = 0.7
_SUSPECT = 0.55
_AFTER = re.compile(rf"[”\"’』]?(?:{NOT_AFTER})")
_BODY = re.compile(r"..(?:[委局厅署办]|委会)$")
"""How offices are called for short (卫健委), and nobody else."""
_MAKE = re.compile(rf"(?:{BRANDS})$")
_WARES = re.compile(WARES)
_BRAND = re.compile(r"[”\"][^。]{0,20}?(?:品牌|商标|字号|牌)")
_TEAM_AFTER = re.compile(r" ?vs|的?[主客]场|[主客]胜|队(?!长|员)|出线|[两三四]连[胜败平]")
_TEAM_BEFORE = re.compile(r"(?:vs ?|做客|客场(?:挑战|迎战)?|强攻|主队|客队|对阵|输给)$", re.I)
_TITLE = re.compile(TITLE)
_ONE = re.compile(rf"(?:{COMPOUNDS}|{SURNAME})")
_ITEM = re.compile(rf"(?:(?:{COMPOUNDS}){HAN}{{1,2}}|{SURNAME}{GIVENS}{HAN}?|{SURNAME}{HAN}{GIVENS})")
_BEFORE_LIST = frozenset("、,:; 。(（）)")
_AFTER_LIST = re.compile(r"[、,，;；和与及及其 。.()（）等]|$")
_CHINESE = re.compile(rf"{SURNAME}{GIVENS}{{1,2}}$")
_LIKE = re.compile(
    rf"(?!.(?:{TITLE}))(?:(?:{COMPOUNDS}){GIVENS}{{1,2}}|{SURNAME}{GIVENS}{{1,2}}|{COMMON}(?:{HAN}{GIVENS}|{GIVENS}{HAN}))$"
)
_ABROAD = re.compile(rf"{FOREIGN}{{2,6}}$")
_DOT = re.compile("[·•‧・∙⋅]")
_LATIN = re.compile(r"[(（] ?([A-Z][A-Za-z.'’\- ]{2,40}[A-Za-z.])[)）]")


def persons(texts: pl.Series, lines: Sequence[str], tags: Sequence[Sequence[Span]] | None) -> list[Found]:
    """All persons of all texts, sorted, without overlap.

    Args:
        texts: ``String`` without nulls, folded; ``lines`` the same as a list.
        tags: what the tagger says of each text; None without a tagger.
    """
    candidates: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in rule_names(texts, lines, alone=tags is None):
        candidates[candidate.row].append(candidate)
    rows = set(candidates)
    if tags is not None:
        rows.update(row for row, spans in enumerate(tags) if spans)
    found: list[Found] = []
    for row in sorted(rows):
        text = lines[row]
        spans = _tagged(text, tags[row]) if tags is not None else []
        merged = _united(spans, candidates.get(row, ()))
        if tags is not None:
            merged = _with_suspects(text, merged, tags[row])
        merged = [s for s in merged if _plausible(text, s[0], s[1])]
        if merged:
            merged = _followed(text, merged)
        found += [(row, *s) for s in merged]
    return found


def _tagged(text: str, spans: Sequence[Span]) -> list[tuple[int, int, float]]:
    return [
        (span.start, span.end, TAGGED)
        for span in spans
        if span.label == PERSON
        and (
            span.end - span.start > 1
            or (_ONE.match(text, span.start) and _TITLE.match(text, span.end) is not None)
        )
    ]


def _united(
    tagged: list[tuple[int, int, float]], candidates: Sequence[Candidate]
) -> list[tuple[int, int, float]]:
    """Tagger and rules together: where they overlap, an exact rule stretches the tagger's span."""
    spans = sorted(tagged)
    for c in sorted(candidates, key=lambda c: (-c.exact, -c.score, c.start - c.end)):
        touching = [s for s in spans if s[0] < c.end and c.start < s[1]]
        if not touching:
            spans.append((c.start, c.end, c.score))
        elif c.exact and all(s[2] == TAGGED for s in touching) and c.score > 0.8:
            spans = [s for s in spans if s not in touching]
            start = min(c.start, *(s[0] for s in touching))
            end = max(c.end, *(s[1] for s in touching))
            spans.append((start, end, TAGGED))
    return sorted(spans)


def _with_suspects(
    text: str, spans: list[tuple[int, int, float]], tags: Sequence[Span]
) -> list[tuple[int, int, float]]:
    """What the tagger nearly took for a person is one when it is written as Chinese names are."""
    places = [(tag.start, tag.end, tag.label) for tag in tags if tag.label in (LOC, ORG)]
    extra = []
    for tag in tags:
        if tag.label != MAYBE or any(s[0] < tag.end and tag.start < s[1] for s in spans):
            continue
        name = text[tag.start : tag.end]
        around = [p for p in places if p[0] <= tag.start and tag.end <= p[1]]
        if _LIKE.match(name):
            # 哈佛大学费正清研究中心 stays one body; what was taken for a place may well be a person.
            good = not is_word(name) and not any(label == ORG and b - a > len(name) for a, b, label in around)
        else:
            good = _ABROAD.match(name) is not None and not around
        if good:
            extra.append((tag.start, tag.end, _SUSPECT))
    return sorted(spans + extra) if extra else spans


def _plausible(text: str, start: int, end: int) -> bool:
    """Not the title of a work, not a place or a firm called after somebody."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == "《" and after == "》":
        return False
    if _BODY.search(text, start, end) or (_MAKE.match(text[start:end]) and _WARES.search(text)):
        return False
    if before in '“"' and _BRAND.match(text, end) is not None and before:
        return False
    if _TEAM_AFTER.match(text, end) or _TEAM_BEFORE.search(text, max(0, start - 6), start):
        return _CHINESE.match(text[start:end]) is not None
    return _AFTER.match(text, end) is None


def _followed(text: str, spans: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Names that follow from the ones already found."""
    found = list(spans)
    taken = [False] * len(text)
    for start, end, _ in spans:
        taken[start:end] = [True] * (end - start)

    def take(start: int, end: int) -> bool:
        if any(taken[start:end]) or not _plausible(text, start, end):
            return False
        taken[start:end] = [True] * (end - start)
        found.append((start, end, _FOLLOWS))
        return True

    queue = [s for s in spans if s[2] > 0.5]
    while queue:
        start, end, _ = queue.pop()
        if text[end : end + 1] == "、" and (item := _ITEM.match(text, end + 1)) is not None:
            stop = _list_end(text, end + 1, item.end())
            if stop and take(end + 1, stop):
                queue.append((end + 1, stop, _FOLLOWS))
        begin = _list_begin(text, start - 1) if text[start - 1 : start] == "、" else -1
        if begin >= 0 and take(begin, start - 1):
            queue.append((begin, start - 1, _FOLLOWS))
        if (latin := _LATIN.match(text, end)) is not None:
            take(*latin.span(1))
        for name in (text[start:end], *re.split(_DOT, text[start:end])):
            if len(name) >= 3:
                at = text.find(name)
                while at >= 0:
                    take(at, at + len(name))
                    at = text.find(name, at + 1)
    return sorted(found)


def _list_end(text: str, start: int, end: int) -> int:
    """Where the item of a list ends: at a separator within four characters, else nowhere."""
    for stop in range(end, start + 1, -1):
        if _AFTER_LIST.match(text, stop):
            return stop
    return 0


def _list_begin(text: str, end: int) -> int:
    """Where the item of a list that ends here begins: behind a separator, written as a name; else -1."""
    for start in range(end - 4, end - 1):
        if start == 0 or (start > 0 and text[start - 1] in _BEFORE_LIST):
            return start if _ITEM.fullmatch(text, start, end) and not is_word(text[start:end]) else -1
    return -1
