"""Marks in a result what the reader typed, and says why a result was found at all.

Chinese is written without spaces, so a typed word need not stand in a title as it was typed: 停车收费
finds 停车场收费标准. Of each typed word the longest pieces of at least two characters that occur are
marked. What sounds as it was typed is marked whole: tcc, tingche and 停车厂 mark 停车场.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from ckanext.govdata.catalogue import sounds

WORD = re.compile(r"[^\W_]+", re.UNICODE)
SHORTEST = 2
LONGEST_QUERY = 200
_CJK = re.compile(r"[\u3400-\u9fff]")


def words(query: str) -> list[str]:
    """The words typed, without operators and punctuation: at most 200 characters of them."""
    return [
        word.casefold() for word in WORD.findall(query[:LONGEST_QUERY]) if word not in {"AND", "OR", "NOT"}
    ]


def _pieces(text: str, word: str) -> list[tuple[int, int]]:
    """Spans of ``text`` (folded) that repeat ``word`` or, for Chinese, its longest pieces."""
    spans = [(m.start(), m.end()) for m in re.finditer(re.escape(word), text)]
    if spans or len(word) <= SHORTEST or not _CJK.search(word):
        return spans
    start = 0
    while start <= len(word) - SHORTEST:
        for end in range(len(word), start + SHORTEST - 1, -1):
            piece = word[start:end]
            if _CJK.search(piece) and piece in text:
                spans += [(m.start(), m.end()) for m in re.finditer(re.escape(piece), text)]
                start = end - 1
                break
        start += 1
    return spans


def _sounding(text: str, query: str) -> list[tuple[int, int]]:
    """Spans of ``text`` that sound as the whole query was typed."""
    sound = sounds.letters(query) or sounds.same_sound(query)
    return list(sounds.spans(text, sound)) if sound else []


def spans(text: str, query: str) -> list[tuple[int, int]]:
    """Disjoint, ordered spans of ``text`` that answer ``query``; characters count, not bytes."""
    folded = text.casefold()
    if len(folded) != len(text):  # a letter that folds to two would shift every span after it
        folded = text.lower() if len(text.lower()) == len(text) else text
    typed = words(query)
    heard = [] if any(word in folded for word in typed) else _sounding(folded, query[:LONGEST_QUERY])
    found = sorted([*heard, *(span for word in typed for span in _pieces(folded, word))])
    merged: list[tuple[int, int]] = []
    for begin, end in found:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def marked(text: str, query: str) -> Markup:
    """``text`` escaped for HTML, with what answers ``query`` in ``<mark>``."""
    out: list[Markup] = []
    last = 0
    for begin, end in spans(text, query):
        out += [escape(text[last:begin]), Markup("<mark>"), escape(text[begin:end]), Markup("</mark>")]
        last = end
    out.append(escape(text[last:]))
    return Markup("").join(out)


def excerpt(text: str, query: str, length: int = 140) -> str:
    """About ``length`` characters of ``text`` around the first hit, or from its beginning."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    hits = spans(flat, query)
    start = max(0, hits[0][0] - length // 3) if hits and hits[0][1] > length else 0
    end = min(len(flat), start + length)
    return ("…" if start else "") + flat[start:end] + ("…" if end < len(flat) else "")


def matching(candidates: Iterable[str], query: str, limit: int = 6) -> list[str]:
    """The first ``limit`` different candidates that answer ``query``, in their order."""
    if not words(query):
        return []
    hits: list[str] = []
    for candidate in candidates:
        if candidate and candidate not in hits and spans(candidate, query):
            hits.append(candidate)
            if len(hits) == limit:
                break
    return hits
