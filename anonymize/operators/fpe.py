"""``fpe``: a number becomes another of the same shape, and whoever holds the key can turn it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl
from fastfpe import ff1

from anonymize.operators.normal import folded, over_distinct
from anonymize.operators.params import Unfit
from anonymize.operators.registry import REDACTED, Effect, OperatorContext, operator

Alphabet = Literal["digits", "hex", "alphanumeric"]
Check = Literal["none", "resident_id", "luhn"]
LEAST_DOMAIN = 10**6
"""NIST SP 800-38G Rev. 1 (draft), 5.1: radix ** length is at least a million."""
_CHARACTERS: dict[Alphabet, str] = {
    "digits": "0123456789",
    "hex": "0123456789ABCDEF",
    "alphanumeric": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}
_GAPS = " -"
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class FpeParams:
    """``alphabet``: the characters of a cell besides blanks and dashes, which stay where they are.

    ``keep_start``: so many characters stay readable (the region of a number, say). ``check``: the last
    character is a check digit (``resident_id``: GB 11643-1999, ``luhn``: ISO/IEC 7812-1); it is replaced by a
    wrong one, so that the result is nobody's number, and calculated anew when the value is restored.
    ``domain``: columns of one domain give equal results for equal values; the default is the column alone.
    """

    alphabet: Alphabet = "digits"
    keep_start: int = 0
    check: Check = "none"
    domain: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.keep_start <= 12:
            raise Unfit("keep_start 应为 0–12", "keep_start: 0–12")
        if self.check != "none" and self.alphabet != "digits":
            raise Unfit("check 只能用于 alphabet: digits", "check belongs to alphabet: digits")


@operator(
    "fpe",
    FpeParams,
    zh="保留格式加密",
    en="Format-preserving encryption",
    effect=Effect.INVENTED,
    reversible=True,
)
def fpe(column: pl.Series, params: FpeParams, ctx: OperatorContext) -> pl.Series:
    """Encrypts each number into another of the same length and characters (FF1, NIST SP 800-38G).

    The characters kept in front are the tweak. A cell with other characters, with a check digit that is
    wrong, or with fewer than 10⁶ possible values is hidden whole, and cannot be restored. For agreements
    only: who holds the named key can restore every value.
    """
    return over_distinct(column, lambda values: _each(values, params, ctx, _encrypted))


def restore(column: pl.Series, params: FpeParams, ctx: OperatorContext) -> pl.Series:
    """What ``fpe`` was given, in its normal form; a cell that it cannot have made stays as it is.

    There is no mark on a cell that says under which key it was made: the wrong key gives wrong values.
    """
    return over_distinct(column, lambda values: _each(values, params, ctx, _decrypted))


_Change = Callable[[str, str, str, FpeParams], "str | None"]


def _each(values: pl.Series, params: FpeParams, ctx: OperatorContext, change: _Change) -> pl.Series:
    key = ctx.derive(f"fpe/{params.domain or f'column:{ctx.column}'}").hex()
    made = []
    for raw, cell in zip(values.to_list(), folded(values).str.to_uppercase().to_list(), strict=True):
        body = "".join(c for c in cell if c not in _GAPS)
        result = _guarded(body, key, params, change)
        if result is None:
            made.append(REDACTED if change is _encrypted else raw)
        else:
            filler = iter(result)
            made.append("".join(c if c in _GAPS else next(filler) for c in cell))
    return pl.Series(values.name, made, dtype=pl.String)


def _guarded(body: str, key: str, params: FpeParams, change: _Change) -> str | None:
    """The changed ``body``, or None where FF1 may not be used. The library never sees such a cell: its
    errors would repeat what stands in it."""
    characters = _CHARACTERS[params.alphabet]
    checked = params.check != "none"
    inner = body[params.keep_start : len(body) - checked]
    head = body[: params.keep_start]
    if not body.isascii() or len(body) > _LONGEST or set(head + inner) - set(characters):
        return None
    if len(characters) ** len(inner) < LEAST_DOMAIN:
        return None
    return change(body, head, key, params)


def _encrypted(body: str, head: str, key: str, params: FpeParams) -> str | None:
    if params.check == "none":
        return head + ff1.encrypt(key, _tweak(head), _CHARACTERS[params.alphabet], body[len(head) :])
    if body[-1] != _check_digit(body[:-1], params.check):
        return None
    made = head + ff1.encrypt(key, _tweak(head), _CHARACTERS[params.alphabet], body[len(head) : -1])
    return made + _wrong_digit(made, params.check)


def _decrypted(body: str, head: str, key: str, params: FpeParams) -> str | None:
    if params.check == "none":
        return head + ff1.decrypt(key, _tweak(head), _CHARACTERS[params.alphabet], body[len(head) :])
    if body[-1] != _wrong_digit(body[:-1], params.check):
        return None
    was = head + ff1.decrypt(key, _tweak(head), _CHARACTERS[params.alphabet], body[len(head) : -1])
    return was + _check_digit(was, params.check)


def _tweak(head: str) -> str:
    return head.encode().hex()


def _check_digit(body: str, check: Check) -> str:
    """The right check digit of ``body``: ISO 7064 MOD 11-2 for a resident ID, Luhn's for a card.

    >>> _check_digit("11010519491231002", "resident_id"), _check_digit("7992739871", "luhn")
    ('X', '3')
    """
    if check == "resident_id":
        weighed = sum(int(digit) * pow(2, len(body) - place, 11) for place, digit in enumerate(body))
        return "10X98765432"[weighed % 11]
    doubled = (int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(reversed(body)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _wrong_digit(body: str, check: Check) -> str:
    """The check digit that ``body`` gets so that it passes no check: one further than the right one."""
    digits = "10X98765432" if check == "resident_id" else "0123456789"
    right = digits.index(_check_digit(body, check))
    return digits[(right + 1) % len(digits)]
