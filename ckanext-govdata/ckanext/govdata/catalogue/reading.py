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
parts      at least two, and at least half, of the pairs of         二手房成交价
           characters that the catalogue knows, as many at once
           as any entry has; else the telling ones of them;
           and what the query means
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
    "name^6 keywords_whole^8 title^9 title_words^8"
    " keywords^5 keywords_words^5"
    " columns^2.5 columns_words^2.5"
    " department^3 department_words^3"
    " notes^1.5 notes_words^1.5"
    " dictionary^0.4 text^0.3"
)
MEANT = "title_concepts^6 keywords_concepts^3 columns_concepts^0.6 notes_concepts^0.8"
FIELDS = f"{WRITTEN} {MEANT}"
HEARD = "keywords_said^24 keywords_sound^8 title_sound^6 department_sound^3 columns_sound^1.5"
ABBREVIATED = "keywords_letters^24 keywords_initials^8 title_initials^6 department_initials^3"
SPELT = "title^6 name^4 keywords^3 department^2 text^0.5"

ALL, ANY = "100%", "1"
SHORTEST_SLIP, LONG_WORD = 4, 8
"""Letters from which one slip, and two slips, are forgiven."""
LEAST_PARTS, MOST_PARTS = 2, 16
SHORTEST_ALMOST = 3
"""Characters from which almost the same sound is forgiven: 婚烟登记 for 婚姻登记."""
FEW, FEW_OF = 5, 50
"""A part is telling when at most five entries, or a fiftieth of the catalogue, have it."""
MOST_TOGETHER = 6
"""Known parts up to which their combinations are written out."""
OPERATORS = frozenset({"AND", "OR", "NOT"})

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
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
    if is_exact(words):
        return Reading("plain", Asked(words))
    typed = sounds.letters(words)
    return _typed(words, typed, ask) if typed else _written(words, ask)


def _typed(words: str, letters: str, ask: Ask) -> Reading:
    """Words of letters alone: English, pinyin, initials, or a slip."""
    plain, heard = Reading("plain", Asked(words)), Asked(f"{letters}^3 OR {letters}*", HEARD, ANY)
    others = [heard, Asked(letters, ABBREVIATED), Asked(_with_slips(words), SPELT)]
    meant, *hits = ask([plain.asked, *others])
    by_pinyin = bool(hits[0]) and sounds.is_pinyin(letters)
    if meant:
        # English and pinyin alike, as data: both are shown.
        both = Asked(f"({words}) OR {heard.q}", f"{FIELDS} {HEARD}", ANY)
        return Reading("plain", both) if by_pinyin else plain
    possible = (by_pinyin, hits[1] and len(letters) > 1, hits[2])
    kinds = zip(("pinyin", "initials", "spelling"), others, possible, strict=True)
    return next((Reading(kind, asked) for kind, asked, found in kinds if found), plain)


def _written(words: str, ask: Ask) -> Reading:
    """Words with Chinese characters or digits in them."""
    core, plain = essence(words), Reading("plain", Asked(words))
    sound = sounds.same_sound(core)
    heard = [Asked(sound, HEARD)] if sound else []
    if len(core) >= SHORTEST_ALMOST:
        heard += [Asked(f"{sound}~1", HEARD)] if sound else []
    questions = [Asked(words, WRITTEN), Asked(core, WRITTEN), Asked(core), *heard]
    whole, written, meant, *alike = ask(questions)
    if whole:
        return plain
    if written:
        return Reading("plain", Asked(core))
    by_sound = next((asked for asked, hits in zip(heard, alike, strict=True) if hits), None)
    if by_sound is not None:
        return Reading("sound", by_sound)
    return by_parts(core, bool(meant), ask) or Reading("plain", Asked(core))


def by_parts(words: str, meant: bool, ask: Ask) -> Reading | None:
    """The query by as many of its parts at once as any entry has; None when that are too few of them."""
    parts = parts_of(words)
    if len(parts) < LEAST_PARTS:
        return None
    everything, *counts = ask([Asked("*:*"), *map(Asked, parts)])
    known = [part for part, hits in zip(parts, counts, strict=True) if hits]
    if not known or 2 * _covered(words, known) <= len(words.replace(" ", "")):
        return None
    least = max(LEAST_PARTS, math.ceil(len(known) / 2))
    together = " OR ".join(known)
    tries = [Asked(together, FIELDS, str(n)) for n in range(len(known), least - 1, -1)]
    need = next((int(asked.mm) for asked, hits in zip(tries, ask(tries), strict=True) if hits), 0)
    few = max(FEW, everything // FEW_OF)
    telling = [part for part, hits in zip(parts, counts, strict=True) if 0 < hits <= few]
    if need and (not meant or len(known) > MOST_TOGETHER):
        return Reading("parts", Asked(together, FIELDS, str(need)))
    each = [f"({' AND '.join(some)})" for some in itertools.combinations(known, need)] if need else telling
    if not each:
        return None
    # What the whole query means is an answer too; entries that have both come first.
    return Reading("parts", Asked(" OR ".join([f"({words})", *each] if meant else each), mm=ANY))


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


def _with_slips(words: str) -> str:
    """Each word of letters with the slips that its length forgives."""
    return " ".join(
        f"{word}~{2 if len(word) >= LONG_WORD else 1}" if len(word) >= SHORTEST_SLIP else word
        for word in words.lower().split()
    )
