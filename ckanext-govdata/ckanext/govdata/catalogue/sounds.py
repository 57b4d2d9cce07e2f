"""How Chinese words sound: pinyin for people who type letters, and for those who type the wrong character.

Three ways lead from the sound to a text: pinyin in full (``tingchechang``), its initials (``tcc``), and other
characters of the same sound (停车厂 for 停车场, the commonest slip of a pinyin keyboard). Tones are left out
and ü is written ``v``, as on a keyboard. The reading of a character follows its word: 会计 is ``kuaiji``,
会议 ``huiyi``.

Source: GB/T 16159—2012 (orthography of pinyin).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
LETTERS = re.compile(r"[a-zü]+(?:[\s'’]+[a-zü]+)*", re.IGNORECASE)
LONGEST = 60
"""Letters of a query that are read as pinyin; no title sounds longer."""

_INITIAL = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINAL = (
    "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|ei|ao|ou|an|en|in|un|vn|ia|ie|iu|ua|ui|uo|ue|ve|er"
    "|a|o|e|i|u|v"
)
_SYLLABLE = re.compile(rf"(?:{_INITIAL})?(?:{_FINAL})")


@lru_cache(maxsize=4096)
def syllables(han: str) -> tuple[str, ...]:
    """The syllables of a run of Chinese characters, one a character.

    >>> syllables("律师事务所")
    ('lv', 'shi', 'shi', 'wu', 'suo')
    """
    # Imported late: its dictionary takes 50 MB, which only searching and indexing processes need.
    from pypinyin import lazy_pinyin

    read = lazy_pinyin(han, errors=list)
    return tuple(read) if len(read) == len(han) else tuple(han)


def spoken(text: str) -> list[str]:
    """Each run of Chinese characters as its syllables with spaces between: what the index holds.

    >>> spoken("公共WiFi热点")
    ['gong gong', 're dian']
    """
    return [" ".join(syllables(run)) for run in HAN_RUN.findall(text)]


def initials(text: str) -> list[str]:
    """Each run of at least two Chinese characters as its first letters with spaces between.

    >>> initials("停车场")
    ['t c c']
    """
    return [" ".join(one[0] for one in syllables(run)) for run in HAN_RUN.findall(text) if len(run) > 1]


def letters(query: str) -> str:
    """The query as one string of small letters when it is nothing but letters, else nothing.

    >>> letters("Ting che chang"), letters("GDP 季度")
    ('tingchechang', '')
    """
    text = query.strip()
    if len(text) > LONGEST or not LETTERS.fullmatch(text):
        return ""
    return re.sub(r"[\s'’]+", "", text.lower()).replace("ü", "v")


def is_pinyin(word: str) -> bool:
    """Whether letters can be read as at least two syllables of pinyin, the last one perhaps unfinished.

    >>> is_pinyin("tingchech"), is_pinyin("hospital"), is_pinyin("tcc")
    (True, False, False)
    """
    return _reads(word, 0, 0)


def _reads(word: str, start: int, count: int) -> bool:
    if start == len(word):
        return count > 1
    rest = word[start:]
    if count and re.fullmatch(_INITIAL, rest):
        return count > 1 or len(word) > 3
    ends = {
        start + length for length in range(1, min(6, len(rest)) + 1) if _SYLLABLE.fullmatch(rest[:length])
    }
    return any(_reads(word, end, count + 1) for end in sorted(ends, reverse=True))


def same_sound(query: str) -> str:
    """The sound of a query that is one run of at least two Chinese characters, else nothing.

    >>> same_sound("停车厂"), same_sound("车"), same_sound("停车 收费")
    ('tingchechang', '', '')
    """
    run = query.strip()
    return "".join(syllables(run)) if len(run) > 1 and HAN_RUN.fullmatch(run) else ""


def spans(text: str, sound: str) -> Iterator[tuple[int, int]]:
    """Where ``text`` sounds like the letters ``sound``, in full or by initials, as ``[begin, end)``.

    >>> list(spans("公共停车场", "tcc")), list(spans("公共停车场", "tingche"))
    ([(2, 5)], [(2, 4)])
    """
    if len(sound) < 2:
        return
    for match in HAN_RUN.finditer(text):
        read = syllables(match.group())
        for begin in range(len(read)):
            length = _full(read, begin, sound) or _initial(read, begin, sound)
            if length:
                yield match.start() + begin, match.start() + begin + length


def _full(read: tuple[str, ...], begin: int, sound: str) -> int:
    """Syllables from ``begin`` on that spell ``sound``, the last perhaps unfinished; 0 when they do not."""
    said = ""
    for count, syllable in enumerate(read[begin:], 1):
        said += syllable
        if said.startswith(sound):
            return count if count > 1 else 0
        if not sound.startswith(said):
            return 0
    return 0


def _initial(read: tuple[str, ...], begin: int, sound: str) -> int:
    part = read[begin : begin + len(sound)]
    return len(sound) if len(part) == len(sound) and all(map(str.startswith, part, sound)) else 0
