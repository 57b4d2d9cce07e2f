"""How alike two short texts are, for finding instead of asking.

``likeness`` is the overlap coefficient (Szymkiewicz 1934, Simpson 1943) of the texts' parts: words of letters
and digits, and pairs of neighbouring characters of Chinese, less the words that every request has. It is 1
when the shorter one says nothing that the longer one does not, and it needs no dictionary.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_COMMON = re.compile(
    "希望|请求|申请|需要|想要|能否|可否|是否|开放|公开|提供|获取|查询|相关|有关|我市|全市|本市|数据集?|信息|情况|明细|清单"
)
ALIKE = 0.5
"""From here on two requests are shown as alike."""
Thing = TypeVar("Thing")


def parts(text: str) -> frozenset[str]:
    """Words and pairs of characters of ``text``, folded to half width and lower case."""
    folded = unicodedata.normalize("NFKC", text).lower()
    lean = _COMMON.sub(" ", folded)
    found: set[str] = set()
    for run in _RUN.findall(lean if _RUN.search(lean) else folded):
        if run.isascii() or len(run) == 1:
            found.add(run)
        else:
            found |= {first + second for first, second in itertools.pairwise(run)}
    return frozenset(found)


def likeness(one: str, other: str) -> float:
    """0 to 1; symmetric; 1 for a text and itself unless it is empty."""
    left, right = parts(one), parts(other)
    if not left or not right:
        return 0.0
    return len(left & right) / min(len(left), len(right))


def nearest(text: str, known: Iterable[tuple[str, Thing]], count: int = 5) -> list[Thing]:
    """Of ``(text, thing)`` the things most like ``text``, at least :data:`ALIKE`, best first."""
    scored = [(likeness(text, words), place, thing) for place, (words, thing) in enumerate(known)]
    scored = [each for each in scored if each[0] >= ALIKE]
    scored.sort(key=lambda each: (-each[0], each[1]))
    return [thing for _, _, thing in scored[:count]]
