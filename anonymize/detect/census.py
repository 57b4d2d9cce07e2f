"""Which kinds of character a batch of cells holds at all: most questions are settled by that.

The cells of a batch stand one after another in one buffer. Whether a byte occurs is found at the speed of
memory, so that a column of plain digits is never asked whether it is folded, hidden, marked or a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.cells import lengths
from anonymize.recognizers.normal import canonical

_UNUSUAL = tuple(
    bytes([lead]) for lead in (0xC2, *range(0xD0, 0xE0), 0xE0, 0xE2, 0xE3, 0xEF, 0xF0, 0xF1, 0xF2)
)
"""First bytes of what normal forms change: full width, other digits, dashes, spaces, what is invisible.
Han characters of the basic block begin with E4 to E9."""
_OTHER_LEADS = tuple(
    bytes([lead]) for lead in (*range(0xC3, 0xD0), 0xE1, 0xEA, 0xEB, 0xEC, 0xED, 0xEE, 0xF3, 0xF4)
)
_TRIMMED = (b" ", b"\t", b"\r", b"\n", b"'", b"`", b'"', b"=", b".0")
"""What ``canonical`` may take off an ASCII cell."""
_SECRET = "密".encode()
_DIGITAL = b"0123456789.-"
_ASCII = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Census:
    """What is true of all cells of a batch together. ``longest``: bytes of the longest cell."""

    lengths: npt.NDArray[np.uint32]
    longest: int
    ascii: bool
    digital: bool
    """Digits, dots and hyphens alone."""
    pure: bool
    """No ASCII character at all."""
    usual: bool
    """ASCII and Han characters of the basic block alone: nothing to fold, nothing invisible."""
    trimmed: bool
    """Nothing that ``canonical`` takes off or rewrites."""
    at: bool
    """An ``@`` somewhere."""
    secret: bool
    """The character of every secrecy marking somewhere."""

    def canonical(self, cells: pl.Series) -> pl.Series:
        """``normal.canonical`` of these cells (or some of them), for nothing where it changes nothing."""
        return cells if self.usual and self.trimmed else canonical(cells)


def take(cells: pl.Series) -> Census:
    """The census of ``cells`` (``String``, no nulls)."""
    size = lengths(cells)
    longest = int(size.max()) if size.size else 0
    array: Any = cells.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    buffer = array.buffers()[2]
    text = b"" if buffer is None else buffer.to_pybytes()
    ascii_ = text.isascii()
    usual = ascii_ or not any(lead in text for lead in (*_UNUSUAL, *_OTHER_LEADS))
    return Census(
        lengths=size,
        longest=longest,
        ascii=ascii_,
        digital=ascii_ and not text.translate(None, delete=_DIGITAL),
        pure=not ascii_ and len(text.translate(None, delete=_ASCII)) == len(text),
        usual=usual,
        trimmed=not any(mark in text for mark in _TRIMMED),
        at=b"@" in text,
        secret=not ascii_ and _SECRET in text,
    )
