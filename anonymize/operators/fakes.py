"""Pools of invented values for ``pseudonym``: built once, from a fixed seed, the same everywhere.

An invented number must not be somebody's. Mobile numbers start with 10 (no operator has it), resident
numbers lie in region 99 (there is none) and carry a wrong check digit, mail goes to ``example.com``
(RFC 2606). Invented people do share their names with real ones; their given names are at least never
one of those that Faker gives to test data.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from anonymize.operators.surnames import COMPOUND, single_surnames

SEED = 20_200_101
Digests = npt.NDArray[np.uint64]
Characters = npt.NDArray[np.uint8]


@cache
def _surnames() -> pl.Series:
    names = [*sorted(single_surnames()), *COMPOUND[:20]]
    random.Random(SEED).shuffle(names)  # noqa: S311  not a secret: the key chooses from the pool
    return pl.Series(names)


@cache
def _given_names() -> pl.Series:
    from faker.providers.person.zh_CN import Provider

    known = set(Provider.first_names)
    characters = sorted({c for name in known for c in name})
    pairs = [a + b for a in characters for b in characters if a + b not in known and a != b]
    random.Random(SEED).shuffle(pairs)  # noqa: S311  as above
    return pl.Series(pairs)


@cache
def _from_faker(method: str, size: int) -> pl.Series:
    from faker import Faker

    fake = Faker("zh_CN")
    fake.seed_instance(SEED)
    make: Callable[[], str] = getattr(fake, method)
    # A Chinese Faker address ends in a postcode, which would look like somebody's.
    return pl.Series(list(dict.fromkeys(make().split(" ")[0] for _ in range(size))))


def _pick(pool: pl.Series, numbers: Digests) -> pl.Series:
    return pool.gather(pl.Series(numbers % np.uint64(len(pool))))


def person(numbers: Digests) -> pl.Series:
    """Invented names: one surname and two characters."""
    surnames = _surnames()
    return _pick(surnames, numbers) + _pick(_given_names(), numbers // np.uint64(len(surnames)))


def address(numbers: Digests) -> pl.Series:
    """Invented addresses."""
    streets = _from_faker("address", 4000)
    return _pick(streets, numbers) + _pick(_door_numbers(), numbers // np.uint64(len(streets)))


@cache
def _door_numbers() -> pl.Series:
    return pl.Series([f"{number}号" for number in range(1, 1000)])


def company(numbers: Digests) -> pl.Series:
    """Invented company names."""
    return _pick(_from_faker("company", 4000), numbers)


def _digits(numbers: Digests, width: int) -> pl.Series:
    return pl.Series(numbers % np.uint64(10**width)).cast(pl.String).str.zfill(width)


def mobile(numbers: Digests) -> pl.Series:
    """Eleven digits that start with 10: the shape of a mobile number which nobody can have."""
    return "10" + _digits(numbers, 9)


def landline(numbers: Digests) -> pl.Series:
    """An area code that does not exist (000) and eight digits."""
    return "000-" + _digits(numbers, 8)


def bank_card(numbers: Digests) -> pl.Series:
    """Nineteen digits that start with 0: no issuer under ISO/IEC 7812."""
    return "0" + _digits(numbers, 18)


@cache
def _days() -> tuple[str, ...]:
    first = date(1950, 1, 1)
    return tuple((first + timedelta(days=d)).strftime("%Y%m%d") for d in range(22_000))


@cache
def _part_of_id(first: int, texts: tuple[str, ...]) -> tuple[Characters, Digests]:
    """``texts`` as characters, shape ``(n, length)``, and what each, standing at ``first``, adds to the sum
    of GB 11643-1999."""
    characters = np.frombuffer("".join(texts).encode(), dtype=np.uint8).reshape(len(texts), -1)
    weights = np.array(_ID_WEIGHTS[first : first + characters.shape[1]], dtype=np.uint64)
    return characters, (characters.astype(np.uint64) - np.uint64(ord("0"))) @ weights


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@cache
def _numbered(width: int) -> tuple[str, ...]:
    """Every number of ``width`` digits."""
    return tuple(f"{number:0{width}d}" for number in range(10**width))


def resident_id(numbers: Digests) -> pl.Series:
    """Eighteen characters in region 99 with a possible birth date and a wrong check digit."""
    days = _days()
    body = np.empty((len(numbers), 18), dtype=np.uint8)
    body[:, 0:2] = ord("9")
    total = np.full(len(numbers), 9 * sum(_ID_WEIGHTS[:2]), dtype=np.uint64)
    # A division by a constant is far cheaper than one for each digit: parts are looked up whole.
    for first, texts, choice in (
        (2, _numbered(4), numbers % np.uint64(10_000)),
        (6, days, numbers // np.uint64(10**4) % np.uint64(len(days))),
        (14, _numbered(3), numbers // np.uint64(10**9) % np.uint64(1000)),
    ):
        characters, sums = _part_of_id(first, texts)
        body[:, first : first + characters.shape[1]] = characters[choice]
        total += sums[choice]
    # One beside the right check character.
    body[:, 17] = np.frombuffer(b"10X98765432", dtype=np.uint8)[(total + np.uint64(1)) % np.uint64(11)]
    return _strings(body)


def email(numbers: Digests) -> pl.Series:
    """Addresses at ``example.com``."""
    return "u" + _digits(numbers, 10) + "@example.com"


def plate(numbers: Digests) -> pl.Series:
    """示A and five digits: there is no such province."""
    return "示A" + _digits(numbers, 5)


def passport(numbers: Digests) -> pl.Series:
    """QQ and eight digits: no series of the issuing office."""
    return "QQ" + _digits(numbers, 8)


def code(numbers: Digests) -> pl.Series:
    """A plain running-number look for anything else."""
    return "N" + _digits(numbers, 12)


_BASE32 = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", dtype=np.uint8)
UNIQUE_LENGTH = 24


def unique_code(words: Digests) -> pl.Series:
    """Twenty-four characters (Crockford's base 32) out of 120 bits of ``words``, shape ``(n, 2)``."""
    shifts = np.arange(0, 60, 5, dtype=np.uint64)
    picked = (words[:, :, None] >> shifts) & np.uint64(31)
    return _strings(_BASE32[picked.reshape(len(words), UNIQUE_LENGTH)])


def _strings(characters: npt.NDArray[np.uint8]) -> pl.Series:
    """Each row of ``characters`` (ASCII, shape ``(n, length)``) as one text."""
    count, length = characters.shape
    offsets = np.arange(count + 1, dtype=np.int64) * length
    data = pa.py_buffer(np.ascontiguousarray(characters))
    return pl.Series(pa.LargeStringArray.from_buffers(count, pa.py_buffer(offsets), data), dtype=pl.String)


MAKERS: dict[str, Callable[[Digests], pl.Series]] = {
    "person": person,
    "address": address,
    "company": company,
    "mobile": mobile,
    "landline": landline,
    "bank_card": bank_card,
    "resident_id": resident_id,
    "email": email,
    "plate": plate,
    "passport": passport,
    "code": code,
}

COMPACT = frozenset({"person", "mobile", "bank_card", "resident_id", "plate", "passport", "code"})
"""Kinds whose invented values are their own normal form: they need no folding to be compared."""
