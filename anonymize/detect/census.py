"""Which kinds of character a batch of cells holds at all: most questions are settled by that.

The cells of a batch stand one after another in one buffer. Whether a byte occurs is found at the speed of
memory, so that a column of plain digits is never asked whether it is folded, hidden, marked or a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.cells import laid_out
from anonymize.recognizers.normal import canonical

_PIECE = 1 << 16
"""Bytes that are looked at in one go: so many stay in the cache of a core."""
_TRIMMED = (b" ", b"\t", b"\r", b"\n", b"'", b"`", b'"', b"=", b".0")
"""What ``canonical`` may take off an ASCII cell."""
_BLANKS = (b" ", b"\t", b"\n", b"\r", b"\x0b", b"\x0c")
_SECRET = "密".encode()
_OVERLAP = 2
"""Bytes of a character that may stand in the next piece."""
_DIGITAL = b"0123456789.-"
_WORD = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LETTERS_AND_HIGH = _WORD + bytes(range(128, 256))
_UPPER_WORD = _WORD[:36]


class Census:
    """What is true of all cells (``String``, no nulls) of a batch; each fact is found when asked for.

    It holds a copy of the cells' bytes, so it is kept no longer than the batch.
    """

    def __init__(self, cells: pl.Series) -> None:
        text, places = laid_out(cells)
        self.lengths: npt.NDArray[np.uint32] = np.diff(places).astype(np.uint32)
        """Bytes of each cell."""
        self._text = text.tobytes()
        self.ascii = self._text.isascii()

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest cell."""
        return int(self.lengths.max()) if self.lengths.size else 0

    @cached_property
    def digits(self) -> bool:
        """Digits alone, and at least one."""
        return self.ascii and self._text.isdigit()

    @cached_property
    def digital(self) -> bool:
        """Digits, dots and hyphens alone."""
        return self.ascii and not self._text.translate(None, delete=_DIGITAL)

    @cached_property
    def word(self) -> bool:
        """No ASCII character but letters and digits; other characters may stand beside them."""
        return not self._text.translate(None, delete=_LETTERS_AND_HIGH)

    @cached_property
    def compact(self) -> bool:
        """``operators.normal.compact`` changes nothing: Han characters, digits and capital letters alone."""
        return self.word and self.usual and not _holds(self._text, _lower)

    @cached_property
    def upper_word(self) -> bool:
        """ASCII digits and capital letters alone."""
        return self.ascii and not self._text.translate(None, delete=_UPPER_WORD)

    @cached_property
    def pure(self) -> bool:
        """No ASCII character at all."""
        return not self.ascii and int(np.frombuffer(self._text, dtype=np.uint8).min()) >= 128

    @cached_property
    def usual(self) -> bool:
        """ASCII and Han characters alone: nothing to fold, nothing invisible."""
        return self.ascii or not _holds(self._text, _unusual)

    @cached_property
    def folded(self) -> bool:
        """``normal.fold`` changes nothing, and nothing is invisible."""
        return self.usual and b"\t" not in self._text

    @cached_property
    def trimmed(self) -> bool:
        """Nothing that ``canonical`` takes off or rewrites."""
        return not any(mark in self._text for mark in _TRIMMED)

    @cached_property
    def unspaced(self) -> bool:
        """No blank of any kind anywhere: stripping changes nothing."""
        return self.usual and not any(mark in self._text for mark in _BLANKS)

    @cached_property
    def at(self) -> bool:
        """An ``@`` somewhere."""
        return b"@" in self._text

    @cached_property
    def secret(self) -> bool:
        """The character of every secrecy marking somewhere."""
        return not self.ascii and _holds(self._text, _secret)

    def canonical(self, cells: pl.Series) -> pl.Series:
        """``normal.canonical`` of these cells (or some of them), for nothing where it changes nothing."""
        return cells if self.usual and self.trimmed else canonical(cells)


def _holds(text: bytes, found: Callable[[npt.NDArray[np.uint8]], bool]) -> bool:
    """Whether ``found`` says so of any piece of the text; no character is cut in two."""
    data = np.frombuffer(text, dtype=np.uint8)
    return any(found(data[start : start + _PIECE + _OVERLAP]) for start in range(0, len(data), _PIECE))


def _secret(data: npt.NDArray[np.uint8]) -> bool:
    """The three bytes of ``_SECRET``."""
    one, two, three = _SECRET
    last = data[2:] == three
    return bool(last.any() and (last & (data[1:-1] == two) & (data[:-2] == one)).any())


def _lower(data: npt.NDArray[np.uint8]) -> bool:
    """A small ASCII letter."""
    return bool((data - np.uint8(ord("a")) < 26).any())


def _unusual(data: npt.NDArray[np.uint8]) -> bool:
    """A first byte other than those of ASCII and of Han characters of the basic block (0xE4 to 0xE9).

    Without one there is nothing that normal forms change: full width, other digits, dashes, spaces, what is
    invisible. U+4DC0 to U+4DFF stand between the blocks of Han characters and are none.
    """
    if int(data.max()) > 0xE9 or (data - np.uint8(0xC0) < 0x24).any():
        return True
    return bool(((data[:-1] == 0xE4) & (data[1:] == 0xB7)).any())


def take(cells: pl.Series) -> Census:
    """The census of ``cells`` (``String``, no nulls)."""
    return Census(cells)
