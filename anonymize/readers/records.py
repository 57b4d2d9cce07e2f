"""Where the records of a delimited text end (RFC 4180), found over whole blocks with NumPy.

A line feed inside quotes is content. Whether a position is inside quotes is the parity of the quotes
before it, which holds as long as every quote opens or closes a cell or is doubled inside one. A
block in which a quote stands anywhere else is reported as irregular, and the caller reads the
source with the tolerant engine instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_QUOTE, _LF, _CR = 34, 10, 13


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one buffer holds, up to its last complete record."""

    end: int
    """Bytes up to and including the last record's line feed; 0 when no record is complete."""
    records: int
    """Records in these bytes, blank lines not counted when the table has more than one column."""
    blanks: int
    """Blank lines in these bytes that are no records."""
    regular: bool
    """False when a quote stands where RFC 4180 allows none."""
    ragged: tuple[int, int] | None
    """(index of the record from 0, cells found) of the first record of another width."""
    long: tuple[int, int] | None
    """(index of the record from 0, column from 0) of the first cell beyond the limit."""


def survey(data: bytes, delimiter: int, columns: int, max_cell: int) -> Analysis:
    """What ``analyse`` says, by counting alone where that is enough.

    Without a quote, a block of n lines with n × (columns - 1) delimiters is as it should be, unless one
    record is longer by as much as another is shorter: the longer one is then refused when it is parsed.
    """
    end = data.rfind(b"\n") + 1
    if not end or b'"' in data:
        return analyse(data, delimiter, columns, max_cell)
    view = np.frombuffer(data, dtype=np.uint8, count=end)
    records = int(np.count_nonzero(view == _LF))
    marks = int(np.count_nonzero(view == delimiter))
    if marks != records * (columns - 1) or not _lines_within(data, end, max_cell):
        return analyse(data, delimiter, columns, max_cell)
    return Analysis(end, records, 0, True, None, None)


def _lines_within(data: bytes, end: int, longest: int) -> bool:
    """Whether a line feed stands in every stretch of ``longest`` bytes from a record's start on."""
    start = 0
    while start < end:
        feed = data.rfind(b"\n", start, start + longest + 1)
        if feed < 0:
            return False
        start = feed + 1
    return True


def analyse(data: bytes, delimiter: int, columns: int, max_cell: int) -> Analysis:
    """Analyse ``data``, which starts at the start of a record.

    Args:
        data: UTF-8 bytes.
        delimiter: byte value of the delimiter.
        columns: cells that every record must have.
        max_cell: bytes a cell may have, its quotes included.
    """
    view = np.frombuffer(data, dtype=np.uint8)
    feeds = np.flatnonzero(view == _LF)
    marks = np.flatnonzero(view == delimiter)
    if b'"' in data:
        quotes = np.flatnonzero(view == _QUOTE)
        if not _regular(view, quotes, delimiter):
            return Analysis(0, 0, 0, False, None, None)
        feeds = feeds[_outside(quotes, feeds)]
        marks = marks[_outside(quotes, marks)]
    if feeds.size == 0:
        return Analysis(0, 0, 0, True, None, None)
    end = int(feeds[-1]) + 1
    marks = marks[: np.searchsorted(marks, end)]
    starts = np.empty_like(feeds)
    starts[0] = 0
    starts[1:] = feeds[:-1] + 1
    blank = _blank(view, starts, feeds)
    cells = np.diff(np.searchsorted(marks, feeds), prepend=0) + 1
    if columns > 1:
        kept = ~blank
        wrong = np.flatnonzero(kept & (cells != columns))
    else:
        kept = np.ones_like(blank)
        wrong = np.flatnonzero(cells != columns)
    ragged = (int(wrong[0]), int(cells[wrong[0]])) if wrong.size else None
    long = None if ragged else _too_long(feeds, marks, max_cell, columns)
    return Analysis(end, int(kept.sum()), int((~kept).sum()), True, ragged, long)


def without_blank_lines(data: bytes) -> bytes:
    """The same complete records without the lines that hold nothing."""
    view = np.frombuffer(data, dtype=np.uint8)
    feeds = np.flatnonzero(view == _LF)
    if b'"' in data:
        feeds = feeds[_outside(np.flatnonzero(view == _QUOTE), feeds)]
    starts = np.empty_like(feeds)
    starts[0] = 0
    starts[1:] = feeds[:-1] + 1
    blank = _blank(view, starts, feeds)
    drop = np.zeros(view.size, dtype=bool)
    drop[feeds[blank]] = True
    drop[starts[blank]] = True  # the carriage return, or the line feed itself
    return view[~drop].tobytes()


def ends_inside_quotes(data: bytes) -> bool:
    return data.count(b'"') % 2 == 1


def _outside(quotes: npt.NDArray[np.intp], positions: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    outside: npt.NDArray[np.bool_] = np.searchsorted(quotes, positions) % 2 == 0
    return outside


def _blank(
    view: npt.NDArray[np.uint8], starts: npt.NDArray[np.intp], feeds: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    length = feeds - starts
    blank: npt.NDArray[np.bool_] = (length == 0) | ((length == 1) & (view[starts] == _CR))
    return blank


def _regular(view: npt.NDArray[np.uint8], quotes: npt.NDArray[np.intp], delimiter: int) -> bool:
    """Openers follow a delimiter, a line feed or nothing; closers precede a delimiter or a line's end.

    A doubled quote is a closer and an opener side by side, so each excuses the other.
    """
    openers, closers = quotes[0::2], quotes[1::2]
    before = np.where(openers > 0, view[np.maximum(openers - 1, 0)], _LF)
    doubled = np.zeros(openers.size, dtype=bool)
    doubled[1:] = openers[1:] == closers[: openers.size - 1] + 1
    if not bool(np.all((before == delimiter) | (before == _LF) | doubled)):
        return False
    following = np.where(closers + 1 < view.size, view[np.minimum(closers + 1, view.size - 1)], _LF)
    good = (following == delimiter) | (following == _LF) | (following == _CR) | (following == _QUOTE)
    if not bool(np.all(good)):
        return False
    # A carriage return after a closer must itself end the line.
    returns = closers[following == _CR] + 2
    returns = returns[returns < view.size]
    return bool(np.all(view[returns] == _LF))


def _too_long(
    feeds: npt.NDArray[np.intp], marks: npt.NDArray[np.intp], max_cell: int, columns: int
) -> tuple[int, int] | None:
    lengths = np.diff(feeds, prepend=-1)
    for record in np.flatnonzero(lengths > max_cell):
        stop = int(feeds[record])
        start = stop - int(lengths[record]) + 1
        inner = marks[np.searchsorted(marks, start) : np.searchsorted(marks, stop)]
        edges = np.concatenate(([start - 1], inner, [stop]))
        wide = np.flatnonzero(np.diff(edges) - 1 > max_cell)
        if wide.size:
            return int(record), min(int(wide[0]), columns - 1)
    return None
