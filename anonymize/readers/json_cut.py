"""Where the elements of a JSON array end, found block by block with NumPy and without decoding.

A bracket counts when it stands outside strings, and a position is inside a string when an odd number of
unescaped quotes stands before it. Whether the text is JSON at all is for the decoder to say.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_QUOTE, _BACKSLASH, _OPEN, _CLOSE = 0x22, 0x5C, 0x7B, 0x7D


class ArrayCutter:
    """Feed it the bytes behind the ``[`` of an array; it gives them back in pieces of whole elements.

    After the ``]``, ``closed`` is true and ``rest`` begins with it.
    """

    def __init__(self) -> None:
        self.closed = False
        self.rest = b""
        self._buffer = bytearray()
        self._held = b""
        self._inside = False
        self._depth = 0

    @property
    def waiting(self) -> int:
        """Bytes taken in and not yet given back."""
        return len(self._buffer) + len(self._held)

    def feed(self, block: bytes) -> bytes:
        """The bytes of all elements that are complete now, with the commas before them; perhaps none."""
        data = self._held + block
        # Whether the next byte is escaped must not depend on where the block ends.
        kept = data.rstrip(b"\\")
        data, self._held = kept, data[len(kept) :]
        ends, closing = self._scan(data)
        if closing is not None:
            self.closed = True
            piece = bytes(self._buffer) + data[:closing]
            self.rest = data[closing:] + self._held
            self._buffer, self._held = bytearray(), b""
            return piece
        if ends is None:
            self._buffer += data
            return b""
        piece = bytes(self._buffer) + data[: ends + 1]
        self._buffer = bytearray(data[ends + 1 :])
        return piece

    def _scan(self, data: bytes) -> tuple[int | None, int | None]:
        """Where the last complete element ends, and where the array is closed."""
        ends, closing = self.ends(data)
        return (int(ends[-1]) if ends.size else None), closing

    def ends(self, data: bytes) -> tuple[npt.NDArray[np.intp], int | None]:
        """Where all complete elements end, and where the array is closed, in the next bytes of it."""
        view = np.frombuffer(data, dtype=np.uint8)
        quotes = np.flatnonzero(view == _QUOTE)
        if b"\\" in data:
            quotes = quotes[~_escaped(view, quotes)]
        folded = view | 0x20  # [ ] become { }
        marks = np.flatnonzero((folded == _OPEN) | (folded == _CLOSE))
        outside = (np.searchsorted(quotes, marks) % 2 == 0) != self._inside
        marks = marks[outside]
        steps = np.where(folded[marks] == _OPEN, 1, -1)
        depths = self._depth + np.cumsum(steps)
        self._inside ^= bool(quotes.size % 2)
        below = np.flatnonzero(depths < 0)
        if below.size:
            return marks[:0], int(marks[below[0]])
        if marks.size:
            self._depth = int(depths[-1])
        return marks[(depths == 0) & (steps == -1)], None


def _escaped(view: npt.NDArray[np.uint8], quotes: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which quotes stand behind an odd number of backslashes."""
    slashes = np.flatnonzero(view == _BACKSLASH)
    starts = slashes[np.diff(slashes, prepend=-2) != 1]
    ends = slashes[np.diff(slashes, append=view.size + 1) != 1]
    odd = ends[(ends - starts) % 2 == 0] + 1
    escaped: npt.NDArray[np.bool_] = np.isin(quotes, odd)
    return escaped
