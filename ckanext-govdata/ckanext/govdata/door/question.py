"""What is asked of granted rows: fields, conditions, order, page. Read from an address; no name is resolved
here, so that nothing that is said of a wrong question depends on what there is."""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ckanext.govdata.door import settings
from ckanext.govdata.door.errors import BadQuestion
from licensing.grants.rows import Condition

PAGE, LARGEST_PAGE = 100, 1_000
MOST_CONDITIONS, MOST_SORTS = 20, 5
SEVERAL: Final = frozenset({"field", "sort"})
KNOWN: Final = SEVERAL | {"filters", "limit", "count", "cursor"}
_NONCE: Final = 12
_CONDITIONS = msgspec.json.Decoder(tuple[Condition, ...])


class Arguments(Protocol):
    """The arguments of an address, each with any number of values."""

    def keys(self) -> Iterable[str]: ...

    def getlist(self, key: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by a field; empty cells come last either way."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Question:
    """``after`` is where the page before ended: the cells of ``sort`` as text, and the row's number."""

    fields: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    sort: tuple[Sort, ...] = ()
    limit: int = PAGE
    count: bool = False
    after: tuple[tuple[str | None, ...], int] | None = None

    def named(self) -> set[str]:
        """Every field that is asked for, filtered or sorted by."""
        return {*self.fields, *(each.field for each in self.conditions), *(each.field for each in self.sort)}


def require_known(arguments: Arguments, known: Collection[str]) -> None:
    """One value each, but for :data:`SEVERAL`, and nothing else: of two values another program on the way may
    have read the other one, and what is not known would be thought to narrow the answer.

    Raises:
        BadQuestion: something else; the parameter is named only when it is a known one.
    """
    if not set(arguments.keys()) <= set(known):
        raise BadQuestion(
            "有不认识的参数；可用：{known}。", "There is an unknown parameter; there are: {known}.",
            known=", ".join(sorted(known)),
        )  # fmt: skip
    for name in sorted(set(known) - SEVERAL):
        if len(arguments.getlist(name)) > 1:
            raise _wrong(name)


def parse(arguments: Arguments, grant_id: str) -> Question:
    """The question of an address.

    ``field`` (any number), ``filters`` (JSON: conditions as a grant has them), ``sort`` (any number, ``-``
    before it for descending), ``limit``, ``count=1``, ``cursor``.

    Raises:
        BadQuestion: something that cannot be read; the parameter is named, its value is not repeated.
    """
    require_known(arguments, KNOWN)
    sort = tuple(
        Sort(each.removeprefix("-"), each.startswith("-")) for each in arguments.getlist("sort") if each
    )
    if len(sort) > MOST_SORTS:
        raise _wrong("sort")
    return Question(
        fields=tuple(dict.fromkeys(each for each in arguments.getlist("field") if each)),
        conditions=_conditions(_one(arguments, "filters")),
        sort=sort,
        limit=_limit(_one(arguments, "limit")),
        count=_one(arguments, "count") in {"1", "true"},
        after=_open(_one(arguments, "cursor"), grant_id, len(sort)),
    )


def cursor(cells: Sequence[str | None], row: int, grant_id: str) -> str:
    """The text that stands for "after this row", for this grant alone. Sealed: a row's number tells how many
    rows before it are hidden."""
    nonce = os.urandom(_NONCE)
    plain = json.dumps([list(cells), row], ensure_ascii=False).encode("utf-8", "surrogatepass")
    sealed = AESGCM(settings.key("cursor")).encrypt(nonce, plain, grant_id.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")


def _open(text: str, grant_id: str, sorts: int) -> tuple[tuple[str | None, ...], int] | None:
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plain = AESGCM(settings.key("cursor")).decrypt(raw[:_NONCE], raw[_NONCE:], grant_id.encode())
    except (ValueError, binascii.Error, InvalidTag):
        raise _wrong("cursor") from None
    cells, row = json.loads(plain)
    if len(cells) != sorts:
        raise _wrong("cursor")
    return tuple(cells), int(row)


def _conditions(text: str) -> tuple[Condition, ...]:
    if not text:
        return ()
    try:
        found = _CONDITIONS.decode(text.encode("utf-8", "surrogatepass"))
    except (msgspec.ValidationError, msgspec.DecodeError, RecursionError):
        raise _wrong("filters") from None
    if len(found) > MOST_CONDITIONS or any(_unstorable(value) for each in found for value in each.values):
        raise _wrong("filters")
    return found


def _unstorable(value: Any) -> bool:
    return isinstance(value, str) and ("\0" in value or (not value.isprintable() and len(value) > 1_000))


def _limit(text: str) -> int:
    if not text:
        return PAGE
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= LARGEST_PAGE):
        raise _wrong("limit")
    return int(text)


def _one(arguments: Arguments, key: str) -> str:
    given = arguments.getlist(key)
    return given[0] if given else ""


def _wrong(name: str) -> BadQuestion:
    return BadQuestion("参数 {name} 无法识别。", "The parameter {name} is not understood.", name=name)
