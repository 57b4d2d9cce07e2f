"""Which clauses may hold a person's name; the others need no network.

A name in a sentence leaves a trace in how the sentence falls into units: a family name stands alone
(王/秀英), or the name is itself a word of the dictionary (姚明), or it is spelt out in loose characters
(禚/秀/英, 次/仁/卓/玛). A clause without any such trace is passed over. The gate errs on the side of reading:
where it lets pass what is no name, time is lost and nothing else. What it misses of what the network would
find is measured in ``tests/unit/anonymize/tagger/test_gate.py``.

Clauses that pass are read without their neighbours. Names are found as well so (see the same test), places
too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from anonymize.tagger.name_characters import (
    COMMON_SURNAME,
    COMPOUNDS,
    DOT,
    FOREIGN,
    GIVEN_NAME,
    HAN,
    RARE,
    STOP,
    SURNAME,
    flags,
)
from anonymize.tagger.packing import Integers
from anonymize.tagger.segment import Units

Flags: TypeAlias = npt.NDArray[np.bool_]


COMMON_WORD = 9_000
"""Count in the dictionary from which a word is no given name: 社会 (43,401), but not 和平 (7,998)."""


class Gate:
    """Knows the characters and the words of names."""

    def __init__(
        self, words: Sequence[str], counts: Sequence[int], names: Collection[str], plain: Mapping[str, str]
    ) -> None:
        """``words`` and ``counts``: the dictionary; ``names``: its words that may be (part of) a name;
        ``plain``: see `name_characters.flags`.
        """
        self._flags = flags(plain)
        named = frozenset(names)
        self._is_name = np.array([word in named or word.startswith(COMPOUNDS) for word in words])
        codes = np.array([[ord(word[0]) + 1, ord(word[1]) + 1, ord(word[-1]) + 1] for word in words])
        first, second, last = self._flags[codes].T
        rare_enough = np.array(counts) < COMMON_WORD
        self._is_given = ((first & second & last & GIVEN_NAME) > 0) & rare_enough
        self._is_foreign = (first & second & last & FOREIGN) > 0
        lengths = np.array([len(word) for word in words])
        # 石子/涵: the dictionary's word swallows the family name and the first half of the given name
        surname = (first & (SURNAME | COMMON_SURNAME)) > 0
        self._swallows = surname & ((second & GIVEN_NAME) > 0) & (lengths == 2)

    def clauses(self, units: Units) -> tuple[Integers, Integers]:
        """First characters of the clauses that may hold a name, and the characters after their last."""
        stops = np.flatnonzero(self._flags[units.codes] & STOP) + 1
        starts = np.union1d(units.bounds[:-1], stops)
        ends = np.append(starts[1:], len(units.codes))
        # the break after a text belongs to no clause
        ends = ends - np.isin(ends, units.bounds[1:])
        filled = ends > starts
        starts, ends = starts[filled], ends[filled]
        suspect = units.starts[self.suspicious(units)]
        passing = np.searchsorted(suspect, ends) > np.searchsorted(suspect, starts)
        return starts[passing], ends[passing]

    def suspicious(self, units: Units) -> Flags:
        """Whether a name may begin at each unit (units,)."""
        at, word = units.starts, units.words
        single = units.lengths == 1
        here = np.where(single, self._flags[units.codes[at]], 0)
        after = np.append(at[1:], -1) == at + units.lengths
        first_after = np.where(after, self._flags[np.append(units.codes[at[1:]], 0)], 0)
        single_after = after & np.append(single[1:], False)
        word_after = after & np.append(word[1:] >= 0, False)
        given_after = np.where(
            word_after,
            self._is_given[np.append(word[1:], 0)],
            single_after & ((first_after & GIVEN_NAME) > 0),
        )
        # 洛桑/次/旦, 次/仁/卓/玛: three loose characters of transliteration, or a word of them and one more
        foreign_word = (word >= 0) & self._is_foreign[word]
        foreign = foreign_word | ((here & FOREIGN) > 0)
        foreign_after = after & np.append(foreign[1:], False)
        long_enough = np.append(foreign_after[1:], False) | foreign_word | np.append(foreign_word[1:], False)
        han_after = (first_after & HAN) > 0
        found = ((here & SURNAME) > 0) & han_after
        found |= ((here & COMMON_SURNAME) > 0) & given_after
        found |= ((here & RARE) > 0) & han_after
        found |= foreign & foreign_after & long_enough
        found |= (here & DOT) > 0
        in_dictionary = word >= 0
        found |= in_dictionary & self._is_name[word]
        found |= in_dictionary & self._swallows[word] & single_after & ((first_after & GIVEN_NAME) > 0)
        return found
