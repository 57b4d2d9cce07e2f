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
