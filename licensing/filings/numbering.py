"""Filing numbers without gaps, and the codes by which the public asks for a filing.

The counter is a row; taking a number locks it until the caller's transaction ends, so that a rollback
gives the number back and nobody can have taken the next one meanwhile.
"""

from __future__ import annotations

import secrets
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput
from licensing.filings.models import FilingCounter

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM = 15
_GROUP = 4


class NumberRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a number is written: a pattern of ``{year}`` and ``{serial}``."""

    pattern: str

    def write(self, year: int, serial: int) -> str:
        return self.pattern.format(year=year, serial=serial)


@cache
def _rules() -> dict[str, NumberRule]:
    text = files("licensing").joinpath("filings/numbering.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, NumberRule])


def number_rule(jurisdiction: str) -> NumberRule:
    """The rule of a jurisdiction.

    Raises:
        InvalidInput: none is declared; a number that nobody defined must not be given.
    """
    rule = _rules().get(jurisdiction)
    if rule is None:
        raise InvalidInput(
            "规则集“{name}”没有备案编号规则。", 'Rule set "{name}" has no rule of numbers.', name=jurisdiction
        )
    return rule


def take_serial(session: Session, jurisdiction: str, year: int) -> int:
    """The next serial, 1 for the first; the counter stays locked until the transaction ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(FilingCounter).values(jurisdiction=jurisdiction, year=year, last=0)
    session.execute(first.on_conflict_do_nothing())
    taken = (
        update(FilingCounter)
        .where(FilingCounter.jurisdiction == jurisdiction, FilingCounter.year == year)
        .values(last=FilingCounter.last + 1)
        .returning(FilingCounter.last)
    )
    return session.execute(taken.execution_options(synchronize_session=False)).scalar_one()


def new_code() -> str:
    """A query code: 15 random characters (75 bits) and a check character, in groups of four."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return _grouped(body + _check(body))


def read_code(text: str) -> str:
    """A code as somebody typed it: case, spaces and hyphens do not matter, I L O are read as 1 1 0.

    Raises:
        InvalidInput: it is not a code; every single wrong character is found, and most exchanges.
    """
    body = "".join(text.upper().split()).replace("-", "").translate(str.maketrans("ILO", "110"))
    if len(body) != _RANDOM + 1 or set(body) - set(_ALPHABET) or _check(body[:-1]) != body[-1]:
        raise InvalidInput(
            "查询码有误，请核对后重新输入。", "This is not a query code; look at it again and retry."
        )
    return _grouped(body)


def _check(body: str) -> str:
    """Weights are odd, so that each wrong character shows; neighbours differ, so that most exchanges do."""
    total = sum((2 * place + 1) * _ALPHABET.index(sign) for place, sign in enumerate(body))
    return _ALPHABET[total % len(_ALPHABET)]


def _grouped(body: str) -> str:
    return "-".join(body[at : at + _GROUP] for at in range(0, len(body), _GROUP))
