"""The licensee's mark: which of two neighbouring rows comes first. No value is changed, none is added.

Rows leave in pairs. Under the grant's key each pair has a bit, an HMAC of its two rows (in no order) and of
the four pairs before it; the bit says whether the row with the smaller digest stands first. Whoever holds
the keys asks of a file, for each grant, how many of its neighbours stand as that grant's bits say: all of
them under the grant that it was made for, one half under any other. Neither the original table nor the
place in it is needed, and any rows that stand together answer for themselves.

What counts as evidence is a pair with its context, once: the same question asked again tells nothing new.
With n answers and m of them right the chance that an unmarked file does as well is at most
exp(-2n (m/n - 1/2)²) (Hoeffding 1963), which is compared with :data:`CHANCE` over all the grants asked about.

Limits: rows that are the same cannot be told apart, so pairs of equal rows carry no bit, and a table of few
different rows carries few. Sorting or shuffling the file destroys the mark, as does changing a cell of every
pair and leaving out a column; rows taken out here and there, columns in another order, another format,
another encoding and a part of the rows do not.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

CONTEXT: Final = 4
"""Pairs before a pair that its bit depends on: in a table of few different rows they tell pairs apart."""
CHANCE: Final = 1e-9
"""How probable a false finding may be, over all the keys that are asked about."""
SMALLEST: Final = 40
"""Answers below which nothing is said, whatever they say."""

_NUMBER: Final = re.compile(r"[+-]?\d{1,25}(\.\d{1,25})?([eE][+-]?\d{1,2})?", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``right`` of ``asked`` pairs stand as the key says; ``chance`` that an unmarked file does as well."""

    asked: int
    right: int
    chance: float


def canonical(cell: str) -> str:
    """A cell without what another program writes otherwise: blanks, zeros of a number, an apostrophe that
    keeps a spreadsheet from running it, the letter between day and time.

    >>> canonical("007.50"), canonical("1E+2"), canonical("'=1"), canonical("2026-03-01T08:00:00")
    ('7.5', '100', '=1', '2026-03-01 08:00:00')
    """
    text = cell.strip()
    if _NUMBER.fullmatch(text):
        number = Decimal(text)
        return "0" if not number else format(number.normalize(), "f")
    if _MOMENT.match(text):
        return text.replace("T", " ", 1)
    if text.startswith("'"):
        return text[1:]
    return text.lower() if text.lower() in {"true", "false"} else text


def digest(row: Row) -> bytes:
    """A row as 16 bytes: its cells, each with its length, whatever the order of the columns is."""
    made = hashlib.blake2b(digest_size=16)
    for cell in sorted(map(canonical, row)):
        text = cell.encode("utf-8", "surrogatepass")
        made.update(len(text).to_bytes(4, "big") + text)
    return made.digest()


class Marker:
    """Gives the order in which rows leave; keeps the context from one batch to the next.

    ``order`` takes batches of an even number of rows, and at the end one of any.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._context = [b""] * CONTEXT

    def order(self, digests: Sequence[bytes]) -> list[int]:
        """A permutation of the batch that swaps neighbours only: position → row."""
        places = list(range(len(digests)))
        for at in range(0, len(digests) - 1, 2):
            one, two = digests[at], digests[at + 1]
            pair = one + two if one <= two else two + one
            if one != two and (one < two) != _bit(self._key, pair, self._context):
                places[at], places[at + 1] = at + 1, at
            self._context = [*self._context[1:], pair]
        return places


def judge(key: bytes, digests: Sequence[bytes], keys: int = 1) -> Verdict:
    """How well rows that stand together fit ``key``, which is one of ``keys`` that are asked about."""
    best = Verdict(0, 0, 1.0)
    for phase in (0, 1):
        answers = list(_answers(key, digests[phase:]))
        found = _verdict(answers, 2 * keys)
        if found.chance < best.chance or not best.asked:
            best = found
    if best.chance > CHANCE:
        # A row that was taken out moves the pairs: before it they stand in one phase, after it in the other.
        both = [each for phase in (0, 1) for each in _longest(list(_answers(key, digests[phase:])))]
        found = _verdict(both, 2 * keys * max(1, len(digests)) ** 2)
        best = min(best, found, key=lambda each: each.chance)
    return best


def _answers(key: bytes, digests: Sequence[bytes]) -> Iterator[bool]:
    context, seen = [b""] * CONTEXT, set[bytes]()
    for number, (one, two) in enumerate(_pairs(digests)):
        pair = one + two if one <= two else two + one
        question = b"".join(context) + pair
        if one != two and number >= CONTEXT and question not in seen:
            seen.add(question)
            yield (one < two) == _bit(key, pair, context)
        context = [*context[1:], pair]


def _longest(answers: list[bool]) -> list[bool]:
    """The stretch that speaks most for the key: right answers count one, wrong ones minus one."""
    best = (0, 0, 0)
    begun = sum_ = 0
    for at, right in enumerate(answers):
        sum_ += 1 if right else -1
        if sum_ <= 0:
            begun, sum_ = at + 1, 0
        best = max(best, (sum_, begun, at + 1), key=lambda each: each[0])
    return answers[best[1] : best[2]]


def _verdict(answers: list[bool], asked: int) -> Verdict:
    n, right = len(answers), sum(answers)
    if n < SMALLEST or right * 2 <= n:
        return Verdict(n, right, 1.0)
    return Verdict(n, right, min(1.0, asked * math.exp(-2 * n * (right / n - 0.5) ** 2)))


def _pairs(digests: Sequence[bytes]) -> Iterable[tuple[bytes, bytes]]:
    return zip(digests[::2], digests[1::2], strict=False)


def _bit(key: bytes, pair: bytes, context: Sequence[bytes]) -> bool:
    return bool(hmac.digest(key, b"".join(context) + pair, "sha256")[0] & 1)
