"""Columns of digits as NumPy matrices: the arithmetic of check digits over all values at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl


def matrix(values: pl.Series) -> npt.NDArray[np.int64]:
    """ASCII codes, one row a value; every value must be ASCII and of one length."""
    if values.len() == 0:
        return np.zeros((0, 0), dtype=np.int64)
    joined: str = values.str.join("").item()
    return np.frombuffer(joined.encode("ascii"), dtype=np.uint8).reshape(values.len(), -1).astype(np.int64)


def where(mask: pl.Series, inner: npt.NDArray[np.bool_]) -> pl.Series:
    """``mask`` with its true places replaced by ``inner``, in order."""
    out = mask.to_numpy().copy()
    out[out] = inner
    return pl.Series(out, dtype=pl.Boolean)


def luhn(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """ISO/IEC 7812-1: every second digit from the right but one doubled, digit sums, total divisible by ten.

    4539 1488 0343 6467: doubled places give 8+6+2+7+0+6+3+3 … the sum is 80, so it holds.
    """
    numbers = codes - 48
    doubled = numbers[:, -2::-2] * 2
    total = numbers[:, -1::-2].sum(axis=1) + np.where(doubled > 9, doubled - 9, doubled).sum(axis=1)
    ok: npt.NDArray[np.bool_] = total % 10 == 0
    return ok


_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8).astype(np.int64)
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def mod11_2(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """ISO/IEC 7064 MOD 11-2 over eighteen characters, the last a digit or ``X`` (``x`` is read as ``X``)."""
    numbers = codes[:, :17] - 48
    last = codes[:, 17]
    good: npt.NDArray[np.bool_] = (
        np.where(last == ord("x"), ord("X"), last) == _CHECK[(numbers @ _WEIGHTS) % 11]
    )
    return good


def mod11_2_character(first17: str) -> str:
    """The check character of seventeen digits.

    >>> mod11_2_character("11010519491231002")
    'X'
    """
    return chr(_CHECK[int((np.array([int(d) for d in first17]) * _WEIGHTS).sum()) % 11])


def number(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Columns of single digits as one number a row."""
    return digits @ (10 ** np.arange(digits.shape[1] - 1, -1, -1))


def real_date(
    year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which triples are days of the Gregorian calendar."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _DAYS[np.clip(month, 0, 12)] - ((month == 2) & ~leap)
    good: npt.NDArray[np.bool_] = (month >= 1) & (month <= 12) & (day >= 1) & (day <= longest)
    return good


def dated18(values: pl.Series, *, check: bool) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Eighteen-character numbers with a date of birth at places 7–14, as all personal numbers of China have it.

    Args:
        values: all of the form ``\\d{17}[\\dXx]``.
        check: ask for the check character too.

    Returns:
        The first six digits of each as a number, and which have a real date from 1850 to 2099.
    """  # noqa: E501
    if values.len() == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    codes = matrix(values)
    numbers = codes[:, :17] - 48
    year, month, day = number(numbers[:, 6:10]), number(numbers[:, 10:12]), number(numbers[:, 12:14])
    good = real_date(year, month, day) & (year >= 1850) & (year <= 2099)
    if check:
        good &= mod11_2(codes)
    return number(numbers[:, :6]), good
