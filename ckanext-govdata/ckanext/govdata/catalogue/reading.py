"""How a reader's words are understood, when they do not stand in the catalogue as they were typed.

The readings are tried in this order, and the first that finds anything is taken:

========== ======================================================== =============================
kind       what it means                                            example
========== ======================================================== =============================
plain      every part of the query, or what it is called otherwise  停车收费, 泊位 for 停车场
pinyin     letters are the sound of the words                       ``tingchechang``
initials   letters are the first letters of the sounds              ``tcc``
sound      other characters of the same sound                       停车厂 for 停车场
spelling   a slip in a word of letters                              ``hosptial``
parts      at least half of the pairs of characters that the        上职高学什么
           catalogue knows, as many at once as any entry has
========== ======================================================== =============================

Nothing looser: an entry that shares one pair of characters with a long question is no answer to it.
Pure: what the index holds is asked through ``ask``, so that this can be read and tested without a server.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ckanext.govdata.catalogue import sounds

# Title first, then keywords, column names and department, then the summary; words above pairs of
# characters above concepts, because a concept is the loosest of the three.
WRITTEN = (
    "name^6 tags^8 title^9 title_words^8"
    " keywords^5 keywords_words^5"
    " columns^2.5 columns_words^2.5"
    " department^3 department_words^3"
    " notes^1.5 notes_words^1.5"
    " dictionary^0.4 text^0.3"
)
MEANT = "title_concepts^6 keywords_concepts^3 columns_concepts^0.6 notes_concepts^0.8"
FIELDS = f"{WRITTEN} {MEANT}"
HEARD = "keywords_sound^8 title_sound^6 department_sound^3 columns_sound^1.5"
ABBREVIATED = "keywords_initials^8 title_initials^6 department_initials^3"
SPELT = "title^6 name^4 keywords^3 department^2 text^0.5"

ALL, ANY = "100%", "1"
SHORTEST_SLIP, LONG_WORD = 4, 8
"""Letters from which one slip, and two slips, are forgiven."""
MOST_PARTS = 16
OPERATORS = frozenset({"AND", "OR", "NOT"})

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*|\d[\w.+-]*")
# What people say around what they look for. The index leaves the same words out (schema.xml) and these too.
_SAID_AROUND = re.compile(
    "请问|我想要?|我要|想要?|帮我|查一?下|查询一?下?|查找|搜索|去哪里?|去哪儿|在哪里?|在哪儿|哪里有?|哪儿有?|有哪些|哪些|哪个|怎么"
    "|怎样|如何|有没有|是不是|是什么|是谁|什么|可以|能不能|下载|相关|有关|关于|附近|几点|多少钱?|的|吗|呢|啊"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the index: the query, the fields with their weights, how many parts must match."""

    q: str
    qf: str = FIELDS
    mm: str = ALL


@dataclass(frozen=True, slots=True)
class Reading:
    """What is sent to the index, and how the words were understood (``kind``, see the module)."""

    kind: str
    asked: Asked


Ask = Callable[[Sequence[Asked]], Sequence[int]]
"""Asks the index how many public entries each question finds."""


def read(words: str, ask: Ask) -> Reading:
    """The reading of ``words`` (cleaned of punctuation) that finds something; a plain one when none does."""
    plain = Reading("plain", Asked(words))
    if is_exact(words):
        return plain
    typed = sounds.letters(words)
    heard = typed or sounds.same_sound(essence(words))
    questions = [Asked(words, WRITTEN), Asked(words)]
    if heard:
        questions.append(_by_sound(heard, bool(typed)))
    if typed:
        questions += [Asked(typed, ABBREVIATED), Asked(_with_slips(words), SPELT)]
    written, meant, *others = ask(questions)
    if typed:
        by_pinyin = sounds.is_pinyin(typed) and others[0]
        if written or meant:
            # English and pinyin alike, as data: both are shown.
            return Reading("plain", _beside(words, questions[2])) if by_pinyin else plain
        kinds = (("pinyin", by_pinyin), ("initials", others[1] and len(typed) > 1), ("spelling", others[2]))
        return next((Reading(kind, questions[2 + n]) for n, (kind, hits) in enumerate(kinds) if hits), plain)
    if written:
        return plain
    if heard and others[0]:
        return Reading("sound", _beside(words, questions[2]))
    return plain if meant else by_parts(words, ask) or plain


def by_parts(words: str, ask: Ask) -> Reading | None:
    """The query by as many of its parts at once as any entry has; None when that is less than half of it."""
    parts = parts_of(words)
    known = [part for part, hits in zip(parts, ask([Asked(part) for part in parts]), strict=True) if hits]
    if not known or 2 * _covered(essence(words), known) < len(essence(words).replace(" ", "")):
        return None
    together = " OR ".join(known)
    tries = [Asked(together, FIELDS, str(n)) for n in range(len(known), math.ceil(len(known) / 2) - 1, -1)]
    for asked, hits in zip(tries, ask(tries), strict=True):
        if hits:
            return Reading("parts", asked)
    return None


def is_exact(words: str) -> bool:
    """Whether the reader says exactly what is meant: a phrase, an operator, something left out."""
    terms = words.split()
    return '"' in words or any(term[0] in "+-" or term in OPERATORS for term in terms)


def essence(words: str) -> str:
    """The words without what is only said around them; all of them when nothing else is left."""
    return " ".join(_SAID_AROUND.sub(" ", words).split()) or words


def parts_of(words: str) -> list[str]:
    """Each pair of neighbouring Chinese characters, each other word; each once, at most sixteen."""
    text = essence(words)
    pairs = [first + second for run in _HAN.findall(text) for first, second in itertools.pairwise(run)]
    return list(dict.fromkeys([*pairs, *_LATIN.findall(text)]))[:MOST_PARTS]


def _covered(text: str, parts: Sequence[str]) -> int:
    """How many characters of ``text`` any of ``parts`` covers."""
    found = {
        position
        for part in parts
        for match in re.finditer(f"(?={re.escape(part)})", text)
        for position in range(match.start(), match.start() + len(part))
    }
    return len(found)


def _by_sound(sound: str, unfinished: bool) -> Asked:
    """By pinyin; typed letters may stop within a syllable, while somebody is still typing."""
    return Asked(f"{sound}^3 OR {sound}*" if unfinished else sound, HEARD, ANY)


def _beside(words: str, other: Asked) -> Asked:
    return Asked(f"({words}) OR {other.q}", f"{FIELDS} {other.qf}", ANY)


def _with_slips(words: str) -> str:
    """Each word of letters with the slips that its length forgives."""
    return " ".join(
        f"{word}~{2 if len(word) >= LONG_WORD else 1}" if len(word) >= SHORTEST_SLIP else word
        for word in words.lower().split()
    )
